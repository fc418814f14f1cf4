import {
  downtimeSubject,
  epochOf,
  epochStart,
  type Hex,
  NOBODY,
  observationValue,
  reportDeadline,
  seatHolders,
  slotCount,
  slotsInside,
  tally,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advanceClaim } from './court-claim.ts'
import { type Claim, type ClaimEffect, type ClaimEvent, newClaim } from './court-claim-state.ts'
import type { Answer } from './court-collect.ts'
import { ContractCopy } from './testing/court-contract.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { contextOf, quoteOf } from './testing/parties.ts'
import { QUIET } from './testing/watch-plan.ts'
import { WatchWorld } from './testing/watch-world.ts'

const SLOT_BLOCKS = 2
const rules = courtRules({ slotBlocks: SLOT_BLOCKS, reportBlocks: 40, quorum: 4, seats: 7 })
const EPOCH = 16 * SLOT_BLOCKS
const SUBJECT = courtParty(100)
const LEASED = quoteOf(contextOf(1, 1), contextOf(2, 1), 1, {
  resultSigner: SUBJECT.address,
  bond: 1_000n,
  slotPenalty: 1n,
})

/** How one watcher answers. */
interface Behaviour {
  readonly kind: 'honest' | 'silent' | 'forged' | 'malformed'
  /** Slots it calls down. */
  readonly down: number
  /** Questions that it leaves open before it answers. */
  readonly late: number
}

interface Case {
  readonly behaviours: readonly Behaviour[]
  readonly from: number
  readonly blocks: number
  readonly refuted: number
  /** Which of the reports are lost on their way. */
  readonly lost: readonly boolean[]
  /** Block in which the first key of the table is slashed. */
  readonly slashed: number | null
  readonly bond: bigint
}

const map = fc.oneof(fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff }))
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  kind: fc.constantFrom('honest', 'honest', 'honest', 'honest', 'silent', 'forged', 'malformed'),
  down: map,
  late: fc.integer({ min: 0, max: 2 }),
})
const cases: fc.Arbitrary<Case> = fc.record({
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 8 }),
  from: fc.integer({ min: 0, max: 2 * EPOCH }),
  blocks: fc.integer({ min: 1, max: 2 * EPOCH }),
  refuted: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })),
  lost: fc.array(fc.boolean(), { maxLength: 3 }),
  slashed: fc.option(fc.integer({ min: EPOCH, max: 4 * EPOCH }), { nil: null }),
  bond: fc.constantFrom(1_000n, 1_000n, 3n),
})

/** A claim, the watchers it asks, and a copy of the contract that it reports to; one block a second. */
class Trial {
  readonly contract = new ContractCopy(rules)
  readonly claim: Claim
  readonly given: Case
  readonly effects: ClaimEffect[] = []
  readonly refusals: string[] = []
  readonly rewarded: number[] = []
  readonly #asked = new Map<string, number>()
  /** The tables as they were first read. */
  readonly #read = new Map<number, Hex[]>()
  #head = 0
  #lost: boolean[]

  constructor(given: Case) {
    this.given = given
    this.#lost = [...given.lost]
    this.claim = newClaim({ ...LEASED, bond: given.bond }, this.#lease())
    for (let epoch = 0; epoch < 5; epoch++)
      this.contract.records.set(epoch, { down: 0, refuted: given.refuted })
  }

  #lease() {
    const { from, blocks } = this.given
    const records = [...this.contract.records.values()]
    const downSlots = records.reduce((sum, { down }) => sum + slotCount(down), 0)
    return { from, until: from + blocks, downSlots, isClosed: false }
  }

  /** The keys of the table; the first leaves an empty place once it is slashed. */
  table(): Hex[] {
    const { behaviours, slashed } = this.given
    const isSlashed = slashed !== null && this.#head >= slashed
    return behaviours.map((_, i) => (i === 0 && isSlashed ? NOBODY : courtParty(1 + i).address))
  }

  run(): this {
    const end = this.given.from + this.given.blocks + EPOCH + rules.reportBlocks + 2
    for (; this.#head <= end; this.#head += 1) {
      this.#post({ type: 'head', block: this.#head })
    }
    return this
  }

  #seats(epoch: number, fresh: boolean): ClaimEvent {
    const table = (fresh ? undefined : this.#read.get(epoch)) ?? this.table()
    this.#read.set(epoch, table)
    return { type: 'seats', epoch, table, seed: hashOf(epoch) }
  }

