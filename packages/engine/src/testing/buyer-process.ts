import { type Frame, type Hex, outputDigest } from '@souk/protocol'
import { advanceBuyer } from '../buyer-lease.ts'
import {
  type BuyerEffect,
  type BuyerEvent,
  type BuyerLease,
  buyerLease,
  usableCredit,
} from '../buyer-state.ts'
import { advanceJob } from '../job.ts'
import { attemptTask } from '../job-checkpoints.ts'
import type { Job, JobEffect, JobEvent } from '../job-state.ts'
import type { Context, Head } from '../program.ts'
import { isOver, type Purchase } from '../records.ts'
import type { MemoryJournal } from './memory-journal.ts'
import { isNear } from './near.ts'
import { taskOf } from './parties.ts'
import { Process } from './process.ts'
import type { ProgramWorker } from './program-worker.ts'
import type { End } from './wire.ts'
import type { World } from './world.ts'

/** What a simulated requester needs from the world around it. */
export interface BuyerWorld {
  readonly world: World
  readonly context: Context
  readonly journal: MemoryJournal
  /** Opens a connection to a provider; `null` where there is none to be had. */
  dial(peer: string): End | null
  /** Told of a job that wants more leases. */
  starved(): void
  /** Tells whether a provider gives out a checkpoint of an attempt now. */
  serves(peer: string, attempt: string, cid: string): boolean
  /** Checkpoints that are pinned, as task/address: they outlive the process. */
  readonly store: Set<string>
  /** Told of everything that a program reports and that is not carried out here. */
  report(event: BuyerEffect | JobEffect, lease: Hex | null): void
}

interface Purchased {
  readonly state: BuyerLease
  readonly worker: ProgramWorker<BuyerEvent, BuyerEffect>
  end: End | null
}

/** Milliseconds that a dial takes to fail. */
const DIAL_MS = 200
/** Milliseconds that a checkpoint takes to be fetched. */
const MOST_FETCH_MS = 300
/** Milliseconds that two outputs take to be compared. */
const MOST_COMPARE_MS = 300

/** Carries out the effects of a requester's programs: one job, and the leases it runs on. */
export class BuyerProcess extends Process {
  readonly leases = new Map<Hex, Purchased>()
  readonly job: Job
  readonly #around: BuyerWorld
  /** Checkpoints that the job has yet to hear of, as in the store, with what to say when it has. */
  readonly #arriving = new Map<string, () => void>()
  readonly #jobWorker: ProgramWorker<JobEvent, JobEffect>

