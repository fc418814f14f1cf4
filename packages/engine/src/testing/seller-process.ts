import { type Attempt, type Frame, type FrameOf, type Hex, outputDigest } from '@souk/protocol'
import type { Context, Head } from '../program.ts'
import { isOver, put, type Sale, sales, saved } from '../records.ts'
import { advanceSeller } from '../seller-lease.ts'
import { type SellerEffect, type SellerEvent, type SellerLease, sellerLease } from '../seller-state.ts'
import type { MemoryJournal } from './memory-journal.ts'
import { roundedOutput } from './near.ts'
import { outputOf } from './parties.ts'
import { Process } from './process.ts'
import type { ProgramWorker } from './program-worker.ts'
import { STEPS, savedAt, stepOf } from './saving.ts'
import type { End } from './wire.ts'
import type { World } from './world.ts'

/** What a simulated provider needs from the world around it. */
export interface SellerWorld {
  readonly world: World
  readonly context: Context
  readonly journal: MemoryJournal
  /** Attempts that each lease may have in flight. */
  readonly credit: number
  /** Which wrong output it gives; 0 for an honest provider. */
  readonly lie: number
  /** In which way its programs round; null where all machines do alike. */
  readonly rounding: number | null
  /** Whether its programs save while they run. */
  readonly saves: boolean
  /** Checkpoints that are pinned, by attempt: they outlive the process. */
  readonly shelves: Map<string, Set<string>>
  /** Whether an attempt fails here instead of giving an output. */
  fails(attempt: Attempt): boolean
  /** How many times longer everything takes here; never done where it is infinite. As fast as any unless given. */
  slowness?(attempt: Attempt): number
  /** Told of everything that a program does. */
  report(event: SellerEffect, lease: Hex): void
}

interface Sold {
  readonly state: SellerLease
  readonly worker: ProgramWorker<SellerEvent, SellerEffect>
  end: End | null
}

const MOST_RUN_MS = 1_500
/** Milliseconds between two steps of a program that saves. */
const MOST_STEP_MS = 400

/** Carries out the effects of a provider's leases. */
export class SellerProcess extends Process {
  readonly leases = new Map<Hex, Sold>()
  readonly #around: SellerWorld
  readonly #running = new Set<string>()

  /** Starts; leases of an earlier run are over, because their executors died with it. */
  constructor(around: SellerWorld) {
    super(around.world)
    this.#around = around
    around.shelves.clear()
    const rows = around.journal.scan(saved.table)
    around.journal.commit(rows.map(([key]) => ({ table: saved.table, key, value: null })))
    for (const sale of around.journal.all(sales).values()) {
      if (!isOver(sale.phase)) around.journal.commit([put(sales, sale.lease, { ...sale, phase: 'lost' })])
    }
  }

  /** Starts a lease over `end`. */
  begin(sale: Sale, head: Head, end: End): void {
    const { context, credit } = this.#around
    const state = sellerLease(sale, head, credit, this.nowMs)
    const worker = this.host<SellerEvent, SellerEffect>(
      (event) => advanceSeller(context, state, event, this.nowMs),
      (effect) => this.#perform(sale.lease, effect),
    )
    this.leases.set(sale.lease, { state, worker, end: null })
    this.#attach(sale.lease, end)
    end.send({
      t: 'started',
      signature: sale.providerSignature,
      boot: context.boot,
      credit: state.credit,
      held: sale.held,
    })
  }

  /** Answers a new connection, whose first frame is `resume`. */
  accept(end: End): void {
    end.onFrame = (frame) => {
      if (this.isAlive && frame.t === 'resume') this.#resume(end, frame)
    }
  }

  /** Feeds an event to the leases. */
  broadcast(event: SellerEvent): void {
    for (const { worker } of this.leases.values()) worker.post(event)
  }

  protected override tick(): void {
    this.broadcast({ type: 'tick' })
  }

  protected override hangUp(): void {
    for (const { end } of this.leases.values()) end?.close()
  }

