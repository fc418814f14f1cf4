import {
  type Hex,
  leaseOf,
  type Receipt,
  resultLeaf,
  seatHolders,
  toHex,
  UNDECIDABLE,
  verdictDeadline,
} from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer } from './court-collect.ts'
import { advanceDispute, newAccusation, newDispute } from './court-dispute.ts'
import type { Dispute, DisputeEffect, DisputeEvent, DisputeStanding } from './court-dispute-state.ts'
import { ContractCopy } from './testing/court-contract.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { contextOf, NETWORK, quoteOf } from './testing/parties.ts'

const rules = courtRules({ seats: 7, quorum: 4, verdictBlocks: 40 })
const context = { rules, court: COURT, network: NETWORK }
const seller = contextOf(2, 1)
const QUOTE = quoteOf(contextOf(1, 1), seller, 1, { resultBond: 14n })
const OWN = hashOf('what the provider signed')
const OTHER = hashOf('another output')
const FIRST_BLOCK = 100
const RECEIPT = receiptOf(OWN)
const { lease, task, output } = RECEIPT

type Side = 'challenger' | 'accused'
type Ballot = 'own' | 'other' | 'undecidable' | 'silent'
type Call = Extract<DisputeEffect, { do: 'challenge' | 'resolve' | 'lapse' }>

const VALUES = { own: OWN, other: OTHER, undecidable: UNDECIDABLE }

/** How a dispute between both sides goes. */
interface Course {
  readonly ballots: readonly Ballot[]
  /** Blocks after the first from which the challenger does nothing more; never, by default. */
  readonly silentAfter?: number
  /** Blocks after the first from which jurors answer. */
  readonly ballotsAfter?: number
  /** Blocks after the first in which a side is killed, and starts again with what it had on disk. */
  readonly kills?: readonly (readonly [Side, number])[]
  /** Of the calls that are sent, in order: those that are never mined. */
  readonly lost?: readonly boolean[]
}

/** Both sides of a dispute before a copy of the contract; what one sends in a block is mined in the next. */
class Duel {
  readonly sent: { readonly by: Side; readonly call: Call; readonly head: number }[] = []
  readonly refusals: string[] = []
  readonly money = { challenger: 0n, accused: 0n }
  verdict: Hex | 'lapsed' | null = null
  expected: Hex | 'lapsed' | null = null
  readonly #contract = new ContractCopy(rules)
  readonly #course: Course
  readonly #lost: boolean[]
  #sides: Partial<Record<Side, Dispute>> = {}
  #mempool: { by: Side; call: Call }[] = []
  #standing: DisputeStanding = { stage: 'none', isOpen: true }
  #head = FIRST_BLOCK

  constructor(course: Course) {
    this.#course = course
    this.#lost = [...(course.lost ?? [])]
    this.#start('challenger')
  }

