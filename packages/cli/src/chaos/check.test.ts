import { describe, expect, it, test } from 'vitest'
import { differences, expectedWords, seenWords } from './check.ts'

const EXPECTED = { job: 'done', lost: 0, taken: { atLeast: 2 }, slots: { atMost: 4 } } as const

describe('what a scenario expects', () => {
  it.each([
    [{ job: 'done', lost: 0, taken: 2, slots: 4 }, []],
    [{ job: 'done', lost: 0, taken: 9, slots: 0, more: 'never minds' }, []],
    [{ job: 'failed', lost: 0, taken: 1, slots: 5 }, ['job', 'taken', 'slots']],
    [{ job: 'done', lost: '0', taken: 'many', slots: true }, ['lost', 'taken', 'slots']],
    [{}, ['job', 'lost', 'taken', 'slots']],
  ])('compares %j fact by fact', (seen, different) => {
    expect(differences(EXPECTED, seen)).toEqual(different)
  })
})

test('both sides can be read', () => {
  expect(expectedWords(EXPECTED)).toBe('job done, lost 0, taken ≥ 2, slots ≤ 4')
  expect(seenWords({ job: 'done', refused: true })).toBe('job done, refused true')
})
