import type { End, Wire, World } from '@souk/engine/testing'
import { type Frame, frameCodec } from '@souk/protocol'
import type { Fault, LinkPlan } from './scenario.ts'

/** Milliseconds before a lost packet is sent again; each time twice as long, to a bound. */
const RESEND_MS = 200
const MOST_RESEND_MS = 5_000

/** A stretch of time, in milliseconds. */
interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

type Partition = Extract<Fault, { kind: 'partition' }>

/** Told of what happens at the ends of a connection, by party. */
export interface Listener {
  heard(at: number, frame: Frame, bytes: Uint8Array): void
  /** The other side closed it, or it broke. */
  closed(at: number): void
}

/**
 * Links between parties: latency, jitter, bandwidth, losses in bursts, and partitions.
 *
 * Streams are reliable, as TCP's are: a frame that is lost is sent again, ever more rarely, and holds up those behind
 * it.
 */
export class Network {
  readonly #world: World
  readonly #plan: LinkPlan
  readonly #partitions: readonly Partition[]
  /** Bursts of each link so far, by its two parties in order. */
  readonly #bursts = new Map<string, Span[]>()

  constructor(world: World, plan: LinkPlan, faults: readonly Fault[]) {
    this.#world = world
    this.#plan = plan
    this.#partitions = faults.filter((fault) => fault.kind === 'partition')
  }

  /** Tells whether what one party sends another at a moment is cut off. */
  isCut(from: number, to: number, atMs: number): boolean {
    return this.#partitions.some(
      ({ who, way, ...fault }) =>
        fault.atMs <= atMs &&
        atMs < fault.atMs + fault.forMs &&
        ((who === from && way !== 'to') || (who === to && way !== 'from')),
    )
  }

  /** Tells whether two parties can talk at a moment, both ways. */
  isOpen(one: number, other: number, atMs: number): boolean {
    return !this.isCut(one, other, atMs) && !this.isCut(other, one, atMs)
  }

  /** Tells whether a burst takes what is sent over a link at a moment. */
  #isLost(from: number, to: number, atMs: number): boolean {
    const { lossPercent, burstMs } = this.#plan
    if (lossPercent === 0) return false
    const key = `${Math.min(from, to)} ${Math.max(from, to)}`
    const bursts = this.#bursts.get(key) ?? []
    this.#bursts.set(key, bursts)
    const meanMs = (burstMs * (100 - lossPercent)) / lossPercent
    for (let last = bursts.at(-1)?.untilMs ?? 0; last <= atMs; last = bursts.at(-1)?.untilMs ?? 0) {
      const fromMs = last + this.#exponential(meanMs)
      bursts.push({ fromMs, untilMs: fromMs + this.#exponential(burstMs) })
    }
    return bursts.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
  }

  #exponential(mean: number): number {
    return Math.max(1, Math.round(-mean * Math.log(1 - this.#world.random())))
  }

  /** Returns when something sent at a moment comes through. */
  arrivalMs(from: number, to: number, sentMs: number): number {
    let atMs = sentMs
    for (let waitMs = RESEND_MS; this.isCut(from, to, atMs) || this.#isLost(from, to, atMs); ) {
      atMs += waitMs
      waitMs = Math.min(2 * waitMs, MOST_RESEND_MS)
    }
    return atMs + this.#plan.latencyMs + this.#world.integer(0, this.#plan.jitterMs)
  }

  /** Connects two parties; every frame is encoded and decoded as on a real stream. */
  connect(parties: readonly [number, number], listener: Listener): Wire {
    const world = this.#world
    let state: 'open' | 'mute' | 'closed' = 'open'
    const hungUp = new Set<number>()
    const makeEnd = (): End => ({ send: () => {}, close: () => {}, onFrame: () => {}, onClose: () => {} })
    const ends = [makeEnd(), makeEnd()] as const
    const [free, arrived] = [
      [0, 0],
      [0, 0],
    ]
    const deliver = (to: 0 | 1, bytes: number, run: () => void) => {
      const start = Math.max(free[to] ?? 0, world.nowMs)
      const sentMs = start + Math.ceil((bytes * 1_000) / this.#plan.bytesPerSecond)
      const atMs = Math.max(arrived[to] ?? 0, this.arrivalMs(parties[1 - to] ?? 0, parties[to], sentMs))
      free[to] = sentMs
      arrived[to] = atMs
      world.after(atMs - world.nowMs, () => {
        if (state === 'open') run()
      })
    }
    const cut = () => {
      if (state === 'closed') return
      state = 'closed'
      for (const [at, end] of ends.entries()) {
        if (hungUp.has(at)) continue
        listener.closed(parties[at] ?? 0)
        end.onClose()
      }
      for (const end of ends) end.onFrame = () => {}
    }
    for (const from of [0, 1] as const) {
      const to = from === 0 ? 1 : 0
      ends[from].send = (frame) => {
        const bytes = frameCodec.encode(frame)
        deliver(to, bytes.length, () => {
          const got = frameCodec.decode(bytes)
          listener.heard(parties[to], got, bytes)
          ends[to].onFrame(got)
        })
      }
      ends[from].close = () => {
        hungUp.add(from)
        ends[from].onClose = () => {}
        ends[from].onFrame = () => {}
        deliver(to, 0, cut)
      }
    }
    const mute = () => {
      if (state === 'open') state = 'mute'
    }
    return { ends, cut, mute }
  }
}
