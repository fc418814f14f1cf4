import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decideQuorum,
  type QuorumDecision,
  type QuorumPolicy,
  type Replica,
  requireQuorumPolicy,
} from './quorum.ts'

const TWO_OF_THREE: QuorumPolicy = { k: 2, n: 3 }

const policy: fc.Arbitrary<QuorumPolicy> = fc
  .integer({ min: 1, max: 7 })
  .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: Math.floor(n / 2) + 1, max: n }) }))

const replica: fc.Arbitrary<Replica> = fc
  .record({
    slot: fc.nat(20),
    account: fc.nat(6).map(account),
    state: fc.constantFrom(
      'running' as const,
      'result' as const,
      'result' as const,
      'failed' as const,
      'lost' as const,
    ),
    output: fc.constantFrom<Hex>('0xaa', '0xbb', '0xcc'),
    slow: fc.boolean(),
  })
  .map(({ output, ...rest }) => (rest.state === 'result' ? { ...rest, output } : rest))

const replicas = fc.array(replica, { maxLength: 10 })

describe('a quorum of 2 out of 3', () => {
  test.each<[string, Replica[], Partial<QuorumDecision>]>([
    ['starts two', [], { kind: 'start', count: 2, excludeAccounts: [] }],
    ['waits for both', [running(0), running(1)], { kind: 'wait' }],
    ['waits for the second', [result(0, '0xaa'), running(1)], { kind: 'wait' }],
    [
      'accepts two that agree',
      [result(0, '0xaa'), result(1, '0xaa')],
      { kind: 'accepted', agreeing: [0, 1] },
    ],
    [
      'starts a third on mismatch',
      [result(0, '0xaa'), result(1, '0xbb')],
      { kind: 'start', count: 1, excludeAccounts: [account(0), account(1)], avoidAccounts: [] },
    ],
    [
      'starts a third for a slow one',
      [result(0, '0xaa'), { ...running(1), slow: true }],
      { kind: 'start', count: 1 },
    ],
    ['starts no fourth', [running(0), { ...running(1), slow: true }, running(2)], { kind: 'wait' }],
    [
      'names the liar',
      [result(0, '0xaa'), result(1, '0xbb'), result(2, '0xaa')],
      { kind: 'accepted', output: '0xaa', agreeing: [0, 2], disagreeing: [1] },
    ],
    [
      'replaces a lost one, on another account where it can',
      [running(0), { ...running(1), state: 'lost' }],
      { kind: 'start', count: 1, excludeAccounts: [account(0)], avoidAccounts: [account(1)] },
    ],
    [
      'gives up when three differ',
      [result(0, '0xaa'), result(1, '0xbb'), result(2, '0xcc')],
      { kind: 'undecided', reason: { code: 'no-agreement', answered: 3, best: 1 } },
    ],
    [
      'does not count an account twice',
      [result(0, '0xaa'), { ...result(0, '0xaa'), slot: 1 }],
      { kind: 'start', count: 1 },
    ],
  ])('%s', (_, given, decision) => {
    expect(decideQuorum(TWO_OF_THREE, given)).toMatchObject(decision)
  })
})

test.each([
  [0, 1],
  [2, 1],
  [1, 2],
  [2, 4],
  [1.5, 2],
  [Number.NaN, 3],
])('%d of %d is no quorum', (k, n) => {
  const refused = expect.objectContaining({ data: { code: 'BAD_POLICY', k, n } })
  expect(() => requireQuorumPolicy({ k, n })).toThrow(refused)
  expect(() => decideQuorum({ k, n }, [])).toThrow(refused)
})

