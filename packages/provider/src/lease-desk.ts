import { release, type Sale, secured, sellerLease, unsecured } from '@souk/engine'
import type { FrameStream } from '@souk/network'
import {
  type EndingCode,
  errorMessage,
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  type Task,
  WireError,
} from '@souk/protocol'
import type { Executor } from '@souk/runtime'
import { CheckpointShelf } from './checkpoint-shelf.ts'
import type { DeskServices } from './desk-services.ts'
import type { Hearing } from './hearing.ts'
import { type Admitted, LeaseAdmission, refused } from './lease-admission.ts'
import { LeaseContent } from './lease-content.ts'
import { Reservations } from './reservations.ts'
import { SaleRunner } from './sale-runner.ts'
import { StandbyContent } from './standby-content.ts'
import { Workbench } from './workbench.ts'

/** Questions on one stream before the peer must open another: a peer cannot make us quote without end. */
const DEMANDS_PER_STREAM = 8

/** Answers demands and runs the leases that come of them (PROTOCOL §6, PROTOCOL §6.1). */
export class LeaseDesk {
  readonly runners = new Map<Hex, SaleRunner>()
  /** Capacity that is kept for later. */
  readonly reservations: Reservations
  readonly #services: DeskServices
  readonly #admission: LeaseAdmission

  constructor(services: DeskServices) {
    this.#services = services
    this.#admission = new LeaseAdmission(services)
    this.reservations = new Reservations({
      ...services,
      drain: (lease) => void this.runners.get(lease)?.post({ type: 'drain', seconds: 0 }),
    })
  }

  /** Serves one stream from its first frame to its end. */
  async serve(stream: FrameStream): Promise<void> {
    const frames = stream.frames[Symbol.asyncIterator]()
    const quoted = new Map<Hex, Hex>()
    for (let demands = 0; demands < DEMANDS_PER_STREAM; demands++) {
      const frame = await nextFrame(frames)
      if (frame === undefined) break
      if (frame.t === 'resume') return this.#resume(stream, frames, frame)
      if (frame.t === 'accept' && frame.terms.hold === undefined)
        return this.#accept(stream, frames, frame, quoted)
      const answer = await this.#answer(stream.remotePeer, frame, quoted)
      await stream.send(answer)
      // Signed while the requester thinks; the signature leaves only with `started`.
      if (answer.t === 'quote') this.#admission.sign(answer.quote, quoted)
    }
    await stream.close()
  }