  /** Starts with a job as it stands, and with leases that are to be resumed. */
  constructor(around: BuyerWorld, job: Job, recovered: readonly BuyerLease[]) {
    super(around.world)
    this.#around = around
    this.job = job
    this.#jobWorker = this.host(
      (event) => advanceJob(job, event, this.nowMs),
      (effect) => this.#performJob(effect),
    )
    for (const state of recovered) this.#join(state, null)
    this.#giveUpStranded()
  }

  /** Takes up a new lease over `end`; the provider's first frame there is `started`. */
  begin(purchase: Purchase, head: Head, end: End): void {
    const { worker } = this.#join(buyerLease(purchase, head, this.nowMs), end)
    end.onFrame = (frame) =>
      worker.post(frame.t === 'started' ? { type: 'started', frame } : { type: 'frame', frame })
    end.onClose = () => this.#disconnected(purchase.lease, end)
  }

  /** Feeds an event to the leases. */
  broadcast(event: BuyerEvent): void {
    for (const { worker } of this.leases.values()) worker.post(event)
  }

  /** Feeds an event to the job. */
  tellJob(event: JobEvent): void {
    this.#jobWorker.post(event)
  }

  protected override tick(): void {
    this.broadcast({ type: 'tick' })
    this.#jobWorker.post({ type: 'tick' })
  }

  protected override hangUp(): void {
    for (const { end } of this.leases.values()) end?.close()
  }

  #join(state: BuyerLease, end: End | null): Purchased {
    const { context } = this.#around
    const worker = this.host<BuyerEvent, BuyerEffect>(
      (event) => advanceBuyer(context, state, event, this.nowMs),
      (effect) => this.#perform(state.purchase.lease, effect),
    )
    const one = { state, worker, end }
    this.leases.set(state.purchase.lease, one)
    this.#capacity(state)
    return one
  }

  #giveUpStranded(): void {
    const slots = this.job.tasks.flatMap((task) => task.slots)
    const stranded = slots.filter(
      (slot) => this.job.inFlight.has(slot.attempt) && !this.leases.has(slot.lease),
    )
    this.#jobWorker.post({ type: 'lost', attempts: stranded.map((slot) => slot.attempt) })
  }

  #capacity(state: BuyerLease): void {
    const { lease, quote } = state.purchase
    const { provider: account, resultSigner: subject } = quote
    this.#jobWorker.post({ type: 'lease', lease, account, subject, credit: usableCredit(state) })
  }

  #perform(lease: Hex, effect: BuyerEffect): void {
    const one = this.leases.get(lease)
    if (one === undefined) return
    this.#around.report(effect, lease)
    switch (effect.do) {
      case 'persist':
        this.#around.journal.commit(effect.writes, effect.durability)
        return
      case 'store':
        return
      case 'send':
        one.end?.send(effect.frame)
        return
      case 'deliver':
        for (const { attempt, output } of effect.deliveries)
          this.#jobWorker.post({ type: 'results', results: [{ attempt, output }] })
        return
      case 'failed':
        this.#jobWorker.post({ ...effect, type: 'failed' })
        return
      case 'saved':
        this.#fetch(one, effect.attempt, effect.cid, effect.bytes)
        return
      case 'suspend':
        this.#jobWorker.post({ type: 'lost', attempts: effect.attempts })
        return
      case 'capacity':
        this.#capacity(one.state)
        return
      case 'redial':
        this.#redial(one)
        return
      case 'hang-up':
        one.end?.close()
        one.end = null
        return
      case 'spent':
        one.worker.post({ type: 'close' })
        return
      case 'settle':
        return
    }
  }

  #performJob(effect: JobEffect): void {
    this.#around.report(effect, null)
    switch (effect.do) {
      case 'persist':
        this.#around.journal.commit(effect.writes, effect.durability)
        return
      case 'dispatch':
        this.#dispatch(effect)
        return
      case 'cancel':
        this.leases.get(effect.lease)?.worker.post({ type: 'cancel', attempts: effect.attempts })
        return
      case 'needed':
        this.#keepOnly(effect.index, effect.cids)
        return
      case 'ahead':
        this.leases.get(effect.lease)?.worker.post({ type: 'ahead', cid: effect.cid })
        return
      case 'compare':
        for (const pair of effect.pairs)
          this.#compare(effect.index, outputDigest(pair.a), outputDigest(pair.b))
        return
      case 'starved':
        this.#around.starved()
        return
      case 'finished':
        this.broadcast({ type: 'close' })
        return
      default:
        return
    }
  }

  #dispatch({ lease, assignments }: Extract<JobEffect, { do: 'dispatch' }>): void {
    const { deadlineMs } = this.job.row
    const items = assignments.map(({ attempt: id, n, index, checkpoint }) => {
      return { attempt: { id, n, task: attemptTask(taskOf(index), checkpoint), deadlineMs }, inline: [] }
    })
    const one = this.leases.get(lease)
    if (one !== undefined) {
      one.worker.post({ type: 'dispatch', items })
      return
    }
    this.#jobWorker.post({ type: 'lost', attempts: assignments.map(({ attempt }) => attempt) })
  }

  /** Compares two outputs, which takes a while. */
  #compare(index: number, a: Hex, b: Hex): void {
    this.world.after(this.world.integer(1, MOST_COMPARE_MS), () => {
      if (!this.isAlive) return
      this.#jobWorker.post({ type: 'compared', index, a, b, equal: isNear(index, a, b) })
    })
  }

  /** Fetches a checkpoint if its provider still has it when the time has come. */
  #fetch({ state, worker }: Purchased, attempt: string, cid: string, bytes: number): void {
    const index = Number(attempt.split('.')[1])
    const key = `${index}/${cid}`
    if (this.#arriving.has(key)) return
    const done = () => worker.post({ type: 'taken', attempt, cid })
    this.world.after(this.world.integer(1, MOST_FETCH_MS), () => {
      if (!this.isAlive) return
      if (!this.#around.serves(state.purchase.peerId, attempt, cid)) {
        done()
        return
      }
      this.#around.store.add(key)
      this.#arriving.set(key, done)
      const atMs = this.world.nowMs
      this.#jobWorker.post({ type: 'checkpoint', attempt, index, cid, bytes, atMs })
    })
  }

  /** Keeps what the job needs of a task; it has heard of all that had arrived. */
  #keepOnly(index: number, cids: readonly string[]): void {
    const { store } = this.#around
    for (const key of [...store].filter((one) => one.startsWith(`${index}/`))) {
      const done = this.#arriving.get(key)
      this.#arriving.delete(key)
      done?.()
      if (!cids.includes(key.slice(`${index}/`.length))) store.delete(key)
    }
  }

  #redial(one: Purchased): void {
    const { peerId, lease } = one.state.purchase
    const end = this.#around.dial(peerId)
    const failed = () => {
      if (this.isAlive) one.worker.post({ type: 'redial-failed', refused: false })
    }
    if (end === null) {
      this.world.after(DIAL_MS, failed)
      return
    }
    end.send({ t: 'resume', lease, ack: one.state.channel.inSeq, boot: this.#around.context.boot })
    end.onClose = failed
    end.onFrame = (frame) => this.#answered(one, end, frame)
  }

  #answered(one: Purchased, end: End, frame: Frame): void {
    if (!this.isAlive || isOver(one.state.purchase.phase)) {
      end.close()
      return
    }
    const { lease } = one.state.purchase
    if (frame.t === 'resumed') {
      one.end = end
      one.worker.post({ type: 'resumed', frame })
    } else one.worker.post({ type: 'frame', frame })
    end.onFrame = (next) => one.worker.post({ type: 'frame', frame: next })
    end.onClose = () => this.#disconnected(lease, end)
  }

  #disconnected(lease: Hex, end: End): void {
    const one = this.leases.get(lease)
    if (one?.end !== end) return
    one.end = null
    one.worker.post({ type: 'disconnected' })
  }
}
