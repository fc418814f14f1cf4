import {
  advanceSeller,
  type Context,
  type Finished,
  ProgramLoop,
  type SellerEffect,
  type SellerEvent,
  type SellerLease,
} from '@souk/engine'
import type { FrameStream } from '@souk/network'
import type { EndingCode, Frame, FrameOf } from '@souk/protocol'
import { type BlockStore, type Journal, keepIfRoom } from '@souk/storage'
import type { LeaseContent } from './lease-content.ts'
import type { StandbyContent } from './standby-content.ts'
import type { Workbench } from './workbench.ts'

/** What a lease's program needs from the process around it. */
export interface SaleServices {
  readonly context: Context
  readonly journal: Journal
  readonly blocks: BlockStore
  /** What the lease's attempts read. */
  readonly content: LeaseContent
  /** What an attempt may go on from that has not come yet. */
  readonly standby: StandbyContent
  /** Monotonic milliseconds. */
  clock(): number
  /** The lease ended: its capacity is free, the chain has the rest. */
  settled(runner: SaleRunner, code: EndingCode, why: string): void
  /** The program cannot go on, because the journal cannot be written: the process must stop. */
  fatal(error: unknown): void
}

/** Milliseconds that outputs wait for the acknowledgement of those before them. */
const BATCH_MS = 10

/** Carries out the effects of one lease's program and feeds it its stream (docs/ARCHITECTURE.md, PROTOCOL §6). */
export class SaleRunner {
  readonly state: SellerLease
  readonly peerId: string
  readonly #services: SaleServices
  readonly #workbench: Workbench
  readonly #loop: ProgramLoop<SellerEvent, SellerEffect>
  #stream: FrameStream | null = null
  /** Outputs that wait to be signed. */
  readonly #outputs: Finished[] = []
  #signing: NodeJS.Immediate | null = null
  #late: NodeJS.Timeout | null = null

  constructor(state: SellerLease, workbench: Workbench, services: SaleServices) {
    this.state = state
    this.peerId = state.sale.peerId
    this.#services = services
    this.#workbench = workbench
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceSeller(services.context, state, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: services.fatal,
    })
  }

  /** Feeds one event to the program; resolves when its effects are done. */
  post(event: SellerEvent): Promise<void> {
    if (event.type !== 'tick') return this.#loop.post(event)
    return this.#loop.post({ ...event, executing: this.#workbench.attempts.executing() })
  }

  /** Addresses of the blocks that this lease's requester may fetch. */
  get served(): ReadonlySet<string> {
    return this.#workbench.served
  }

  /** Tells whether a peer may have a block: its requester what it made, other members of the job what it reads. */
  authorizes(peerId: string, cid: string): boolean {
    if (this.peerId === peerId && (this.served.has(cid) || this.#workbench.checkpoints.serves(cid)))
      return true
    return this.isOpen() && this.#services.content.authorizes(peerId, cid)
  }

  /** What runs on the lease, for its requester to look into. */
  get work(): Workbench {
    return this.#workbench
  }

  /** Tells whether the lease still runs on its channel. */
  isOpen(): boolean {
    return this.state.sale.phase === 'active' || this.state.sale.phase === 'draining'
  }

  /** Frees the executor; the last frames may still be on their way. */
  async release(): Promise<void> {
    await Promise.all([this.#workbench.stop(), this.#services.standby.stop()])
  }

  /** Takes over a stream, closing an older one, and reads it until it ends. */
  async attach(stream: FrameStream, frames: AsyncIterator<Frame>, resume?: FrameOf<'resume'>): Promise<void> {
    this.#stream?.abort(new Error('a newer stream resumed this lease'))
    // Closed until the program knows of it: what it queued before must not run ahead of what it sends again.
    this.#stream = null
    if (resume !== undefined) await this.post({ type: 'disconnected' })
    this.#stream = stream
    if (resume !== undefined) await this.post({ type: 'resume', frame: resume })
    try {
      for (let next = await frames.next(); !next.done; next = await frames.next()) {
        // Of no concern to the lease's program: who else has its content, and what may be fetched ahead.
        if (next.value.t === 'secrets') this.#workbench.secrets.take(next.value)
        else if (next.value.t === 'sources') this.#services.content.told(next.value)
        else if (next.value.t === 'ahead') void this.#services.standby.fetch(next.value.cid)
        else {
          const done = this.post({ type: 'frame', frame: next.value })
          // The next frame is taken in while rows are written, but not while frames would pile up.
          if (this.#loop.isBusy) await done
        }
      }
    } catch {
      // How the stream ended is its own affair; the program hears below that it did.
    }
    if (this.#stream !== stream) return
    this.#stream = null
    await this.post({ type: 'disconnected' })
  }

  /** Stops the program and what it executes; the journal has the rest. */
  async stop(): Promise<void> {
    await this.#loop.stop()
    if (this.#late !== null) clearTimeout(this.#late)
    this.#stream?.abort(new Error('the provider stops'))
    await this.release()
  }

  /**
   * Reports how an attempt ended. Outputs that come in the same turn are signed together, and so are those that come
   * while the requester has not acknowledged the last batch: where it is slower than we are, batches grow.
   */
  #answer(event: SellerEvent): void {
    if (event.type !== 'finished') return void this.post(event)
    this.#outputs.push(...event.results)
    if (this.#isAcknowledged()) this.#signing ??= setImmediate(() => this.#sign())
    else this.#late ??= setTimeout(() => this.#sign(), BATCH_MS)
  }

  #isAcknowledged(): boolean {
    return !this.state.channel.unacked.some((frame) => frame.t === 'results')
  }

  #sign(): void {
    if (this.#signing !== null) clearImmediate(this.#signing)
    if (this.#late !== null) clearTimeout(this.#late)
    this.#signing = null
    this.#late = null
    if (this.#outputs.length > 0) void this.post({ type: 'finished', results: this.#outputs.splice(0) })
  }

  #perform(effect: SellerEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#services.journal.commit(effect.writes, effect.durability)
      case 'store':
        return keepIfRoom(this.#services.blocks, effect.blocks)
      case 'send':
        // Not awaited: a peer that does not read must not stop our clock; the queue of the stream is bounded.
        this.#stream?.send(effect.frame).catch(() => {})
        return
      case 'execute':
        void this.#workbench
          .execute(effect.attempt, (event) => void this.post(event))
          .then((event) => this.#answer(event))
        return
      case 'abort':
        this.#workbench.abort(effect.attempts)
        return
      case 'shelve':
        return this.#workbench.checkpoints.keepOnly(effect.attempt, effect.cids)
      case 'hang-up':
        void this.#stream?.close()
        this.#stream = null
        return
      case 'settle':
        this.#services.settled(this, effect.code, effect.why)
        return
    }
  }
}