  #resume(end: End, frame: FrameOf<'resume'>): void {
    const one = this.leases.get(frame.lease)
    if (one === undefined) {
      this.#refuse(end, frame.lease)
      return
    }
    // The program hears that the old stream is gone before the new one can carry anything.
    one.end?.close()
    one.end = null
    one.worker.post({ type: 'disconnected' })
    this.#attach(frame.lease, end)
    one.worker.post({ type: 'resume', frame })
  }

  #refuse(end: End, lease: Hex): void {
    const code = 'unknown-lease' as const
    const signature = this.#around.context.signer.sign('Ending', { lease, code })
    end.send({ t: 'ended', seq: 1, ack: 0, code, message: 'unknown', signature, close: null })
    end.close()
  }

  #attach(lease: Hex, end: End): void {
    const one = this.leases.get(lease)
    if (one === undefined) return
    one.end = end
    // What may be fetched ahead is no concern of the lease's program.
    end.onFrame = (frame: Frame) => {
      if (frame.t !== 'ahead') one.worker.post({ type: 'frame', frame })
    }
    end.onClose = () => {
      if (one.end !== end) return
      one.end = null
      one.worker.post({ type: 'disconnected' })
    }
  }

  #perform(lease: Hex, effect: SellerEffect): void {
    const one = this.leases.get(lease)
    if (one === undefined) return
    this.#around.report(effect, lease)
    switch (effect.do) {
      case 'persist':
        this.#around.journal.commit(effect.writes, effect.durability)
        return
      case 'send':
        one.end?.send(effect.frame)
        return
      case 'execute':
        this.#execute(one, effect.attempt)
        return
      case 'abort':
        for (const id of effect.attempts) this.#running.delete(id)
        return
      case 'shelve':
        this.#shelve(effect.attempt, effect.cids)
        return
      case 'hang-up':
        one.end?.close()
        one.end = null
        return
      default:
        return
    }
  }

  #shelve(attempt: string, cids: readonly string[]): void {
    const { shelves } = this.#around
    const kept = [...(shelves.get(attempt) ?? [])].filter((cid) => cids.includes(cid))
    if (kept.length > 0) shelves.set(attempt, new Set(kept))
    else shelves.delete(attempt)
  }

  /** Saves after each step, from wherever it begins, and ends with the last. */
  #step(one: Sold, attempt: Attempt, step: number, slowness: number): void {
    this.world.after(slowness * this.world.integer(10, MOST_STEP_MS), () => {
      if (!this.isAlive || !this.#running.has(attempt.id)) return
      if (step > STEPS) {
        this.#running.delete(attempt.id)
        one.worker.post(this.#outcome(attempt))
        return
      }
      const cid = savedAt(Number(attempt.task.args[0]), step)
      const shelf = this.#around.shelves.get(attempt.id) ?? new Set()
      this.#around.shelves.set(attempt.id, shelf.add(cid))
      one.worker.post({ type: 'saved', attempt: attempt.id, checkpoint: { cid, bytes: step } })
      this.#step(one, attempt, step + 1, slowness)
    })
  }

  #execute(one: Sold, attempt: Attempt): void {
    this.#running.add(attempt.id)
    const slowness = this.#around.slowness?.(attempt) ?? 1
    if (!Number.isFinite(slowness)) return
    if (this.#around.saves) {
      this.#step(one, attempt, stepOf(Number(attempt.task.args[0]), attempt.task.checkpoint) + 1, slowness)
      return
    }
    this.world.after(slowness * this.world.integer(10, MOST_RUN_MS), () => {
      if (!this.isAlive || !this.#running.delete(attempt.id)) return
      one.worker.post(this.#outcome(attempt))
    })
  }

  #outcome(attempt: Attempt): SellerEvent {
    if (this.#around.fails(attempt)) {
      return { type: 'failed', attempt: attempt.id, code: 'internal', message: 'it failed' }
    }
    const { lie, rounding } = this.#around
    const truth = rounding === null ? outputOf(attempt.task) : roundedOutput(attempt.task, rounding)
    const output = lie === 0 ? truth : outputOf(attempt.task, lie)
    const falsified = outputDigest(output) !== outputDigest(truth)
    return { type: 'finished', results: [{ attempt: attempt.id, output, inline: [], falsified }] }
  }
}
