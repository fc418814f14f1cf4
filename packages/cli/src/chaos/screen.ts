import Table from 'cli-table3'
import type { ChaosScreen } from './chaos.ts'
import { differences, expectedWords, seenWords } from './check.ts'
import type { ChaosReport, Outcome, Scenario } from './scenario.ts'

/** Characters of the columns of the table on a terminal. */
const WIDTHS = [24, 44, 44, 7]

/** Says on standard error what is done, expected and seen, as it happens. */
export function createScreen(clock: () => number): ChaosScreen {
  const startedAt = clock()
  const say = (sentence: string) => {
    const seconds = ((clock() - startedAt) / 1000).toFixed(1).padStart(6)
    process.stderr.write(`${seconds} s  ${sentence}\n`)
  }
  return {
    step: (sentence) => say(`  ${sentence}`),
    begin({ name, what, expected }) {
      say(`${name}: ${what}`)
      say(`  expected: ${expectedWords(expected)}`)
    },
    end: (outcome) => say(`  ${verdict(outcome)}`),
  }
}

/** Returns the report as a table, for people. */
export function describeReport({ scenarios, ok }: ChaosReport): string {
  const table = new Table({
    head: ['scenario', 'expected', 'seen', ''],
    style: { head: [], border: [], compact: false },
    colWidths: WIDTHS,
    wordWrap: true,
  })
  for (const one of scenarios) table.push([one.name, expectedWords(one.expected), seenOf(one), mark(one)])
  const wrong = scenarios.filter((one) => !one.ok).length
  const skipped = scenarios.filter((one) => one.skipped !== null).length
  const played = `${scenarios.length - skipped} scenarios played, ${skipped} skipped`
  return `${table.toString()}\n${played}: ${ok ? 'all as expected' : `${wrong} NOT AS EXPECTED`}.`
}

/** Returns what can be played, a line each. */
export function describeScenarios(scenarios: readonly Scenario[]): string {
  return scenarios.map(({ name, what }) => `${name.padEnd(24)} ${what}`).join('\n')
}

function verdict(outcome: Outcome): string {
  const { expected, seen, ok, skipped, seconds } = outcome
  if (skipped !== null) return `skipped: ${skipped}`
  if (ok) return `seen: ${seenWords(seen)} (${seconds} s)`
  return `NOT AS EXPECTED in ${differences(expected, seen).join(', ')}: ${seenWords(seen)} (${seconds} s)`
}

function seenOf({ seen, skipped }: Outcome): string {
  return skipped === null ? seenWords(seen) : `skipped: ${skipped}`
}

function mark({ ok, skipped }: Outcome): string {
  if (skipped !== null) return '–'
  return ok ? 'ok' : 'WRONG'
}
