import type { Head } from '@souk/engine'
import type { World } from '@souk/engine/testing'
import type { EscrowCall, EscrowModel } from './escrow-model.ts'
import type { ChainPlan } from './scenario.ts'

/** Unix seconds at which simulated chains begin. */
export const GENESIS = 1_000
/** Blocks that may give way to others. */
const DEEPEST = 3
/** Share of transactions that wait for a later block. */
const WAITS = 1 / 3

interface Block {
  readonly head: Head
  readonly calls: readonly EscrowCall[]
  /** The escrow before this block. */
  readonly before: EscrowModel
}

/** A chain in virtual time: blocks, transactions that wait, stalls, and shallow reorganisations. */
export class ChainModel {
  escrow: EscrowModel
  head: Head = { number: 1, timestampSeconds: GENESIS }
  readonly #world: World
  readonly #newest: Block[] = []
  #waiting: EscrowCall[] = []
  #stalledUntilMs = 0

  /** `told` hears of every block. */
  constructor(
    world: World,
    plan: ChainPlan,
    escrow: EscrowModel,
    told: (calls: readonly EscrowCall[]) => void,
  ) {
    this.#world = world
    this.escrow = escrow
    world.every(plan.blockMs, () => {
      if (world.nowMs < this.#stalledUntilMs) return
      told(this.#mine())
    })
  }

  /** Takes a transaction, which some block will hold. */
  submit(call: EscrowCall): void {
    this.#waiting.push(call)
  }

  /** Makes no blocks for so long. */
  stall(forMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#world.nowMs + forMs)
  }

  /** Drops the newest blocks; what was in them is sent again, and as many blocks come at once in their place. */
  reorganise(depth: number): void {
    const dropped = this.#newest.splice(-Math.min(depth, DEEPEST))
    const [first] = dropped
    if (first === undefined) return
    this.escrow = first.before
    this.head = { ...first.head, number: first.head.number - 1 }
    this.#waiting.unshift(...dropped.flatMap(({ calls }) => calls))
    for (const _ of dropped) this.#mine()
  }

  #mine(): readonly EscrowCall[] {
    const seconds = GENESIS + Math.floor(this.#world.nowMs / 1_000)
    this.head = { number: this.head.number + 1, timestampSeconds: seconds }
    const before = this.escrow
    this.escrow = before.copy()
    const waits = this.#waiting.map(() => this.#world.random() < WAITS)
    const calls = this.#waiting.filter((_, at) => waits[at] !== true)
    this.#waiting = this.#waiting.filter((_, at) => waits[at] === true)
    const at = { block: this.head.number, timestampSeconds: seconds }
    for (const call of calls) this.escrow.apply(call, at)
    this.#newest.push({ head: this.head, calls, before })
    if (this.#newest.length > DEEPEST) this.#newest.shift()
    return calls
  }
}