  run(): this {
    for (; this.#head < FIRST_BLOCK + 3 * rules.verdictBlocks; this.#head++) {
      for (const each of this.#mempool.splice(0)) this.#mine(each.by, each.call)
      const after = this.#head - FIRST_BLOCK
      if (after === this.#course.silentAfter) delete this.#sides.challenger
      for (const [side, at] of this.#course.kills ?? []) {
        if (at === after && this.#sides[side] !== undefined) this.#start(side)
      }
      if (this.#standing.stage === 'pending' && this.#sides.accused === undefined) this.#start('accused')
      for (const side of ['accused', 'challenger'] as const) {
        this.#post(side, { type: 'standing', standing: this.#standing })
        this.#post(side, { type: 'head', block: this.#head })
      }
    }
    return this
  }

  get areOver(): boolean {
    return Object.values(this.#sides).every(({ isOver }) => isOver)
  }

  get #table(): Hex[] {
    return this.#course.ballots.map((_, i) => courtParty(1 + i).address)
  }

  get #seed(): Hex {
    return hashOf('the seed of the challenge')
  }

  #start(side: Side): void {
    const dispute =
      side === 'accused'
        ? newAccusation(QUOTE, { lease, task, output })
        : newDispute(context, QUOTE, RECEIPT, OTHER)
    if (dispute === null) throw new Error('the dispute could not be made')
    this.#sides[side] = dispute
  }

  #post(side: Side, event: DisputeEvent): void {
    const dispute = this.#sides[side]
    if (dispute === undefined) return
    for (const effect of advanceDispute(context, dispute, event, this.#head * 1_000)) {
      if (effect.do === 'seats') this.#post(side, { type: 'seats', table: this.#table, seed: this.#seed })
      if (effect.do === 'ask') {
        this.#post(side, { type: 'answered', key: effect.key, vote: this.#answer(effect) })
      }
      if (effect.do === 'challenge' || effect.do === 'resolve' || effect.do === 'lapse') {
        this.#send(side, effect)
      }
    }
  }

  /** A sender adds nothing to what is under way, also of an earlier run. */
  #send(by: Side, call: Call): void {
    if (this.#mempool.some((each) => each.by === by && each.call.do === call.do)) return
    this.sent.push({ by, call, head: this.#head })
    if (!this.#lost.shift()) this.#mempool.push({ by, call })
  }

  #mine(by: Side, call: Call): void {
    const standing = this.#standing
    if (call.do === 'challenge') {
      if (standing.stage === 'none') this.#standing = { stage: 'pending', challengedAt: this.#head }
      if (standing.stage === 'none') this.money.challenger -= rules.challengeDeposit
      return
    }
    if (standing.stage !== 'pending') {
      this.refusals.push(`${by}: NotPending`)
      return
    }
    const { challengedAt } = standing
    if (call.do === 'lapse') {
      if (this.#head < verdictDeadline(rules, challengedAt)) this.refusals.push(`${by}: TooEarly`)
      else this.#settle('lapsed', 0n)
      return
    }
    const ruling = this.#contract.resolve(this.#head, challengedAt, call, {
      table: this.#table,
      seed: this.#seed,
    })
    if (typeof ruling === 'string') this.refusals.push(`${by}: ${ruling}`)
    else this.#settle(call.verdict, BigInt(call.votes.length) * rules.juryFee)
  }

  /** Pays out as docs/SETTLEMENT.md §5 says; bonds come back or do not. */
  #settle(verdict: Hex | 'lapsed', fees: bigint): void {
    this.verdict = verdict
    this.expected = this.#count()
    this.#standing = { stage: 'done' }
    if (verdict === OWN) this.money.accused += rules.challengeDeposit - fees
    else if (verdict === UNDECIDABLE) this.money.challenger += rules.challengeDeposit - fees
    else this.money.challenger += rules.challengeDeposit
    if (verdict !== OTHER) return
    this.money.accused -= QUOTE.resultBond
    this.money.challenger += (QUOTE.resultBond - fees) / 2n
  }

  #answer({ key, subject }: { key: Hex; subject: Hex }): Answer | null {
    const index = this.#table.indexOf(key)
    const ballot = this.#course.ballots[index] ?? 'silent'
    if (ballot === 'silent' || this.#head < FIRST_BLOCK + (this.#course.ballotsAfter ?? 0)) return null
    const value = VALUES[ballot]
    return { value, signature: courtParty(1 + index).sign('Vote', { subject, value }) }
  }

  /** Returns the value that enough seats give, by counting. */
  #count(): Hex | 'lapsed' {
    const { ballots } = this.#course
    if (ballots.length < rules.leastWatchers) return 'lapsed'
    const holders = seatHolders(rules, this.#table, this.#seed, newAccusation(QUOTE, RECEIPT).subject)
    const given = holders.map((key) => ballots[this.#table.indexOf(key)])
    const winner = (['own', 'other', 'undecidable'] as const).find(
      (each) => given.filter((ballot) => ballot === each).length >= rules.quorum,
    )
    return winner === undefined ? 'lapsed' : VALUES[winner]
  }
}

const anyBallots = fc.array(fc.constantFrom<Ballot>('own', 'own', 'own', 'other', 'undecidable', 'silent'), {
  minLength: 1,
  maxLength: 8,
})
const honest = fc.array(fc.constantFrom<Ballot>('own'), { minLength: 3, maxLength: 8 })
const lying = fc.array(fc.constantFrom<Ballot>('other'), { minLength: 3, maxLength: 8 })
const anyKills = fc.array(
  fc.tuple(fc.constantFrom<Side>('challenger', 'accused'), fc.integer({ min: 2, max: 50 })),
  { maxLength: 6 },
)
const anyLost = fc.array(fc.boolean(), { maxLength: 4 }).map((lost) => [false, ...lost])
// The challenge is sent in the first block and mined in the second.
const anySilence = fc.integer({ min: 1, max: 45 })

test('an honest accused gains the deposit of a challenger that falls silent, whenever it is killed', () => {
  const course = fc.record({
    ballots: honest,
    silentAfter: anySilence,
    ballotsAfter: fc.integer({ min: 0, max: 18 }),
    kills: anyKills,
    lost: anyLost.map((lost) => lost.slice(0, 2)),
  })
  fc.assert(
    fc.property(course, (given) => {
      const duel = new Duel(given).run()
      expect(duel.verdict).toBe(OWN)
      const fees = BigInt(rules.quorum) * rules.juryFee
      expect(duel.money).toEqual({
        challenger: -rules.challengeDeposit,
        accused: rules.challengeDeposit - fees,
      })
      expect(duel.areOver).toBe(true)
    }),
    { numRuns: 25 },
  )
})

test('a lying accused loses its bond to a challenger that stays, and has nothing counted against itself', () => {
  const course = fc.record({
    ballots: lying,
    ballotsAfter: fc.integer({ min: 0, max: 20 }),
    kills: anyKills,
    lost: anyLost,
  })
  fc.assert(
    fc.property(course, (given) => {
      const duel = new Duel(given).run()
      expect(duel.verdict).toBe(OTHER)
      expect(duel.money.accused).toBe(-QUOTE.resultBond)
      expect(duel.sent.filter(({ by }) => by === 'accused')).toEqual([])
    }),
    { numRuns: 25 },
  )
})

test('every dispute ends as its jury says or lapses, and is not left pending by either side', () => {
  const course = fc.record({
    ballots: anyBallots,
    silentAfter: fc.option(anySilence, { nil: 1_000 }),
    ballotsAfter: fc.integer({ min: 0, max: 45 }),
    kills: anyKills,
    lost: anyLost,
  })
  fc.assert(
    fc.property(course, (given) => {
      const duel = new Duel(given).run()
      expect(duel.verdict).not.toBeNull()
      expect([duel.expected, 'lapsed']).toContain(duel.verdict)
      expect(duel.areOver).toBe(true)
      const bySide = duel.sent.filter(({ by, call }) => by === 'accused' && call.do === 'challenge')
      expect(bySide).toEqual([])
    }),
    { numRuns: 40 },
  )
})

test('what one side sends the other does not, unless there is no time left to wait for it', () => {
  const course = fc.record({ ballots: anyBallots, ballotsAfter: fc.integer({ min: 0, max: 18 }) })
  fc.assert(
    fc.property(course, (given) => {
      const duel = new Duel(given).run()
      expect(duel.refusals).toEqual([])
      expect(duel.sent.map(({ by }) => by)).toEqual(['challenger', 'challenger'])
      expect(duel.verdict).toBe(duel.expected)
    }),
    { numRuns: 25 },
  )
})

test('a verdict that comes late is not left to the challenger', () => {
  const ballots = Array<Ballot>(5).fill('own')
  const deadline = verdictDeadline(rules, FIRST_BLOCK + 1)
  // Asked in blocks 104, 105, 107, 111, 119 and 135.
  const duel = new Duel({ ballots, silentAfter: 1, ballotsAfter: 20 }).run()
  expect(duel.sent.map(({ by, call, head }) => [by, call.do, deadline - head])).toEqual([
    ['challenger', 'challenge', 41],
    ['accused', 'resolve', 6],
  ])
  expect(duel.verdict).toBe(OWN)
})

test('the accused waits some blocks for its challenger, with a verdict and with the end', () => {
  const counted = new Duel({ ballots: Array<Ballot>(5).fill('undecidable'), silentAfter: 1 }).run()
  // Drawn in block 104, as soon as no hash can change.
  expect(counted.sent.map(({ call, head }) => [call.do, head])).toEqual([
    ['challenge', 100],
    ['resolve', 109],
  ])
  expect(counted.money).toEqual({ challenger: -BigInt(rules.quorum) * rules.juryFee, accused: 0n })
  const ended = new Duel({ ballots: Array<Ballot>(5).fill('silent'), silentAfter: 1 }).run()
  expect(ended.sent.map(({ call, head }) => [call.do, head])).toEqual([
    ['challenge', 100],
    ['lapse', 146],
  ])
  expect(ended.money).toEqual({ challenger: 0n, accused: 0n })
})

test('the accused waits while its challenge is out of the chain, and is done when the lease is closed without', () => {
  const dispute = newAccusation(QUOTE, { lease, task, output })
  const post = (event: DisputeEvent) => advanceDispute(context, dispute, event, 0).map((effect) => effect.do)
  post({ type: 'standing', standing: { stage: 'pending', challengedAt: 100 } })
  expect(post({ type: 'standing', standing: { stage: 'none', isOpen: true } })).toEqual([])
  expect(post({ type: 'head', block: 200 })).toEqual([])
  expect(post({ type: 'standing', standing: { stage: 'pending', challengedAt: 199 } })).toEqual([])
  expect(post({ type: 'head', block: 205 })).toEqual(['seats'])
  expect(post({ type: 'standing', standing: { stage: 'none', isOpen: false } })).toEqual(['over'])
  expect(dispute.isOver).toBe(true)
})

/** Returns the receipt of a batch of one. */
function receiptOf(signed: Hex): Receipt {
  const name = leaseOf(NETWORK, QUOTE)
  const what = hashOf('a task')
  const root = toHex(resultLeaf(name, what, signed))
  const signature = seller.signer.sign('ResultBatch', { lease: name, root })
  return { lease: name, task: what, output: signed, index: 0, size: 1, path: [], signature }
}
