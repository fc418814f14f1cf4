import {
  advanceBuyer,
  type BuyerEffect,
  type BuyerEvent,
  type BuyerLease,
  type Context,
  type Delivery,
  isOver,
  ProgramLoop,
} from '@souk/engine'
import { type FrameStream, openLeaseStream, type SoukNode } from '@souk/network'
import {
  type FailureCode,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  type SecretFiles,
} from '@souk/protocol'
import { type BlockStore, type Journal, keepIfRoom } from '@souk/storage'
import { nextFrame } from './next-frame.ts'
import { isRefused } from './refused.ts'

/** Hears what comes over the channels of leases, to tell which providers are there. */
export interface LeaseWatcher {
  /** A channel has come up. */
  up(runner: PurchaseRunner): void
  heard(runner: PurchaseRunner, frame: Frame): void
  /** A channel is gone; `byUs`: we hung up. */
  down(runner: PurchaseRunner, byUs: boolean): void
  /** Nobody listens where the provider was. */
  refused(runner: PurchaseRunner): void
  /** The lease has ended. */
  over(runner: PurchaseRunner): void
}

/** What a purchased lease needs from the process around it. */
export interface PurchaseServices {
  readonly context: Context
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly health: LeaseWatcher
  /** Monotonic milliseconds. */
  clock(): number
  /** The journal cannot be written: the process must stop. */
  fatal(error: unknown): void
  /** Hears what goes wrong beside everything else. */
  onProblem(sentence: string, error: unknown): void
  /** Resolves when nothing more would be lost by closing: evidence against the provider is on the chain. */
  beforeClose(lease: Hex): Promise<void>
  /** The lease is over: look at the chain soon. */
  settle(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void
}

/** The job that a lease works for. */
export interface LeaseUser {
  deliver(runner: PurchaseRunner, deliveries: readonly Delivery[]): void
  failed(runner: PurchaseRunner, attempt: string, code: FailureCode, message: string): void
  saved(runner: PurchaseRunner, attempt: string, checkpoint: { cid: string; bytes: number }): void
  suspend(runner: PurchaseRunner, attempts: readonly string[]): void
  capacity(runner: PurchaseRunner): void
  /** Returns what tasks of the job find as secrets. */
  secrets(): SecretFiles
}

/** What the job hears as it happens: its own rows come later in the same journal. */
const TOLD: ReadonlySet<BuyerEffect['do']> = new Set(['deliver', 'failed', 'saved', 'suspend', 'capacity'])

/** Carries out the effects of one purchased lease's program: its stream, its journal rows, its redials. */
export class PurchaseRunner {
  readonly state: BuyerLease
  user: LeaseUser | null = null
  readonly #services: PurchaseServices
  readonly #loop: ProgramLoop<BuyerEvent, BuyerEffect>
  #stream: FrameStream | null = null
  /** Of the newest frame that the program sent: what is stored for sure. */
  #ack = 0
  /** The job's other providers, as last told; null before the first time. */
  #members: FrameOf<'sources'>['peers'] | null = null

