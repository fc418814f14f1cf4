import { DiskFull } from './memory-journal.ts'
import { ProgramWorker } from './program-worker.ts'
import type { Worker, World } from './world.ts'

/** Milliseconds between ticks, as in the shells. */
const TICK_MS = 100

/**
 * A process of the simulation: programs whose effects it carries out one by one, and which all stop at once when it
 * crashes, between any two effects.
 */
export class Process {
  readonly world: World
  isAlive = true
  /** Whether it stands still, as after SIGSTOP. */
  isStopped = false
  readonly #workers: Worker[] = []
  #stoppedUntilMs = 0
  #clockAheadMs = 0
  #effectsLeft = Number.POSITIVE_INFINITY
  #onCrash: () => void = () => {}

  constructor(world: World) {
    this.world = world
    const tick = () => {
      if (!this.isAlive) return
      if (!this.isStopped) this.tick()
      world.after(TICK_MS, tick)
    }
    world.after(TICK_MS, tick)
  }

  /** What its own monotonic clock says. */
  get nowMs(): number {
    return this.world.nowMs + this.#clockAheadMs
  }

  /** Moves its clock ahead: the machine slept, and nobody told the process. */
  jumpAhead(ms: number): void {
    this.#clockAheadMs += ms
  }

  /** Stands still for so long; what comes meanwhile waits. */
  stop(ms: number): void {
    this.isStopped = true
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, this.world.nowMs + ms)
    for (const worker of this.#workers) this.world.workers.delete(worker)
    this.world.after(ms, () => this.#goOn())
  }

  #goOn(): void {
    if (!this.isAlive || this.world.nowMs < this.#stoppedUntilMs) return
    this.isStopped = false
    for (const worker of this.#workers) this.world.workers.add(worker)
  }

  /** Crashes after `effects` more effects; calls back when it has. */
  crashAfter(effects: number, onCrash: () => void): void {
    this.#effectsLeft = effects
    this.onCrash(onCrash)
  }

  /** Calls back when it crashes, whyever. */
  onCrash(onCrash: () => void): void {
    this.#onCrash = onCrash
  }

  /** Crashes now. */
  crash(): void {
    this.#crash()
  }

  /** Posts a tick to every program. */
  protected tick(): void {}

  /** Loses the process's connections; its peers see them break. */
  protected hangUp(): void {}

  /** Runs a program in this process. */
  protected host<Event, Effect>(
    advance: (event: Event) => readonly Effect[],
    perform: (effect: Effect) => void,
  ): ProgramWorker<Event, Effect> {
    const worker = new ProgramWorker<Event, Effect>(advance, (effect) => {
      if (this.#effectsLeft === 0) this.#crash()
      else {
        this.#effectsLeft -= 1
        this.#orCrash(() => perform(effect))
      }
    })
    this.#workers.push(worker)
    if (!this.isStopped) this.world.workers.add(worker)
    return worker
  }

  /** A process that cannot write any more stops where it is: nothing may leave that is not durable. */
  #orCrash(perform: () => void): void {
    try {
      perform()
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error
      this.#crash()
    }
  }

  #crash(): void {
    if (!this.isAlive) return
    this.isAlive = false
    for (const worker of this.#workers) this.world.workers.delete(worker)
    this.hangUp()
    this.#onCrash()
  }
}
