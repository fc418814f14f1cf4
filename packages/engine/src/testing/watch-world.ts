import { type CourtRules, EPOCH_SLOTS, epochOf, epochStart, type Hex, slotStart } from '@souk/protocol'
import { votes } from '../court-records.ts'
import type { CourtSigner } from '../court-signer.ts'
import type { Write } from '../program.ts'
import type { Lot, WatchEffect, WatchEvent } from '../watch-state.ts'
import { courtParty, courtRules, hashOf } from './court-parties.ts'
import { MemoryJournal } from './memory-journal.ts'
import { covers, isWithin, touches, type WatchPlan } from './watch-plan.ts'
import { WatcherProcess } from './watch-process.ts'
import { World } from './world.ts'

const BLOCK_MS = 1_000
/** The chain begins in the middle of an epoch, and the run ends well after the next one. */
const FIRST_SLOT = 12
const BLOCKS_AFTER = 3

interface Watcher {
  readonly signer: CourtSigner
  readonly journal: MemoryJournal
  process: WatcherProcess | null
  boots: number
}

/** Watchers, subjects and a chain in virtual time, through one whole epoch; crashes, cuts and outages as planned. */
export class WatchWorld {
  readonly plan: WatchPlan
  readonly rules: CourtRules
  readonly world: World
  readonly violations: string[] = []
  readonly subjects: readonly CourtSigner[]
  readonly watchers: readonly Watcher[]
  /** The most probes that one watcher had under way. */
  mostInFlight = 0
  /** When each block came. */
  readonly #blockMs = new Map<number, number>()
  #head: number

