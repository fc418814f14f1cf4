import {
  disputeSeedBlock,
  type Hex,
  leaseOf,
  NOBODY,
  type Quote,
  type Receipt,
  resultLeaf,
  seatHolders,
  toHex,
  UNDECIDABLE,
  verdictDeadline,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from './court-collect.ts'
import { advanceDispute, newDispute } from './court-dispute.ts'
import type { Dispute, DisputeEffect, DisputeEvent, DisputeStanding } from './court-dispute-state.ts'
import { ContractCopy } from './testing/court-contract.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { contextOf, NETWORK, quoteOf } from './testing/parties.ts'

const rules = courtRules({ seats: 7, quorum: 4, verdictBlocks: 40 })
const context = { rules, court: COURT, network: NETWORK }
const buyer = contextOf(1, 1)
const seller = contextOf(2, 1)
const QUOTE = quoteOf(buyer, seller, 1, { resultBond: 14n })
const WRONG = hashOf('a wrong output')
const TRUE = hashOf('the true output')
const SEED = hashOf('the seed')
const FIRST_BLOCK = 100

/** Returns the receipt of a batch of one. */
function receiptOf(quote: Quote, output: Hex): Receipt {
  const lease = leaseOf(NETWORK, quote)
  const task = hashOf('a task')
  const root = toHex(resultLeaf(lease, task, output))
  const signature = seller.signer.sign('ResultBatch', { lease, root })
  return { lease, task, output, index: 0, size: 1, path: [], signature }
}

/** What a juror's ballot says, or that it gives none. */
type Ballot = 'true' | 'wrong' | 'undecidable' | 'silent' | 'forged'

const VALUES = { true: TRUE, wrong: WRONG, undecidable: UNDECIDABLE }

/** What happens to the chain under a dispute. */
interface Turn {
  /** Blocks after the first in which the newest are mined anew. */
  readonly after: number
  /** Blocks by which the challenge is later then. */
  readonly later: number
  /** Blocks after the first from which ballots are given. */
  readonly ballotsAfter: number
  /** Whether the first key of the table is slashed instead. */
  readonly isSlash?: boolean
}

/** A dispute before a copy of the contract; one block a second. */
class Trial {
  readonly contract = new ContractCopy(rules)
  readonly dispute: Dispute
  readonly sent: DisputeEffect[] = []
  readonly refusals: string[] = []
  verdict: Hex | 'lapsed' | null = null
  /** What should come of it by the jury of the block in which it ends. */
  expected: Hex | 'lapsed' | null = null
  readonly #ballots: readonly Ballot[]
  readonly #lost: boolean[]
  readonly #turn: Turn | null
  #fork = 0
  #isSlashed = false
  /** The table as it was first read. */
  #read: Hex[] | null = null
  #standing: DisputeStanding = { stage: 'none', isOpen: true }
  #head = FIRST_BLOCK

  constructor(ballots: readonly Ballot[], lost: readonly boolean[] = [], turn: Turn | null = null) {
    const receipt = receiptOf(QUOTE, WRONG)
    const dispute = newDispute(context, QUOTE, receipt, TRUE)
    if (dispute === null) throw new Error('the dispute could not be made')
    this.dispute = dispute
    this.#ballots = ballots
    this.#lost = [...lost]
    this.#turn = turn
  }

  get table(): Hex[] {
    return this.#ballots.map((_, i) => (i === 0 && this.#isSlashed ? NOBODY : courtParty(1 + i).address))
  }

  run(): this {
    for (let blocks = 0; blocks < 2 * rules.verdictBlocks; blocks++, this.#head++) {
      if (this.#head === FIRST_BLOCK + (this.#turn?.after ?? -1)) this.#turnBack()
      this.post({ type: 'head', block: this.#head })
    }
    return this
  }

  /** Gives the newest blocks other hashes, and the challenge perhaps another block. */
  #turnBack(): void {
    if (this.#turn?.isSlash) {
      this.#isSlashed = true
      return
    }
    this.#fork = 1
    const standing = this.#standing
    if (standing.stage !== 'pending') return
    this.#stand({ ...standing, challengedAt: standing.challengedAt + (this.#turn?.later ?? 0) })
  }

  /** The seed as the chain has it now. */
  get seed(): Hex {
    const standing = this.#standing
    return standing.stage === 'pending' ? hashOf(`${standing.challengedAt} of ${this.#fork}`) : SEED
  }

  post(event: DisputeEvent): void {
    for (const effect of advanceDispute(context, this.dispute, event, this.#head * 1_000)) {
      this.sent.push(effect)
      this.#carryOut(effect)
    }
  }

  #carryOut(effect: DisputeEffect): void {
    switch (effect.do) {
      case 'look':
        this.post({ type: 'standing', standing: this.#standing })
        return
      case 'challenge':
        if (this.#lost.shift()) return
        this.#stand({ stage: 'pending', challengedAt: this.#head + 1 })
        return
      case 'seats':
        if (effect.fresh || this.#read === null) this.#read = this.table
        this.post({ type: 'seats', table: this.#read, seed: this.seed })
        return
      case 'ask':
        this.post({ type: 'answered', key: effect.key, vote: this.#answer(effect.subject, effect.key) })
        return
      case 'resolve':
      case 'lapse':
        this.#settle(effect)
        return
      case 'over':
        return
    }
  }

  #settle(effect: Extract<DisputeEffect, { do: 'resolve' | 'lapse' }>): void {
    if (this.#lost.shift() || this.#standing.stage !== 'pending') return
    const { challengedAt } = this.#standing
    this.expected = this.#count()
    if (effect.do === 'lapse') {
      if (this.#head < verdictDeadline(rules, challengedAt)) this.refusals.push('TooEarly')
      this.verdict = 'lapsed'
    } else {
      const lot = { table: this.table, seed: this.seed }
      const ruling = this.contract.resolve(this.#head + 1, challengedAt, effect, lot)
      if (typeof ruling === 'string') {
        this.refusals.push(ruling)
        return
      }
      this.verdict = effect.verdict
    }
    this.#stand({ stage: 'done' })
  }

  #stand(standing: DisputeStanding): void {
    this.#standing = standing
    this.post({ type: 'standing', standing })
  }

  #answer(subject: Hex, key: Hex): Answer | null {
    const index = this.#ballots.findIndex((_, i) => courtParty(1 + i).address === key)
    const ballot = this.#ballots[index] ?? 'silent'
    const isEarly = this.#head < FIRST_BLOCK + (this.#turn?.ballotsAfter ?? 0)
    if (ballot === 'silent' || isEarly) return null
    const value = ballot === 'forged' ? TRUE : VALUES[ballot]
    const signer = courtParty(ballot === 'forged' ? 99 : 1 + index)
    return { value, signature: signer.sign('Vote', { subject, value }) }
  }

  /** Returns the value that enough seats give now, by counting. */
  #count(): Hex | 'lapsed' {
    if (this.table.length < rules.leastWatchers) return 'lapsed'
    const holders = seatHolders(rules, this.table, this.seed, this.dispute.subject)
    const given = holders.map((key) => key !== NOBODY && this.#ballots[this.table.indexOf(key)])
    const winner = (['true', 'wrong', 'undecidable'] as const).find(
      (each) => given.filter((ballot) => ballot === each).length >= rules.quorum,
    )
    return winner === undefined ? 'lapsed' : VALUES[winner]
  }
}

describe('a dispute', () => {
  test('ends with the verdict that enough jurors give, or lapses, and is never refused', () => {
    const ballot = fc.constantFrom<Ballot>('true', 'true', 'true', 'wrong', 'undecidable', 'silent', 'forged')
    const ballots = fc.array(ballot, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(ballots, fc.array(fc.boolean(), { maxLength: 3 }), (given, lost) => {
        const trial = new Trial(given, lost).run()
        expect(trial.refusals).toEqual([])
        expect(trial.verdict).toBe(trial.expected)
        expect(trial.verdict).not.toBeNull()
        expect(trial.dispute.isOver).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('finds the jury of the challenge that counts, wherever the chain turns', () => {
    const ballots = fc.array(fc.constantFrom<Ballot>('true', 'true', 'wrong', 'silent'), {
      minLength: 3,
      maxLength: 8,
    })
    const turn = fc.record({
      after: fc.integer({ min: 1, max: 12 }),
      later: fc.integer({ min: 0, max: 6 }),
      ballotsAfter: fc.integer({ min: 0, max: 12 }),
    })
    fc.assert(
      fc.property(ballots, fc.array(fc.boolean(), { maxLength: 2 }), turn, (given, lost, turned) => {
        const trial = new Trial(given, lost, turned).run()
        // Only what was sent for the seats of blocks that are gone.
        expect(trial.refusals.filter((each) => each !== 'NotSeated')).toEqual([])
        expect(trial.refusals.length).toBeLessThanOrEqual(1)
        if (turned.later > 0) expect(trial.refusals).toEqual([])
        expect(trial.verdict).toBe(trial.expected)
        expect(trial.dispute.isOver).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('ends all the same where a juror was slashed, with the ballots of those who still hold seats', () => {
    const ballots = fc.array(fc.constantFrom<Ballot>('true', 'true', 'wrong'), { minLength: 4, maxLength: 8 })
    const lost = fc.array(fc.boolean(), { maxLength: 5 })
    const late = fc.integer({ min: 0, max: 12 })
    fc.assert(
      fc.property(
        ballots,
        lost,
        fc.integer({ min: 1, max: 12 }),
        late,
        (given, away, after, ballotsAfter) => {
          const trial = new Trial(given, away, { after, later: 0, ballotsAfter, isSlash: true }).run()
          expect(trial.refusals.filter((each) => each !== 'NotSeated')).toEqual([])
          expect(trial.refusals.length).toBeLessThanOrEqual(1)
          expect(trial.verdict).toBe(trial.expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('asks for the seats as they are now before a verdict is sent again', () => {
    const trial = new Trial(Array<Ballot>(5).fill('true'), [false, true]).run()
    const doing = trial.sent.map((effect) => effect.do).filter((each) => each !== 'ask')
    expect(doing).toEqual(['look', 'challenge', 'seats', 'resolve', 'seats', 'resolve', 'over'])
    const draws = trial.sent.flatMap((effect) => (effect.do === 'seats' ? [effect.fresh] : []))
    expect(draws).toEqual([false, true])
  })

  // Drawn in block 104.
  test.each([
    [
      'was slashed before a lost verdict is sent again',
      [false, true],
      { later: 0, ballotsAfter: 0, isSlash: true },
    ],
    ['sits no more, as the challenge was mined anew', [], { later: 1, ballotsAfter: 5 }],
  ])('sends no ballot of a juror who %s', (_, lost, turn) => {
    for (const jurors of [3, 4, 5, 6, 7]) {
      const trial = new Trial(Array<Ballot>(jurors).fill('true'), lost, { after: 5, ...turn }).run()
      expect(trial.refusals).toEqual([])
      expect(trial.verdict).toBe(trial.expected)
    }
  })

  test('challenges once, asks the jury of the right block, and sends no more ballots than decide', () => {
    const trial = new Trial(Array<Ballot>(5).fill('true')).run()
    const doing = trial.sent.map((effect) => effect.do).filter((each) => each !== 'ask')
    expect(doing).toEqual(['look', 'challenge', 'seats', 'resolve', 'over'])
    expect(trial.sent).toContainEqual(
      expect.objectContaining({ do: 'seats', block: disputeSeedBlock(rules, 101) }),
    )
    const resolve = trial.sent.find((effect) => effect.do === 'resolve')
    expect(resolve?.votes).toHaveLength(rules.quorum)
    expect(trial.verdict).toBe(TRUE)
  })

  test('resolves in the last block that can still be mined in time, and lapses from the deadline on', () => {
    for (const [before, expected] of [
      [2, ['resolve']],
      [1, []],
      [0, ['lapse']],
    ] as const) {
      const dispute = newDispute(context, QUOTE, receiptOf(QUOTE, WRONG), TRUE)
      if (dispute === null) throw new Error('the dispute could not be made')
      const post = (event: DisputeEvent) => advanceDispute(context, dispute, event, 0)
      post({ type: 'standing', standing: { stage: 'pending', challengedAt: 100 } })
      post({ type: 'head', block: 101 })
      const jurors = [1, 2, 3].map(courtParty)
      post({ type: 'seats', table: jurors.map(({ address }) => address), seed: SEED })
      const effects = [...post({ type: 'head', block: 140 - before })]
      for (const juror of jurors) {
        const signature = juror.sign('Vote', { subject: dispute.subject, value: TRUE })
        const vote = { value: TRUE, signature }
        effects.push(...post({ type: 'answered', key: juror.address, vote }))
      }
      const calls = effects.map((effect) => effect.do).filter((each) => each !== 'seats')
      expect(calls).toEqual(expected)
    }
  })

  test('is over at once where the lease is closed or was challenged before', () => {
    const trial = new Trial(['true'])
    trial.post({ type: 'standing', standing: { stage: 'none', isOpen: false } })
    trial.post({ type: 'head', block: 1 })
    expect(trial.sent).toEqual([{ do: 'over' }])
  })

  test.each([
    ['equal outputs', () => newDispute(context, QUOTE, receiptOf(QUOTE, WRONG), WRONG)],
    [
      'a bond that does not pay the jury',
      () => {
        const poor = { ...QUOTE, resultBond: 13n }
        return newDispute(context, poor, receiptOf(poor, WRONG), TRUE)
      },
    ],
    [
      'a receipt of another lease',
      () => newDispute(context, { ...QUOTE, salt: SEED }, receiptOf(QUOTE, WRONG), TRUE),
    ],
    [
      'a receipt that was changed',
      () => newDispute(context, QUOTE, { ...receiptOf(QUOTE, WRONG), output: SEED }, TRUE),
    ],
    [
      'a path that is too long',
      () => newDispute(context, QUOTE, { ...receiptOf(QUOTE, WRONG), path: [SEED] }, TRUE),
    ],
  ])('is not made of %s', (_, make) => {
    expect(make()).toBeNull()
  })
})