  constructor(state: BuyerLease, services: PurchaseServices) {
    this.state = state
    this.#services = services
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceBuyer(services.context, state, event, nowMs),
      perform: (effect) => this.#perform(effect),
      ahead: ({ do: what }) => TOLD.has(what),
      clock: services.clock,
      fail: services.fatal,
    })
  }

  get lease() {
    return this.state.purchase.lease
  }

  /** Feeds one event to the program; resolves when its effects are done. */
  post(event: BuyerEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /** Keeps an attempt on this lease over the loss of its connection, until the returned call. */
  hold(attempt: string): () => void {
    void this.post({ type: 'hold', attempt, by: 1 })
    return () => void this.post({ type: 'hold', attempt, by: -1 })
  }

  /** Asks the provider to end the lease, once nothing is lost by that; never rejects. */
  async close(): Promise<void> {
    const { beforeClose, onProblem } = this.#services
    // A lease that nobody ends is paid on and on.
    await beforeClose(this.lease).catch((error) => {
      onProblem(`lease ${this.lease} is ended without what was waited for`, error)
    })
    await this.post({ type: 'close' })
  }

  /** Tells the provider who else works for the job: it may fetch content from them, and they from it. */
  tellMembers(peers: FrameOf<'sources'>['peers']): void {
    this.#members = peers
    const frame = { t: 'sources', ack: this.#ack, peers } as const
    this.#stream?.send(frame).catch(() => {})
  }

  /** Gives the provider the secrets of the job, ahead of every task that reads them. */
  tellSecrets(): void {
    const files = this.user?.secrets() ?? []
    if (files.length > 0) this.#stream?.send({ t: 'secrets', ack: this.#ack, files }).catch(() => {})
  }

  /** Makes `stream` the lease's channel, so that the effects of the next event can use it. */
  use(stream: FrameStream): void {
    this.#stream = stream
  }

  /** Reads the lease's channel until it ends. */
  async read(stream: FrameStream, frames: AsyncIterator<Frame>): Promise<void> {
    const { health } = this.#services
    health.up(this)
    try {
      for (let next = await frames.next(); !next.done; next = await frames.next()) {
        health.heard(this, next.value)
        const done = this.post({ type: 'frame', frame: next.value })
        // The next frame is taken in while rows are written, but not while frames would pile up.
        if (this.#loop.isBusy) await done
      }
    } catch {
      // How the stream ended is its own affair; the program hears below that it did.
    }
    const isOurs = this.#stream !== stream
    // One that took its place has come up already.
    if (!isOurs || this.#stream === null) health.down(this, isOurs)
    if (isOurs) return
    this.#stream = null
    await this.post({ type: 'disconnected' })
  }

  /** Stops the program where it stands; the journal has the rest. */
  async stop(): Promise<void> {
    await this.#loop.stop()
    this.#stream?.abort(new Error('the requester stops'))
    this.#stream = null
  }

  #perform(effect: BuyerEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#services.journal.commit(effect.writes, effect.durability)
      case 'store':
        return keepIfRoom(this.#services.blocks, effect.blocks)
      case 'send':
        // Not awaited: a peer that does not read must not stop our clock; the queue of the stream is bounded.
        this.#stream?.send(effect.frame).catch(() => {})
        if ('ack' in effect.frame) this.#ack = effect.frame.ack
        return
      case 'deliver':
        this.user?.deliver(this, effect.deliveries)
        return
      case 'failed':
        this.user?.failed(this, effect.attempt, effect.code, effect.message)
        return
      case 'saved':
        this.user?.saved(this, effect.attempt, { cid: effect.cid, bytes: effect.bytes })
        return
      case 'suspend':
        this.user?.suspend(this, effect.attempts)
        return
      case 'capacity':
        this.user?.capacity(this)
        return
      case 'redial':
        void this.#redial()
        return
      case 'spent':
        void this.close()
        return
      case 'hang-up':
        void this.#stream?.close()
        this.#stream = null
        return
      case 'settle':
        this.#services.health.over(this)
        this.#services.settle(this, effect.phase, effect.why)
        return
    }
  }

  async #redial(): Promise<void> {
    const { node } = this.#services
    const { peerId, addresses } = this.state.purchase
    try {
      const signal = AbortSignal.timeout(LIMITS.negotiationMs)
      const stream = await openLeaseStream(node, { peerId, addresses }, { signal })
      await this.#resume(stream).catch((error) => {
        stream.abort(error)
        throw error
      })
    } catch (error) {
      const refused = isRefused(error)
      if (refused) this.#services.health.refused(this)
      await this.post({ type: 'redial-failed', refused })
    }
  }

  async #resume(stream: FrameStream): Promise<void> {
    const { lease } = this.state.purchase
    const frames = stream.frames[Symbol.asyncIterator]()
    await stream.send({
      t: 'resume',
      lease,
      ack: this.state.channel.inSeq,
      boot: this.#services.context.boot,
    })
    const answer = await nextFrame(frames, LIMITS.negotiationMs)
    if (isOver(this.state.purchase.phase)) return stream.abort(new Error('the lease is over'))
    if (answer.t !== 'resumed') {
      await this.post({ type: 'frame', frame: answer })
      return stream.close()
    }
    this.#stream = stream
    this.tellSecrets()
    await this.post({ type: 'resumed', frame: answer })
    // Perhaps lost with the old stream; after what must be sent again.
    if (this.#members !== null) this.tellMembers(this.#members)
    void this.read(stream, frames)
  }
}