  constructor(plan: WatchPlan) {
    this.plan = plan
    this.rules = courtRules({ slotBlocks: plan.slotBlocks, leastWatchers: 1 })
    this.world = new World(plan.seed)
    this.#head = slotStart(this.rules, 0, FIRST_SLOT)
    this.subjects = Array.from({ length: plan.subjects }, (_, i) => courtParty(100 + i))
    this.watchers = Array.from({ length: plan.watchers }, (_, i) => ({
      signer: courtParty(1 + i),
      journal: new MemoryJournal((write, before) => this.#checkWrite(write, before)),
      process: null,
      boots: 0,
    }))
  }

  /** Returns who is drawn for an epoch. */
  lot(epoch: number): Lot {
    return { table: this.watchers.map(({ signer }) => signer.address), seed: hashOf(`seed ${epoch}`) }
  }

  /** Runs until epoch 1 is over and looks at all votes. */
  run(): this {
    for (const index of this.watchers.keys()) this.#start(index)
    this.#mine()
    for (const { who, atMs, effects, downMs } of this.plan.crashes) {
      this.world.after(atMs, () => this.#crash(who % this.watchers.length, effects, downMs))
    }
    const last = epochStart(this.rules, 2) + BLOCKS_AFTER * this.rules.slotBlocks
    this.world.run(Number.POSITIVE_INFINITY, () => this.#head >= last)
    return this
  }

  #start(index: number): void {
    const watcher = this.watchers[index]
    if (watcher === undefined) return
    watcher.boots += 1
    watcher.process = new WatcherProcess({
      world: this.world,
      context: { rules: this.rules, signer: watcher.signer },
      journal: watcher.journal,
      secret: hashOf(`${this.plan.seed} ${index} ${watcher.boots}`),
      subjects: new Map(this.subjects.map(({ address }, i) => [address, { peerId: `${i}`, addresses: [] }])),
      carryOut: (effect, post) => this.#carryOut(index, effect, post),
    })
  }

  #crash(index: number, effects: number, downMs: number): void {
    const watcher = this.watchers[index]
    watcher?.process?.crashAfter(effects, () => {
      watcher.process = null
      this.world.after(downMs, () => this.#start(index))
    })
  }

  #mine(): void {
    this.#head += 1
    this.#blockMs.set(this.#head, this.world.nowMs)
    for (const { process } of this.watchers) process?.post({ type: 'head', block: this.#head })
    this.world.after(BLOCK_MS, () => this.#mine())
  }

  #carryOut(index: number, effect: WatchEffect, post: (event: WatchEvent) => void): void {
    switch (effect.do) {
      case 'seats': {
        const { epoch } = effect
        this.world.after(this.world.integer(1, 20), () => post({ type: 'seats', epoch, ...this.lot(epoch) }))
        return
      }
      case 'probe':
        this.#probe(index, effect, post)
        return
      case 'voted':
        this.#checkVote(index, effect)
        return
      case 'persist':
        return
    }
  }

  /** A subject answers where it is up and the watcher is not cut off, from asking to answering; else all is silent. */
  #probe(
    index: number,
    { subject, nonce, timeoutMs }: Extract<WatchEffect, { do: 'probe' }>,
    post: (event: WatchEvent) => void,
  ): void {
    const who = this.subjects.findIndex(({ address }) => address === subject)
    const { world, plan } = this
    this.mostInFlight = Math.max(this.mostInFlight, this.watchers[index]?.process?.watch.flights.size ?? 0)
    const isOpen = () => !isWithin(plan.outages, who, world.nowMs) && !isWithin(plan.cuts, index, world.nowMs)
    const wasOpen = isOpen()
    world.after(wasOpen ? world.integer(5, 60) : timeoutMs, () => {
      const signer = wasOpen && isOpen() ? this.subjects[who] : undefined
      post({ type: 'probed', nonce, signature: signer?.sign('Probe', { nonce }) ?? null })
    })
  }

  /** Notes a violation unless `condition` holds. */
  expect(condition: boolean, violation: string): void {
    if (!condition) this.violations.push(violation)
  }

  #checkWrite(write: Write, before: Uint8Array | undefined): void {
    if (write.value === null) {
      const untilBlock = before === undefined ? 0 : votes.codec.decode(before).untilBlock
      this.expect(untilBlock <= this.#head, `${write.key} was forgotten in block ${this.#head}`)
    } else this.expect(before === undefined, `${write.key} was written twice`)
  }

  /** Holds a vote against what really happened in its slots. */
  #checkVote(index: number, vote: Extract<WatchEffect, { do: 'voted' }>): void {
    const { subject, key, epoch, seen, up } = vote
    const watcher = this.watchers[index]
    const row = watcher?.journal.one(votes, subject)
    const who = this.subjects.findIndex(({ address }) => address === key)
    const startedMs = watcher?.process?.startedMs ?? 0
    this.expect(row !== undefined, `a vote on ${subject} left without a row`)
    this.expect(epochOf(this.rules, this.#head) > epoch, `epoch ${epoch} was voted on before its end`)
    for (let slot = 0; slot < EPOCH_SLOTS; slot++) {
      if ((seen & (1 << slot)) === 0) continue
      const [fromMs, untilMs] = this.#span(epoch, slot)
      const name = `watcher ${index} on ${who}, slot ${slot} of ${epoch}`
      const isUp = (up & (1 << slot)) !== 0
      const { outages, cuts } = this.plan
      this.expect(fromMs >= startedMs, `${name}: judged while it was starting`)
      this.expect(!covers(cuts, index, fromMs, untilMs), `${name}: judged while it was cut off`)
      this.expect(!isUp || !covers(outages, who, fromMs, untilMs), `${name}: called up, was down throughout`)
      const isFalse =
        !isUp && !touches(outages, who, fromMs, untilMs) && !touches(cuts, index, fromMs, untilMs)
      this.expect(!isFalse, `${name}: called down, was up throughout`)
    }
  }

  #span(epoch: number, slot: number): [fromMs: number, untilMs: number] {
    const time = (block: number) => this.#blockMs.get(block) ?? 0
    return [time(slotStart(this.rules, epoch, slot)), time(slotStart(this.rules, epoch, slot + 1))]
  }

  /** Returns the votes of a watcher's journal. */
  votesOf(index: number): Map<string, { value: Hex; signature: Hex }> {
    return this.watchers[index]?.journal.all(votes) ?? new Map()
  }
}
