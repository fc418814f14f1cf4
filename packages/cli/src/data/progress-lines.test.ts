import { expect, test } from 'vitest'
import { progressLine, progressScreen } from './progress-lines.ts'

test.each([
  [0, 0],
  [512 * 1024, 12],
  [1024 * 1024, 24],
])('%d of 1 MiB fill %d of the bar', (haveBytes, filled) => {
  const line = progressLine({ what: 'input', name: '/a/file', haveBytes, totalBytes: 1024 * 1024 })
  expect([...line].filter((one) => one === '█')).toHaveLength(filled)
  expect([...line].filter((one) => one === '░')).toHaveLength(24 - filled)
  expect(line).toContain('of 1 MiB, reading /a/file')
})

test('what nobody knows the length of is counted', () => {
  const line = progressLine({ what: 'upload', name: 'peer', haveBytes: 2048, totalBytes: null })
  expect(line.trim()).toBe('sending to peer: 2 KiB')
})

test('a long name shows its end', () => {
  const name = `/${'long/'.repeat(20)}data.csv`
  expect(progressLine({ what: 'input', name, haveBytes: 1, totalBytes: null })).toMatch(
    /…\S{0,39}data\.csv: 1 B$/,
  )
})

test('where there is no terminal nothing is written', () => {
  const written: unknown[] = []
  const stream = { write: (text: unknown) => written.push(text) } as unknown as NodeJS.WriteStream
  const screen = progressScreen(stream)
  screen.show({ what: 'download', name: 'peer', haveBytes: 1, totalBytes: 2 })
  screen.clear()
  expect(written).toEqual([])
})
