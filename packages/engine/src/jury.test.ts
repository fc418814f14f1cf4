import {
  disputeSubject,
  type FailureCode,
  type Hex,
  isCourtSigned,
  leaseOf,
  type Output,
  outputDigest,
  UNDECIDABLE,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Summons, summonses, votes } from './court-records.ts'
import { advanceJury } from './jury.ts'
import { charge, debtOf } from './jury-allowance.ts'
import { type Jury, type JuryEffect, type JuryEvent, newJury } from './jury-state.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { contextOf, NETWORK, outputOf, quoteOf, taskOf } from './testing/parties.ts'

const rules = courtRules({ leastWatchers: 1, verdictBlocks: 40 })
const signer = courtParty(1)
const context = { rules, signer }
const CHALLENGED = 10
/** Block in whose head the committee is drawn. */
const DRAWN = CHALLENGED + rules.lagBlocks + 2

/** Returns the challenge with this number. */
function summonsOf(index: number, keys: { resultSigner?: Hex; voucherSigner?: Hex } = {}): Summons {
  const quote = quoteOf(contextOf(1, 1), contextOf(2, 1), index, keys)
  const lease = leaseOf(NETWORK, quote)
  return { quote, lease, task: hashOf(`task ${index}`), output: hashOf('said'), block: CHALLENGED }
}

const subjectOf = ({ lease, task, output }: Summons) => disputeSubject(lease, task, output)
const FIRST = summonsOf(1)
const SUBJECT = subjectOf(FIRST)
const RIGHT = outputOf(taskOf(1))

/** How often fetching finds nothing, what executing does each time, and when the process crashes. */
interface Case {
  readonly missing: number
  /** Whether what is missing was withheld. */
  readonly isWithheld?: boolean
  /** Whether a deadline is the task's own fault. */
  readonly isTasksFault?: boolean
  readonly outcomes: readonly (Output | FailureCode)[]
  /** Effects after which each run ends. */
  readonly crashes: readonly number[]
}

/** A juror whose process may crash between any two effects, over a journal that survives. */
class Juror {
  readonly violations: string[] = []
  readonly done: JuryEffect[] = []
  readonly journal = new MemoryJournal((write, before) => {
    const isChange = write.table === votes.table && write.value !== null && before !== undefined
    if (isChange) this.violations.push('a ballot was written twice')
  })
  jury: Jury = newJury()
  head = CHALLENGED
  readonly #given: Case
  #missing: number
  #executions = 0
  #crashes: number[]
  #left: number

  constructor(given: Case) {
    this.#given = given
    this.#missing = given.missing
    this.#crashes = [...given.crashes]
    this.#left = this.#crashes.shift() ?? Number.POSITIVE_INFINITY
  }

  /** Tells of challenges, again after each crash: events come at least once. */
  run(...challenges: Summons[]): this {
    const last = CHALLENGED + 2 * rules.verdictBlocks + 40
    for (; this.head <= last; this.head += 1) {
      if (this.head < CHALLENGED + 8)
        for (const summons of challenges) this.post({ type: 'challenged', summons })
      this.post({ type: 'head', block: this.head })
    }
    return this
  }

  post(event: JuryEvent): void {
    const { jury } = this
    for (const effect of advanceJury(context, jury, event, this.head * 3_000)) {
      // The process that was to carry it out is gone.
      if (jury !== this.jury) return
      if (this.#left === 0) {
        this.#restart()
        return
      }
      this.#left -= 1
      this.#carryOut(effect)
    }
  }

