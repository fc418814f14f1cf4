import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { playCheating, type Strategy } from './cheating.ts'
import { allOutcomes, CHEATED_JOB, cheatingRows, meanOutcome, STRATEGIES } from './cheating-table.ts'

const DOCUMENT = resolve(import.meta.dirname, '../../../../docs/AVAILABILITY.md')

describe('against the audits at their defaults', () => {
  const outcomes = allOutcomes()

  test.each(outcomes)(
    'cheating loses: $0.name',
    (strategy, { wrong, accepted, gained, lost, convicted, wronged }) => {
      expect(wronged).toBe(0)
      if (strategy === STRATEGIES[0]) {
        expect({ wrong, accepted, convicted }).toEqual({ wrong: 0, accepted: 0, convicted: 0 })
        return
      }
      expect(convicted).toBeGreaterThan(0)
      expect(gained - lost).toBeLessThan(0)
    },
  )

  it('is what AVAILABILITY.md shows', () => {
    const rows = cheatingRows(outcomes).map((row) => `| ${row.join(' | ')} |`)
    expect(readFileSync(DOCUMENT, 'utf8')).toContain(rows.join('\n'))
  })
})

test('where a task is worth more than the stake, no audit makes cheating lose', () => {
  const [, always] = STRATEGIES
  if (always === undefined) throw new Error('expected a strategy that cheats')
  const { gained, lost, accepted } = meanOutcome(always, { ...CHEATED_JOB, tasks: 200, taskSeconds: 60 })
  expect(gained).toBeGreaterThan(lost)
  expect(accepted).toBe(0)
})

test('equal plans have equal outcomes, and a job of liars alone ends', () => {
  const strategy: Strategy = { name: 'all', cheats: () => true }
  const plan = { ...CHEATED_JOB, strategy, seed: 7, cheaters: 10 }
  expect(playCheating(plan)).toEqual(playCheating(plan))
  expect(playCheating(plan)).toMatchObject({ convicted: 10, accepted: 0 })
})
