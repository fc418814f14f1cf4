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
  readonly #workers: Worker[] = []
  #effectsLeft = Number.POSITIVE_INFINITY
  #onCrash: () => void = () => {}

  constructor(world: World) {
    this.world = world
    const tick = () => {
      if (!this.isAlive) return
      this.tick()
      world.after(TICK_MS, tick)
    }
    world.after(TICK_MS, tick)
  }

  /** Crashes after `effects` more effects; calls back when it has. */
  crashAfter(effects: number, onCrash: () => void): void {
    this.#effectsLeft = effects
    this.#onCrash = onCrash
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
        perform(effect)
      }
    })
    this.#workers.push(worker)
    this.world.workers.add(worker)
    return worker
  }

  #crash(): void {
    this.isAlive = false
    for (const worker of this.#workers) this.world.workers.delete(worker)
    this.hangUp()
    this.#onCrash()
  }
}