  #restart(): void {
    this.#left = this.#crashes.shift() ?? Number.POSITIVE_INFINITY
    this.jury = newJury(this.journal.all(summonses), this.journal.all(votes))
  }

  #carryOut(effect: JuryEffect): void {
    this.done.push(effect)
    switch (effect.do) {
      case 'persist':
        this.journal.commit(effect.writes)
        return
      case 'seats':
        this.post({ type: 'seats', subject: effect.subject, table: [signer.address], seed: hashOf('seed') })
        return
      case 'fetch':
        this.#missing -= 1
        this.post(this.#fetched(effect.subject))
        return
      case 'execute':
        this.post(this.#outcome(effect.subject))
        return
      case 'voted':
        if (this.journal.one(votes, effect.subject)?.value !== effect.value) {
          this.violations.push('a ballot left without its row')
        }
        return
      case 'dropped':
        return
    }
  }

  #fetched(subject: Hex): JuryEvent {
    const { isWithheld } = this.#given
    const isComplete = this.#missing < 0
    return { type: 'fetched', subject, isComplete, ...(isWithheld === undefined ? {} : { isWithheld }) }
  }

  #outcome(subject: Hex): JuryEvent {
    const { outcomes, isTasksFault } = this.#given
    const fault = isTasksFault === undefined ? {} : { isTasksFault }
    const outcome = outcomes[Math.min(this.#executions++, outcomes.length - 1)] ?? 'internal'
    return typeof outcome === 'string'
      ? { type: 'failed', subject, code: outcome, ...fault }
      : { type: 'executed', subject, output: outcome }
  }

  /** Returns the ballots that ever left, by subject. */
  ballots(): Map<Hex, Set<Hex>> {
    const all = new Map<Hex, Set<Hex>>()
    for (const effect of this.done) {
      if (effect.do !== 'persist') continue
      for (const { table, key, value } of effect.writes) {
        if (table !== votes.table || value === null) continue
        const { value: said, signature } = votes.codec.decode(value)
        const vote = { subject: key as Hex, value: said }
        if (!isCourtSigned(COURT, 'Vote', vote, signature, signer.address))
          this.violations.push('a wrong signature')
        all.set(key as Hex, (all.get(key as Hex) ?? new Set()).add(said))
      }
    }
    return all
  }
}

const values = (juror: Juror, subject = SUBJECT) => [...(juror.ballots().get(subject) ?? [])]
const calm = (change: Partial<Case>): Case => ({ missing: 0, outcomes: [RIGHT], crashes: [], ...change })

const ended = (kind: 'trap' | 'out-of-fuel' | 'output-limit'): Output => ({ ...RIGHT, status: { kind } })
const dear: Output = { ...RIGHT, fuel: rules.fuel + 1n }
const failed: Output = { ...RIGHT, status: { kind: 'exit', code: 3 } }