  #post(event: ClaimEvent): void {
    const context = { rules, court: COURT }
    for (const effect of advanceClaim(context, this.claim, event, this.#head * 1_000)) {
      this.effects.push(effect)
      this.#carryOut(effect)
    }
  }

  #carryOut(effect: ClaimEffect): void {
    switch (effect.do) {
      case 'look':
        this.#post({ type: 'record', epoch: effect.epoch, ...this.#record(effect.epoch) })
        this.#post(this.#seats(effect.epoch, effect.fresh))
        return
      case 'ask':
        this.#post({ type: 'answered', epoch: effect.epoch, key: effect.key, vote: this.#answer(effect) })
        return
      case 'report':
        this.#mine(effect)
        return
      case 'over':
        return
    }
  }

  #record(epoch: number) {
    return this.contract.records.get(epoch) ?? { down: 0, refuted: 0 }
  }

  #answer({ subject, key }: Extract<ClaimEffect, { do: 'ask' }>): Answer | null {
    const index = this.given.behaviours.findIndex((_, i) => courtParty(1 + i).address === key)
    const { kind, down, late } = this.given.behaviours[index] ?? { kind: 'silent', down: 0, late: 0 }
    const asked = (this.#asked.get(`${subject} ${key}`) ?? 0) + 1
    this.#asked.set(`${subject} ${key}`, asked)
    if (kind === 'silent' || asked <= late) return null
    const value = kind === 'malformed' ? hashOf('no maps') : observationValue({ seen: down, up: 0 })
    const signer = courtParty(kind === 'forged' ? 99 : 1 + index)
    return { value, signature: signer.sign('Vote', { subject, value }) }
  }

  #mine({ quote, epoch, slots, votes }: Extract<ClaimEffect, { do: 'report' }>): void {
    if (this.#lost.shift()) return
    const lot = { table: this.table(), seed: hashOf(epoch) }
    const ruling = this.contract.report(this.#head + 1, quote, this.#lease(), epoch, lot, votes)
    if (typeof ruling === 'string') {
      this.refusals.push(ruling)
      return
    }
    this.rewarded.push(ruling)
    if (ruling !== slots) this.refusals.push('not the slots that it says')
    for (const { seat } of votes) {
      const fewer = new ContractCopy(rules)
      fewer.records.set(epoch, { down: 0, refuted: this.given.refuted })
      const some = votes.filter((vote) => vote.seat !== seat)
      const without = fewer.report(this.#head + 1, quote, this.#lease(), epoch, lot, some)
      if (without === ruling) this.refusals.push('a vote too many')
    }
    this.#post({ type: 'record', epoch, ...this.#record(epoch) })
    this.#post({ type: 'lease', lease: this.#lease() })
  }

  /** Returns the slots of an epoch that the answers prove down, by the contract's own rule. */
  provable(epoch: number): number {
    const { behaviours, from, blocks, refuted } = this.given
    const table = this.table()
    if (table.length < rules.leastWatchers) return 0
    const holders = seatHolders(rules, table, hashOf(epoch), downtimeSubject(LEASED.resultSigner, epoch))
    const maps = holders.map((key) => {
      const { kind, down } = behaviours[table.indexOf(key)] ?? { kind: 'silent', down: 0 }
      return kind === 'honest' && key !== NOBODY ? down : 0
    })
    return tally(maps, rules.quorum) & slotsInside(rules, epoch, from, from + blocks) & ~refuted
  }
}

const HONEST: Case = {
  behaviours: Array.from({ length: 5 }, () => ({ kind: 'honest', down: 0xffff, late: 0 })),
  from: EPOCH / 2,
  blocks: EPOCH,
  refuted: 0,
  lost: [],
  slashed: null,
  bond: 1_000n,
}

describe('a claim', () => {
  test('has the slots of an outage counted, each once, by as few votes as prove them', () => {
    const trial = new Trial(HONEST).run()
    expect(trial.refusals).toEqual([])
    expect(trial.rewarded).toEqual([0xff00, 0x00ff])
    const reports = trial.effects.filter((effect) => effect.do === 'report')
    expect(reports.map(({ votes }) => votes.length)).toEqual([rules.quorum, rules.quorum])
    expect(trial.effects.at(-1)).toEqual({ do: 'over' })
  })

  test('proves an outage by what watchers saw of it', () => {
    const outages = [{ who: 1, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }]
    const world = new WatchWorld({ ...QUIET, outages, slotBlocks: 2 }).run()
    const resultSigner = world.subjects[1]?.address ?? NOBODY
    const lease = { from: EPOCH, until: 2 * EPOCH, downSlots: 0, isClosed: false }
    const claim = newClaim({ ...LEASED, resultSigner }, lease)
    const post = (event: ClaimEvent) => advanceClaim({ rules: world.rules, court: COURT }, claim, event, 0)
    post({ type: 'head', block: 2 * EPOCH })
    post({ type: 'record', epoch: 1, down: 0, refuted: 0 })
    const asked = post({ type: 'seats', epoch: 1, ...world.lot(1) })
    const effects = asked.flatMap((effect) => {
      if (effect.do !== 'ask') return []
      const index = world.watchers.findIndex(({ signer }) => signer.address === effect.key)
      const vote = world.votesOf(index).get(effect.subject) ?? null
      return post({ type: 'answered', epoch: 1, key: effect.key, vote })
    })
    const [report] = effects.filter((effect) => effect.do === 'report')
    const contract = new ContractCopy(world.rules)
    const block = 2 * EPOCH + 1
    expect(contract.report(block, claim.quote, lease, 1, world.lot(1), report?.votes ?? [])).toBe(0xffff)
  })

  test('never sends what the contract refuses, and leaves nothing that could be proven', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const trial = new Trial(given).run()
        expect(trial.refusals.filter((each) => each !== 'NotSeated' || given.slashed === null)).toEqual([])
        const last = epochOf(rules, given.from + given.blocks - 1)
        const isFull = () => {
          const records = [...trial.contract.records.values()]
          return BigInt(records.reduce((sum, { down }) => sum + slotCount(down), 0)) >= given.bond
        }
        for (let epoch = 0; epoch <= last && !isFull(); epoch++) {
          const found = trial.contract.records.get(epoch)?.down ?? 0
          const provable = trial.provable(epoch)
          // What was found before a key was slashed stays; after it, there is time to ask and to report again.
          if (given.slashed === null) expect(found, `epoch ${epoch}`).toBe(provable)
          else if (given.slashed < reportDeadline(rules, epoch) - 40) expect(found & provable).toBe(provable)
        }
        expect(trial.claim.isOver).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('stops when the penalty has reached the bond', () => {
    const trial = new Trial({ ...HONEST, bond: 8n }).run()
    expect(trial.rewarded).toEqual([0xff00])
    const asked = trial.effects.flatMap((effect) => (effect.do === 'ask' ? effect.epoch : []))
    expect(new Set(asked)).toEqual(new Set([0]))
  })

  test('asks silent watchers ever more seldom, and for no longer than a report is possible', () => {
    const behaviours = HONEST.behaviours.map((each) => ({ ...each, kind: 'silent' as const }))
    const trial = new Trial({ ...HONEST, behaviours, from: 0, blocks: EPOCH }).run()
    const asks = trial.effects.filter((effect) => effect.do === 'ask')
    // Pauses of 1, 2, 4, 8, 16, … s fit six times into the 40 blocks.
    for (const key of new Set(asks.map((ask) => ask.key))) {
      const count = asks.filter((ask) => ask.key === key).length
      expect(count).toBeGreaterThan(3)
      expect(count).toBeLessThanOrEqual(6)
    }
    expect(trial.claim.isOver).toBe(true)
    expect(trial.rewarded).toEqual([])
  })

  test('does not wait for the last watcher for ever', () => {
    const behaviours = HONEST.behaviours.map((each, i) => ({ ...each, kind: i === 0 ? 'silent' : each.kind }))
    const trial = new Trial({ ...HONEST, behaviours: behaviours as Behaviour[] }).run()
    const provable = [trial.provable(0), trial.provable(1)]
    expect(trial.rewarded).toEqual(provable.filter((slots) => slots !== 0))
    expect(trial.refusals).toEqual([])
  })

  test('takes up no epoch that can no longer be reported, however late it begins', () => {
    const claim = newClaim(LEASED, { from: 0, until: 100 * EPOCH, downSlots: 0, isClosed: false })
    const head = epochStart(rules, 60) + 3
    const effects = advanceClaim({ rules, court: COURT }, claim, { type: 'head', block: head }, 0)
    const looked = effects.flatMap((effect) => (effect.do === 'look' ? effect.epoch : []))
    expect(looked).toEqual([58, 59].filter((epoch) => head + 1 < reportDeadline(rules, epoch)))
    expect(looked.length).toBeGreaterThan(0)
  })

  /** A claim on epoch 0 whose votes are all there, except those of one key; at the head before that answers. */
  const waiting = () => {
    const claim = newClaim(LEASED, { from: 0, until: EPOCH, downSlots: 0, isClosed: false })
    const table = Array.from({ length: 3 }, (_, i) => courtParty(1 + i).address)
    const seed = hashOf(0)
    const subject = downtimeSubject(LEASED.resultSigner, 0)
    const value = observationValue({ seen: 0xffff, up: 0 })
    const post = (event: ClaimEvent, nowMs = 0) => advanceClaim({ rules, court: COURT }, claim, event, nowMs)
    const answer = (key: number, nowMs = 0) => {
      const signer = courtParty(key)
      const vote = { value, signature: signer.sign('Vote', { subject, value }) }
      return post({ type: 'answered', epoch: 0, key: signer.address, vote }, nowMs)
    }
    post({ type: 'head', block: EPOCH })
    post({ type: 'record', epoch: 0, down: 0, refuted: 0 })
    post({ type: 'seats', epoch: 0, table, seed })
    return { post, answer, lot: { table, seed }, deadline: reportDeadline(rules, 0) }
  }
  const doing = (effects: readonly ClaimEffect[]) => effects.map((effect) => effect.do)

  test('reports in the last block that can still be mined in time, and in none after it', () => {
    const inTime = waiting()
    inTime.post({ type: 'head', block: inTime.deadline - 2 })
    expect(doing([1, 2, 3].flatMap((key) => inTime.answer(key)))).toContain('report')
    const late = waiting()
    expect(doing(late.post({ type: 'head', block: late.deadline - 1 }))).toEqual(['over'])
    expect([1, 2, 3].flatMap((key) => late.answer(key))).toEqual([])
  })

  test.each([
    // An eighth of the 40 blocks for reports.
    ['again after some blocks without effect', 0, [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]],
    ['once where the court has counted it', 0xffff, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('sends a report %s', (_, down, expected) => {
    const { post, answer, lot } = waiting()
    expect(doing([1, 2, 3].flatMap((key) => answer(key)))).toEqual(['report'])
    const reports = (block: number) => {
      const effects = post({ type: 'head', block })
      const looks = effects.filter((effect) => effect.do === 'look')
      const found = looks.flatMap(({ epoch }) => [
        ...post({ type: 'record', epoch, down, refuted: 0 }),
        ...post({ type: 'seats', epoch, ...lot }),
      ])
      return doing([...effects, ...found]).filter((what) => what === 'report').length
    }
    expect(expected.map((_count, i) => reports(EPOCH + 1 + i))).toEqual(expected)
  })

  test('reports by those who still hold seats, where one of them was slashed', () => {
    const slashed = 2 * EPOCH + 1
    const behaviours = HONEST.behaviours.slice(0, 3).map((each, i) => ({ ...each, late: i === 1 ? 1 : 0 }))
    const trial = new Trial({ ...HONEST, behaviours, slashed }).run()
    expect(trial.refusals).toEqual(['NotSeated'])
    expect(trial.rewarded).toEqual([0xff00, 0x00ff])
    const looks = trial.effects.flatMap((effect) =>
      effect.do === 'look' ? [[effect.epoch, effect.fresh]] : [],
    )
    expect(looks).toEqual([
      [0, false],
      [1, false],
      [1, true],
    ])
  })

  test('is over when the lease is closed', () => {
    const claim = newClaim(LEASED, { from: 0, until: EPOCH, downSlots: 0, isClosed: false })
    const post = (event: ClaimEvent) => advanceClaim({ rules, court: COURT }, claim, event, 0)
    post({ type: 'head', block: EPOCH })
    expect(post({ type: 'lease', lease: { ...claim.lease, isClosed: true } })).toEqual([{ do: 'over' }])
    expect(post({ type: 'head', block: EPOCH + 1 })).toEqual([])
  })

  test('still takes what the court found where it was over before the lease was read', () => {
    const claim = newClaim(LEASED, { from: 0, until: EPOCH, downSlots: 0, isClosed: false })
    const post = (event: ClaimEvent) => advanceClaim({ rules, court: COURT }, claim, event, 0)
    expect(doing(post({ type: 'head', block: reportDeadline(rules, 0) }))).toEqual(['over'])
    expect(post({ type: 'lease', lease: { ...claim.lease, downSlots: 3, isClosed: true } })).toEqual([])
    expect(claim.lease.downSlots).toBe(3)
  })
})