describe('whatever the replicas', () => {
  test('an accepted output has k distinct accounts', () => {
    fc.assert(
      fc.property(policy, replicas, (rule, given) => {
        const decision = decideQuorum(rule, given)
        if (decision.kind !== 'accepted') return
        const voters = given.filter((each) => each.state === 'result' && each.output === decision.output)
        expect(new Set(voters.map((each) => each.account)).size).toBeGreaterThanOrEqual(rule.k)
        expect(decision.agreeing).toEqual(voters.map((each) => each.slot))
      }),
      { numRuns: 500 },
    )
  })

  test('a result after acceptance does not change it', () => {
    fc.assert(
      fc.property(policy, replicas, replica, (rule, given, late) => {
        const before = decideQuorum(rule, given)
        if (before.kind !== 'accepted') return
        expect(decideQuorum(rule, [...given, late])).toMatchObject({
          kind: 'accepted',
          output: before.output,
        })
      }),
      { numRuns: 500 },
    )
  })

  test('what starts keeps within n, and waiting means that someone runs', () => {
    fc.assert(
      fc.property(policy, replicas, (rule, given) => {
        const decision = decideQuorum(rule, given)
        const busy = given.filter((each) => each.state === 'running' || each.state === 'result')
        const accounts = new Set(busy.map((each) => each.account))
        if (decision.kind === 'wait') expect(given.some((each) => each.state === 'running')).toBe(true)
        if (decision.kind !== 'start') return
        expect(decision.count).toBeGreaterThan(0)
        expect(accounts.size + decision.count).toBeLessThanOrEqual(rule.n)
        expect(new Set(decision.excludeAccounts)).toEqual(accounts)
      }),
      { numRuns: 500 },
    )
  })
})

/** One run of a task: who lies how, which starts fail, and who is late or next at each step. */
const run = policy.chain((rule) =>
  fc.record({
    rule: fc.constant(rule),
    lies: fc.array(fc.constantFrom<Hex>('0xbad1', '0xbad2'), {
      maxLength: Math.min(rule.n - rule.k, rule.k - 1),
    }),
    failures: fc.array(fc.constantFrom('failed' as const, 'lost' as const), { maxLength: 5 }),
    choices: fc.array(fc.nat(1_000), { minLength: 80, maxLength: 80 }),
  }),
)

describe('with at most n − k liars, fewer than k', () => {
  test('any order of arrival ends with the honest output', () => {
    fc.assert(
      fc.property(run, ({ rule, lies, failures, choices }) => {
        const outcome = play(rule, lies, failures, choices)
        expect(outcome).toMatchObject({ kind: 'accepted', output: '0x900d' })
      }),
      { numRuns: 500 },
    )
  })

  test('the same results in any order give the same output', () => {
    const shuffled = run.chain((given) =>
      fc.record({
        given: fc.constant(given),
        order: fc.shuffledSubarray(slots(given.rule.n), { minLength: given.rule.n }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ given: { rule, lies }, order }) => {
        const results = order.map((slot) => result(slot, lies[slot] ?? '0x900d'))
        const accepted = results
          .map((_, i) => decideQuorum(rule, results.slice(0, i + 1)))
          .flatMap((decision) => (decision.kind === 'accepted' ? [decision.output] : []))
        expect(new Set(accepted)).toEqual(new Set(['0x900d']))
      }),
    )
  })
})

/** Follows the decisions to the end; throws where they do not come to one. */
function play(
  rule: QuorumPolicy,
  lies: readonly Hex[],
  failures: readonly ('failed' | 'lost')[],
  choices: readonly number[],
): QuorumDecision {
  const given: Replica[] = []
  const trouble = [...failures]
  const turns = [...choices]
  for (let step = 0; step < choices.length; step++) {
    const decision = decideQuorum(rule, given)
    if (decision.kind === 'accepted' || decision.kind === 'undecided') return decision
    if (decision.kind === 'start') {
      for (let i = 0; i < decision.count; i++) given.push(running(given.length))
      continue
    }
    const open = given.filter((each) => each.state === 'running')
    const choice = turns.pop() ?? 0
    const next = open[choice % open.length]
    if (next === undefined) throw new Error('waits for nobody')
    given[next.slot] = settle(next, choice, lies, trouble)
  }
  throw new Error(`no end after ${choices.length} steps`)
}

function settle(
  next: Replica,
  choice: number,
  lies: readonly Hex[],
  trouble: ('failed' | 'lost')[],
): Replica {
  if (choice % 5 === 0 && next.slow !== true) return { ...next, slow: true }
  const failure = choice % 3 === 0 ? trouble.pop() : undefined
  return failure === undefined ? result(next.slot, lies[next.slot] ?? '0x900d') : { ...next, state: failure }
}

function slots(n: number): number[] {
  return Array.from({ length: n }, (_, slot) => slot)
}

function account(n: number): Hex {
  return `0x${n.toString(16).padStart(40, '0')}`
}

function running(slot: number): Replica {
  return { slot, account: account(slot), state: 'running' }
}

function result(slot: number, output: Hex): Replica {
  return { slot, account: account(slot), state: 'result', output }
}
