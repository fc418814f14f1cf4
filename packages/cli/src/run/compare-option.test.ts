import { describe, expect, test } from 'vitest'
import { layout } from '../home.ts'
import { readCompare, readTolerance } from './compare-option.ts'

const read = (compare: string | undefined) =>
  readCompare({ ...(compare === undefined ? {} : { compare }), json: true }, layout('/nowhere'))

describe('how results are compared', () => {
  test.each([
    ['tolerance', { kind: 'tolerance' }],
    ['tolerance:abs=0.5', { kind: 'tolerance', abs: 0.5 }],
    ['tolerance:rel=1e-3,abs=0', { kind: 'tolerance', rel: 1e-3, abs: 0 }],
  ])('%s', (text, request) => {
    expect(readTolerance(text)).toEqual(request)
  })

  test('is left to the engine, exact, or said by a program', async () => {
    expect(await read(undefined)).toBeUndefined()
    expect(await read('exact')).toEqual({ kind: 'exact' })
    expect(await read('/here/same.wasm')).toEqual({ kind: 'custom', program: '/here/same.wasm' })
  })

  test.each([
    '',
    'roughly',
    'tolerance:abs',
    'tolerance:abs=-1',
    'tolerance:rel=1',
    'tolerance:abs=1e999',
    'compare.js',
  ])('is not %j', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ data: { code: 'BAD_OPTION', option: '--compare' } })
  })
})
