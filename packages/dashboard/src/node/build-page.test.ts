import { expect, test } from 'vitest'
import { buildPage } from './build-page.ts'

test('the page is one for production, whatever the environment, and nothing in it is inline', async () => {
  const files = await buildPage(() => {})
  expect(Object.keys(files).filter((name) => !name.startsWith('/assets/'))).toEqual(['/index.html'])
  const html = files['/index.html'] ?? ''
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|javascript:/)
  const scripts = Object.entries(files).filter(([name]) => name.endsWith('.js'))
  const text = scripts.map(([, code]) => code).join('')
  expect(text).toContain('Minified React error')
  expect(text).not.toContain('jsxDEV')
})

test('a page that is built already is not built again', async () => {
  const first = await buildPage(() => {})
  const again = await buildPage(() => {
    throw new Error('it was built again')
  })
  expect(again).toEqual(first)
})
