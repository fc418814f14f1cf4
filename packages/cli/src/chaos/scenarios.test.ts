import { expect, test } from 'vitest'
import { SCENARIOS, scenariosNamed } from './scenarios.ts'

test('there are at least twenty, each with a name of its own and something to expect', () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(20)
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
  for (const { expected } of SCENARIOS) expect(expected.job).toBe('done')
})

test('those of one world are played after each other, so that each world starts once', () => {
  const starts = SCENARIOS.filter(({ world }, i) => SCENARIOS[i - 1]?.world !== world)
  expect(starts.length).toBe(new Set(SCENARIOS.map(({ world }) => world)).size)
})

test('they are chosen by name', () => {
  expect(scenariosNamed(undefined)).toBe(SCENARIOS)
  expect(scenariosNamed(['drain', 'kill-provider']).map(({ name }) => name)).toEqual([
    'kill-provider',
    'drain',
  ])
  expect(() => scenariosNamed(['nothing'])).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
})
