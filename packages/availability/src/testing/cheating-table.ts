import { type CheatingOutcome, type CheatingPlan, playCheating, type Strategy } from './cheating.ts'

/** Ways to cheat that the audits are held against. */
export const STRATEGIES: readonly Strategy[] = [
  { name: 'none: all are honest', cheats: () => false },
  { name: 'always', cheats: () => true },
  { name: 'after 100 good results, always', cheats: (n) => n >= 100 },
  { name: 'one in fifty, at random', cheats: (_, draw) => draw < 0.02 },
  { name: 'once, after 100 good results', cheats: (n) => n === 100 },
  { name: 'one in ten, and vouch for each other', cheats: (_, draw) => draw < 0.1, colludes: true },
  { name: 'after 100, and vouch for each other', cheats: (n) => n >= 100, colludes: true },
  { name: 'always, and come back under another account', cheats: () => true, returns: true },
  { name: 'after 20, and come back', cheats: (n) => n >= 20, returns: true },
  { name: 'call others’ right results wrong', cheats: () => false, slanders: true },
]

/** The market and job of the table: three of ten cheat; result bonds as our providers put them up. */
export const CHEATED_JOB: Omit<CheatingPlan, 'strategy' | 'seed'> = {
  ...{ tasks: 2_000, accounts: 10, cheaters: 3, taskSeconds: 1, stakeSeconds: 30 },
}

/** Jobs that each row is the mean of. */
export const CHEATED_JOBS = 10

/** Returns the mean outcome of a strategy over {@link CHEATED_JOBS} seeds. */
export function meanOutcome(strategy: Strategy, job = CHEATED_JOB): CheatingOutcome {
  const all = Array.from({ length: CHEATED_JOBS }, (_, i) => playCheating({ ...job, strategy, seed: i + 1 }))
  const mean = (key: keyof CheatingOutcome) => all.reduce((sum, one) => sum + one[key], 0) / all.length
  return {
    ...{ results: mean('results'), audits: mean('audits'), wrong: mean('wrong'), accepted: mean('accepted') },
    ...{ recalled: mean('recalled'), convicted: mean('convicted'), wronged: mean('wronged') },
    ...{ gained: mean('gained'), lost: mean('lost') },
  }
}

/** Returns the mean outcome of every strategy, in order. */
export function allOutcomes(): readonly (readonly [Strategy, CheatingOutcome])[] {
  return STRATEGIES.map((strategy) => [strategy, meanOutcome(strategy)])
}

/** Returns the rows of the table in docs/AVAILABILITY.md, the heading first. */
export function cheatingRows(outcomes = allOutcomes()): string[][] {
  return [
    ['cheating', 'audited', 'wrong', 'recalled', 'accepted', 'convicted', 'gained', 'lost', 'profit'],
    Array.from({ length: 9 }, () => '---'),
    ...outcomes.map(([{ name }, one]) => [
      ...[name, `${((100 * one.audits) / one.results).toFixed(1)} %`],
      ...[one.wrong, one.recalled, one.accepted, one.convicted].map((value) => value.toFixed(1)),
      ...[one.gained, one.lost, one.gained - one.lost].map((value) => value.toFixed(1)),
    ]),
  ]
}