describe('a juror', () => {
  test.each([
    ['what its own execution gives', calm({}), outputDigest(RIGHT)],
    ['an exit code like any output', calm({ outcomes: [failed] }), outputDigest(failed)],
    [
      'the output of a metered trap',
      calm({ outcomes: [{ ...ended('trap'), fuel: 1n }] }),
      outputDigest({ ...ended('trap'), fuel: 1n }),
    ],
    ['undecidable on a trap', calm({ outcomes: [ended('trap')] }), UNDECIDABLE],
    ['undecidable on exhausted fuel', calm({ outcomes: [ended('out-of-fuel')] }), UNDECIDABLE],
    ['undecidable on too much output', calm({ outcomes: [ended('output-limit')] }), UNDECIDABLE],
    ['undecidable above the court’s fuel', calm({ outcomes: [dear] }), UNDECIDABLE],
    ['undecidable on a program that cannot be judged', calm({ outcomes: ['bad-program'] }), UNDECIDABLE],
    [
      'undecidable on a task that takes too long',
      calm({ outcomes: ['deadline'], isTasksFault: true }),
      UNDECIDABLE,
    ],
    ['nothing where its machine was too slow', calm({ outcomes: ['deadline'] }), null],
    ['after its machine was too slow once', calm({ outcomes: ['deadline', RIGHT] }), outputDigest(RIGHT)],
    ['nothing where a fault is its own', calm({ outcomes: ['internal'], isTasksFault: true }), null],
    ['undecidable on withheld data', calm({ missing: 1_000, isWithheld: true }), UNDECIDABLE],
    ['nothing without data', calm({ missing: 1_000 }), null],
    ['nothing without data that nobody withheld', calm({ missing: 1_000, isWithheld: false }), null],
    ['after withheld data came', calm({ missing: 2, isWithheld: true }), outputDigest(RIGHT)],
    ['after data came late', calm({ missing: 2 }), outputDigest(RIGHT)],
    ['after data went missing', calm({ outcomes: ['missing-input', RIGHT] }), outputDigest(RIGHT)],
    ['after its own machine failed', calm({ outcomes: ['killed', 'internal', RIGHT] }), outputDigest(RIGHT)],
    ['nothing where its own machine cannot do it', calm({ outcomes: ['out-of-memory'] }), null],
  ] as const)('says %s', (_, given, value) => {
    const juror = new Juror(given).run(FIRST)
    expect(values(juror)).toEqual(value === null ? [] : [value])
    expect(juror.violations).toEqual([])
    expect(juror.journal.all(summonses).size).toBe(0)
  })

  test('never says two things, nor without a row, through crashes between any two effects', () => {
    const outcome = fc.constantFrom<Output | FailureCode>(
      RIGHT,
      ended('trap'),
      failed,
      'killed',
      'missing-input',
    )
    const given = fc.record({
      missing: fc.constantFrom(0, 1, 2, 6, 1_000),
      outcomes: fc.array(outcome, { minLength: 1, maxLength: 4 }),
      crashes: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 6 }),
      isWithheld: fc.boolean(),
    })
    fc.assert(
      fc.property(given, (one) => {
        const juror = new Juror(one).run(FIRST, summonsOf(2))
        for (const said of juror.ballots().values()) expect(said.size).toBe(1)
        const isBroken = one.outcomes.some((each) => each === 'killed' || each === 'missing-input')
        const isAbstaining = one.missing === 1_000 && !one.isWithheld
        if (!isBroken) expect(juror.ballots().size).toBe(isAbstaining ? 0 : 2)
        expect(juror.violations).toEqual([])
        expect(juror.journal.all(summonses).size).toBe(0)
        expect(juror.journal.all(votes).size).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  test.each(Array.from({ length: 9 }, (_, effects) => effects))(
    'votes all the same after a crash %i effects in',
    (effects) => {
      const juror = new Juror(calm({ crashes: [effects] })).run(FIRST)
      expect(values(juror)).toEqual([outputDigest(RIGHT)])
      expect(juror.violations).toEqual([])
    },
  )

  const post = (jury: Jury, event: JuryEvent) => advanceJury(context, jury, event, 0)

  test('stays out where it has no seat, or is a party', () => {
    const jury = newJury()
    post(jury, { type: 'challenged', summons: FIRST })
    post(jury, { type: 'head', block: DRAWN })
    const table = [courtParty(2).address]
    const effects = post(jury, { type: 'seats', subject: SUBJECT, table, seed: hashOf('seed') })
    expect(effects.at(-1)).toEqual({ do: 'dropped', subject: SUBJECT })
    for (const role of ['resultSigner', 'voucherSigner']) {
      expect(post(jury, { type: 'challenged', summons: summonsOf(3, { [role]: signer.address }) })).toEqual(
        [],
      )
    }
    expect(jury.cases.size).toBe(0)
  })

  test('waits for the seed, drops what is settled, and keeps nothing beyond the deadline', () => {
    const jury = newJury()
    post(jury, { type: 'challenged', summons: FIRST })
    expect(post(jury, { type: 'head', block: DRAWN - 1 })).toEqual([])
    const [asked] = post(jury, { type: 'head', block: DRAWN })
    expect(asked).toEqual({ do: 'seats', subject: SUBJECT, block: CHALLENGED + rules.lagBlocks })
    expect(post(jury, { type: 'settled', subject: SUBJECT }).at(-1)).toEqual({
      do: 'dropped',
      subject: SUBJECT,
    })
    post(jury, { type: 'challenged', summons: FIRST })
    post(jury, { type: 'head', block: CHALLENGED + rules.verdictBlocks })
    expect(jury.cases.size).toBe(0)
  })

  test('is drawn anew for a challenge that was mined in another block, until its part is under way', () => {
    const jury = newJury()
    const remined = { ...FIRST, block: CHALLENGED + 3 }
    const table = [signer.address]
    const seats = { type: 'seats', subject: SUBJECT, seed: hashOf('seed') } as const
    post(jury, { type: 'challenged', summons: FIRST })
    const [asked] = post(jury, { type: 'head', block: DRAWN })
    const [kept] = post(jury, { type: 'challenged', summons: remined })
    expect(kept).toMatchObject({ do: 'persist', writes: [{ key: SUBJECT }] })
    expect(jury.cases.get(SUBJECT)?.summons).toEqual(remined)
    // The answer about the old block came late: this juror has no seat there.
    const block = asked?.do === 'seats' ? asked.block : 0
    expect(post(jury, { ...seats, table: [courtParty(2).address], block })).toEqual([])
    expect(post(jury, { type: 'head', block: DRAWN + 2 })).toEqual([])
    const [again] = post(jury, { type: 'head', block: DRAWN + 3 })
    expect(again).toEqual({ do: 'seats', subject: SUBJECT, block: block + 3 })
    expect(post(jury, { ...seats, table, block: block + 3 })).toMatchObject([{ do: 'fetch' }])
    expect(post(jury, { type: 'challenged', summons: FIRST })).toEqual([])
    expect(jury.cases.get(SUBJECT)?.stage).toBe('fetching')
  })

  const seatAll = (jury: Jury, effects: readonly JuryEffect[]) =>
    effects.flatMap((effect) => {
      if (effect.do !== 'seats') return []
      const table = [signer.address]
      return post(jury, { type: 'seats', subject: effect.subject, table, seed: hashOf('seed') })
    })

  test('opens a bounded number of cases at a time, leaves none out, and executes one at a time', () => {
    const jury = newJury()
    const all = Array.from({ length: 70 }, (_, i) => summonsOf(i))
    for (const summons of all) post(jury, { type: 'challenged', summons })
    const fetches: Hex[] = []
    let effects = seatAll(jury, post(jury, { type: 'head', block: DRAWN }))
    expect(effects.filter((effect) => effect.do === 'fetch')).toHaveLength(64)
    while (effects.length > 0) {
      expect(effects.filter((effect) => effect.do === 'execute').length).toBeLessThanOrEqual(1)
      effects = effects.flatMap((effect) => {
        if (effect.do === 'fetch') fetches.push(effect.subject)
        const { do: what } = effect
        if (what === 'fetch')
          return post(jury, { type: 'fetched', subject: effect.subject, isComplete: true })
        if (what !== 'execute') return []
        return post(jury, { type: 'executed', subject: effect.subject, output: RIGHT })
      })
    }
    expect(fetches).toEqual(all.map(subjectOf))
    expect(jury.kept.size).toBe(all.length)
  })

  test('tries nothing beyond its share of the machine, and goes on when that has worn off', () => {
    const jury = newJury()
    const share = { ...context, cores: 0.001 }
    const at = (event: JuryEvent, nowMs: number) => advanceJury(share, jury, event, nowMs)
    const [one, other] = [FIRST, summonsOf(2)].map(subjectOf) as [Hex, Hex]
    for (const summons of [FIRST, summonsOf(2)]) at({ type: 'challenged', summons }, 0)
    at({ type: 'head', block: DRAWN }, 0)
    for (const subject of [one, other])
      at({ type: 'seats', subject, table: [signer.address], seed: hashOf('seed') }, 0)
    for (const subject of [one, other]) at({ type: 'fetched', subject, isComplete: true }, 0)
    expect(jury.cases.get(one)?.stage).toBe('executing')
    // Ten seconds of a core, where an hour gives three and a half.
    const after = at({ type: 'executed', subject: one, output: RIGHT }, 10_000)
    expect(after.filter((effect) => effect.do === 'execute')).toEqual([])
    expect(at({ type: 'tick' }, 6_000_000)).toEqual([])
    expect(at({ type: 'tick' }, 6_500_000)).toMatchObject([{ do: 'execute', subject: other }])
    // What was cut off has been tried as well.
    at({ type: 'settled', subject: other }, 6_600_000)
    expect(debtOf(jury.debt, share.cores, 6_600_000)).toBeGreaterThan(100_000)
  })

  test.each([
    ['its share is used up until the verdict', 0.001],
    ['it has none', 0],
  ])('abstains where %s', (_, cores) => {
    const jury = newJury()
    charge(jury.debt, cores, 60_000, 0)
    const at = (event: JuryEvent) => advanceJury({ ...context, cores }, jury, event, 0)
    at({ type: 'challenged', summons: FIRST })
    at({ type: 'head', block: DRAWN })
    const table = [signer.address]
    const seated = at({ type: 'seats', subject: SUBJECT, table, seed: hashOf('seed') })
    expect(seated.filter((effect) => effect.do === 'fetch' || effect.do === 'execute')).toEqual([])
    const last = at({ type: 'head', block: CHALLENGED + rules.verdictBlocks })
    expect([...seated, ...last]).toContainEqual({ do: 'dropped', subject: SUBJECT })
    expect(jury.cases.size).toBe(0)
    expect(jury.kept.size).toBe(0)
  })

  test('judges a challenge whatever others are drawn beside it, and follows a bounded number', () => {
    const jury = newJury()
    for (let i = 0; i < 4_200; i++) post(jury, { type: 'challenged', summons: cheap(i) })
    expect(jury.cases.size).toBe(4_096)
    for (const subject of [...jury.cases.keys()].slice(0, 4_000)) post(jury, { type: 'settled', subject })
    post(jury, { type: 'challenged', summons: FIRST })
    seatAll(
      jury,
      post(jury, { type: 'head', block: DRAWN }).filter((effect) => isAbout(effect, SUBJECT)),
    )
    expect(jury.cases.get(SUBJECT)?.stage).toBe('fetching')
  })
})

const BASE = summonsOf(0)

/** Returns one of many challenges of the same lease, as only their number counts. */
function cheap(index: number): Summons {
  return { ...BASE, output: hashOf(`output ${index}`) }
}

function isAbout(effect: JuryEffect, subject: Hex): boolean {
  return 'subject' in effect && effect.subject === subject
}
