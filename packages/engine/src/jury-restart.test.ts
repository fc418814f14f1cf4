import {
  disputeSubject,
  epochBlocks,
  type FailureCode,
  type Hex,
  leaseOf,
  type Output,
  outputDigest,
} from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forgotten, lastForgotten, type Summons, summonses, votes } from './court-records.ts'
import { advanceJury } from './jury.ts'
import { type Jury, type JuryEffect, type JuryEvent, newJury } from './jury-state.ts'
import { courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { contextOf, NETWORK, outputOf, quoteOf, taskOf } from './testing/parties.ts'

const rules = courtRules({ leastWatchers: 1, verdictBlocks: 40 })
const signer = courtParty(1)
const CHALLENGED = 200
const quote = quoteOf(contextOf(1, 1), contextOf(2, 1), 1)
const lease = leaseOf(NETWORK, quote)
const SUMMONS: Summons = { quote, lease, task: hashOf('task'), output: hashOf('said'), block: CHALLENGED }
const SUBJECT = disputeSubject(lease, SUMMONS.task, SUMMONS.output)
/** As far back as a juror reads what the court said when it starts. */
const REACH = 2 * rules.verdictBlocks

/** One run of the process, until it crashes. */
interface Run {
  /** Blocks by which its node is behind what the run before has seen, or that passed in between. */
  readonly behind: number
  /** Blocks from head to head. */
  readonly strides: readonly number[]
  /** Whether it hears of the challenge before the first head. */
  readonly isEarly: boolean
  /** What executing gives: its machine may have broken. */
  readonly outcome: number | FailureCode
  /** Effects after which it crashes. */
  readonly effects: number
}

/** Returns an output that is told apart by its exit code. */
function outputWith(code: number): Output {
  return { ...outputOf(taskOf(1)), status: { kind: 'exit', code } }
}

/** A juror over all its runs, with every value that it ever signed on disk, and until when. */
class Life {
  readonly signed: Hex[] = []
  readonly #journal = new MemoryJournal(({ table, value }) => {
    if (table === votes.table && value !== null) this.signed.push(votes.codec.decode(value).value)
  })
  #head = CHALLENGED

  live(run: Run): void {
    this.#head = Math.max(CHALLENGED, this.#head - run.behind)
    const mark = lastForgotten(this.#journal.all(forgotten))
    const jury = newJury(this.#journal.all(summonses), this.#journal.all(votes), mark)
    const isTold = CHALLENGED >= this.#head - REACH
    const process = new Process(this.#journal, jury, run, () => this.#head)
    const challenged: JuryEvent = { type: 'challenged', summons: SUMMONS }
    if (isTold && run.isEarly) process.post(challenged)
    for (const stride of run.strides) {
      process.post({ type: 'head', block: this.#head })
      if (isTold) process.post(challenged)
      this.#head += stride
    }
  }
}

class Process {
  readonly #journal: MemoryJournal
  readonly #jury: Jury
  readonly #run: Run
  readonly #head: () => number
  #left: number

  constructor(journal: MemoryJournal, jury: Jury, run: Run, head: () => number) {
    this.#journal = journal
    this.#jury = jury
    this.#run = run
    this.#head = head
    this.#left = run.effects
  }

  post(event: JuryEvent): void {
    if (this.#left <= 0) return
    for (const effect of advanceJury({ rules, signer }, this.#jury, event, this.#head() * 3_000)) {
      if (this.#left <= 0) return
      this.#left -= 1
      this.#carryOut(effect)
    }
  }

  #carryOut(effect: JuryEffect): void {
    if (effect.do === 'persist') this.#journal.commit(effect.writes)
    const answer = this.#answer(effect)
    if (answer !== null) this.post(answer)
  }

  #answer(effect: JuryEffect): JuryEvent | null {
    switch (effect.do) {
      case 'seats':
        return { type: 'seats', subject: SUBJECT, table: [signer.address], seed: hashOf('seed') }
      case 'fetch':
        return { type: 'fetched', subject: SUBJECT, isComplete: true }
      case 'execute':
        return this.#outcome()
      default:
        return null
    }
  }

  #outcome(): JuryEvent {
    const { outcome } = this.#run
    return typeof outcome === 'number'
      ? { type: 'executed', subject: SUBJECT, output: outputWith(outcome) }
      : { type: 'failed', subject: SUBJECT, code: outcome }
  }
}

const run: fc.Arbitrary<Run> = fc.record({
  behind: fc.integer({ min: -rules.verdictBlocks, max: rules.verdictBlocks }),
  strides: fc.array(fc.integer({ min: 0, max: rules.verdictBlocks / 2 }), { minLength: 1, maxLength: 12 }),
  isEarly: fc.boolean(),
  outcome: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant<FailureCode>('bad-program')),
  effects: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(1_000)),
})

test('signs one value for a subject, through all its restarts, pauses, and heads that fall behind', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 2, maxLength: 8 }), (runs) => {
      const life = new Life()
      for (const each of runs) life.live(each)
      expect(life.signed.length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 500 },
  )
})

const whole: Run = { behind: 0, strides: [1, 1, 1, 1, 1, 1], isEarly: false, outcome: 1, effects: 1_000 }

test('signs no second value on a chain that falls behind again and again, once the first is forgotten', () => {
  const life = new Life()
  life.live({ ...whole, strides: [1, 1, 1, 1, 1, 1, REACH + epochBlocks(rules), 0] })
  for (let runs = 0; runs < 4; runs++) life.live({ ...whole, behind: rules.verdictBlocks - 10, outcome: 2 })
  expect(life.signed).toEqual([outputDigest(outputWith(1))])
})

test('signs no second value however long it was down after the first', () => {
  for (let blocks = 0; blocks < 2 * REACH; blocks++) {
    for (let effects = 0; effects < 8; effects++) {
      const life = new Life()
      life.live({ ...whole, strides: [...whole.strides, blocks, 0] })
      life.live({ ...whole, isEarly: effects % 2 === 0, outcome: 2, effects })
      life.live({ ...whole, outcome: 3 })
      expect(life.signed).toEqual([outputDigest(outputWith(1))])
    }
  }
})

test('keeps its ballot as long as a restart may hear of the challenge, and an epoch', () => {
  const journal = new MemoryJournal()
  const untilBlock = CHALLENGED + REACH + epochBlocks(rules)
  let head = CHALLENGED
  const process = new Process(journal, newJury(), whole, () => head)
  process.post({ type: 'challenged', summons: SUMMONS })
  for (; head < untilBlock; head += 1) process.post({ type: 'head', block: head })
  expect(journal.one(votes, SUBJECT)?.untilBlock).toBe(untilBlock)
  process.post({ type: 'head', block: untilBlock })
  expect(journal.one(votes, SUBJECT)).toBeUndefined()
})