  /** Answers a frame of which no channel comes. */
  #answer(peerId: string, frame: Frame, quoted: ReadonlyMap<Hex, Hex>): Frame | Promise<Frame> {
    switch (frame.t) {
      case 'demand':
        return this.#admission.quote(frame)
      case 'reserve':
        return this.reservations.quote(frame)
      case 'accept':
        return this.reservations.book(peerId, frame, quoted)
      case 'hold':
      case 'unhold':
        return this.reservations.answer(frame)
      default:
        throw unexpected(frame)
    }
  }

  /** Feeds an event to every lease. */
  async broadcast(event: Parameters<SaleRunner['post']>[0]): Promise<void> {
    await Promise.all([...this.runners.values()].map((runner) => runner.post(event)))
  }

  /** Lets time pass for every lease; `blind`: no endpoint of the chain answers. */
  tick(hearing: Pick<Hearing, 'look'>, blind: boolean): void {
    const leases = [...this.runners.values()]
    const heardOf = ({ peerId, state }: SaleRunner) => ({ peerId, heardAtMs: state.heardAtMs })
    const isDeaf = hearing.look(leases.filter((lease) => lease.isOpen()).map(heardOf))
    for (const lease of leases) void lease.post({ type: 'tick', blind, deaf: isDeaf(heardOf(lease)) })
  }

  /** Tells whether a peer may have a block: a lease of its own, or of its job, says so. */
  authorizes(peerId: string, cid: string): boolean {
    for (const runner of this.runners.values()) if (runner.authorizes(peerId, cid)) return true
    return false
  }

  /** Returns what runs on a lease, for the peer that holds it. */
  workOf(lease: Hex, peerId: string): Workbench | undefined {
    const runner = this.runners.get(lease)
    return runner?.peerId === peerId && runner.isOpen() ? runner.work : undefined
  }

  /** Tells whether a peer holds a lease that is not over. */
  leasesTo(peerId: string): boolean {
    return [...this.runners.values()].some((runner) => runner.peerId === peerId && runner.isOpen())
  }

  /** Tells whether a lease still runs. */
  isBusy(): boolean {
    return [...this.runners.values()].some((runner) => runner.isOpen())
  }

  /** Forgets a lease that the chain has settled; an account that let it be opened is known from now on. */
  settled({ lease, quote, opening }: Sale): void {
    this.runners.delete(lease)
    this.#services.evidence?.release(lease)
    if (opening !== null) this.#services.known.add(quote.requester)
  }

  /** The escrow has opened a lease: its deposit is safe, results held back may go. */
  opened(lease: Hex, block: number, timestampSeconds: number): void {
    secured(this.#services.host, lease)
    this.reservations.opened(lease, block, timestampSeconds)
    void this.runners.get(lease)?.post({ type: 'opened', block, timestampSeconds })
  }

  /** The opening fell out of the chain: the lease is unsecured again, and ends unless it is opened in time. */
  unopened(sale: Sale): void {
    const { lease, quote } = sale
    this.reservations.unopened(sale)
    unsecured(this.#services.host, lease, quote.deposit)
    void this.runners.get(lease)?.post({ type: 'unopened' })
  }

  /** The escrow says that a lease is over. */
  endedOnChain(lease: Hex): void {
    this.reservations.endedOnChain(lease)
    void this.runners.get(lease)?.post({ type: 'ended-on-chain' })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.runners.values()].map((runner) => runner.stop()))
  }

  async #accept(
    stream: FrameStream,
    frames: AsyncIterator<Frame>,
    frame: FrameOf<'accept'>,
    quoted: ReadonlyMap<Hex, Hex>,
  ): Promise<void> {
    const admitted = await this.#admission.admit(stream.remotePeer, frame, quoted)
    if ('code' in admitted) {
      this.#services.log.info('lease refused', { code: admitted.code, peer: stream.remotePeer })
      await stream.send(refused(admitted))
      return stream.close()
    }
    const started = this.#run(admitted)
    const { sale, credit } = started.state
    const { boot } = this.#services.context
    // On its way before anything else is begun: the requester waits for it.
    const { providerSignature: signature, held } = sale
    await stream.send({ t: 'started', signature, boot, credit, held }).catch(() => {})
    this.#services.log.info('lease started', { lease: sale.lease, requester: sale.quote.requester })
    this.#services.changed()
    this.#services.settle()
    await started.attach(stream, frames)
  }

  #run({ sale, head, executor }: Admitted): SaleRunner {
    const { node, blocks, fault, evidence, log } = this.#services
    const { lease, terms, peerId } = sale
    const source = { lease, node, blocks, requester: peerId, diskBytes: terms.resources.diskBytes }
    const content = new LeaseContent(source)
    const fetch = (cid: string, signal: AbortSignal) => content.fetch(cid, signal)
    const keep = async (task: Task) => evidence?.keep(lease, task)
    const checkpoints = new CheckpointShelf(lease, blocks, (error) =>
      log.warn('a checkpoint was passed over', { lease, error: errorMessage(error) }),
    )
    const standby = new StandbyContent(source)
    const workbench = new Workbench({ lease, blocks, executor, fault, fetch, keep, checkpoints })
    const state = sellerLease(sale, head, LIMITS.credit, this.#services.clock())
    const runner = new SaleRunner(state, workbench, {
      ...this.#services,
      content,
      standby,
      settled: (one, code, why) => this.#ended(one, code, why),
    })
    this.runners.set(lease, runner)
    this.#services.began(runner)
    void this.#watchPlace(runner, executor)
    return runner
  }

  /** Ends a lease whose place was taken away from us: nothing can run on it any more. */
  async #watchPlace(runner: SaleRunner, executor: Promise<Executor>): Promise<void> {
    // An executor that does not start tells each attempt so.
    const why = await executor.then(({ lost }) => lost).catch(() => undefined)
    if (why === undefined || !runner.isOpen()) return
    this.#services.log.warn('the place of a lease is lost', { lease: runner.state.sale.lease, why })
    await runner.post({ type: 'drain', seconds: 0 })
  }

  #ended(runner: SaleRunner, code: EndingCode, why: string): void {
    const { lease, terms } = runner.state.sale
    const { host, log, executors } = this.#services
    log.info('lease ended', { lease, code, why })
    const gone = runner
      .release()
      .catch((error) => log.warn('an executor did not stop', { error: errorMessage(error) }))
    const free = () => {
      release(host, lease)
      this.#services.changed()
    }
    // Cores can be shared for the moment that an executor takes to end, a device cannot.
    if (terms.resources.gpus.length > 0) void gone.then(free)
    else free()
    executors.prepare(terms.resources, terms.runtime)
    this.#services.settle()
  }

  async #resume(stream: FrameStream, frames: AsyncIterator<Frame>, frame: FrameOf<'resume'>): Promise<void> {
    const runner = this.runners.get(frame.lease)
    // A lease that is over still answers: its requester may not have heard the end.
    if (runner?.peerId === stream.remotePeer) return runner.attach(stream, frames, frame)
    const code = 'unknown-lease' as const
    const signature = this.#services.context.signer.sign('Ending', { lease: frame.lease, code })
    const message = 'this process does not run that lease; ask for a new one'
    await stream.send({ t: 'ended', seq: 1, ack: 0, code, message, signature, close: null })
    await stream.close()
  }
}

/** Reads the next frame of a negotiation; `undefined` at the end of the stream or of the time for one step. */
async function nextFrame(frames: AsyncIterator<Frame>): Promise<Frame | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMITS.negotiationMs)
  })
  const next = frames.next().then((result) => (result.done ? undefined : result.value))
  try {
    return await Promise.race([next, late])
  } finally {
    clearTimeout(timer)
  }
}

function unexpected(frame: Frame): WireError {
  return new WireError(`expected demand, accept or resume, got ${frame.t}; stream reset`, {
    code: 'MALFORMED',
    what: frame.t,
  })
}
