import type { TaskLimits } from '@souk/protocol'
import { COUNTER_NAMES } from './counter-names.ts'

/** Thrown inside the program's call that costs more than there is left. */
export class OutOfFuel extends Error {}

/** A number that an instance and its host share. */
interface Counter<T> {
  value: T
}

/** The largest number that the instance's counter holds; no machine gets there. */
const MOST_FUEL = 2n ** 63n - 1n

/** The counters of one run of an instrumented program. */
export class FuelMeter {
  readonly #limits: Pick<TaskLimits, 'fuel' | 'depth'>
  readonly #granted: bigint
  #fuel: Counter<bigint>
  #fault: Counter<number> = { value: 0 }

  constructor(limits: Pick<TaskLimits, 'fuel' | 'depth'>) {
    this.#limits = limits
    this.#granted = limits.fuel < MOST_FUEL ? limits.fuel : MOST_FUEL
    this.#fuel = { value: this.#granted }
  }

  /** Sets the counters of a new instance, before anything of it runs. */
  bind(exports: Readonly<Record<string, unknown>>): void {
    this.#fuel = exports[COUNTER_NAMES.fuel] as Counter<bigint>
    this.#fault = exports[COUNTER_NAMES.fault] as Counter<number>
    const depth = exports[COUNTER_NAMES.depth] as Counter<number>
    this.#fuel.value = this.#granted
    depth.value = this.#limits.depth
  }

  /** Charges for what the host does. Throws {@link OutOfFuel}. */
  spend(units: number): void {
    const left = this.#fuel.value - BigInt(Math.floor(units))
    this.#fuel.value = left
    if (left < 0n) throw new OutOfFuel()
  }

  get isEmpty(): boolean {
    return this.#fuel.value < 0n
  }

  /** Whether this machine refused memory that the task's limits allow. */
  get isFaulty(): boolean {
    return this.#fault.value !== 0
  }

  /** Returns what was used; the whole limit where that was not enough. */
  used(): bigint {
    return this.isEmpty ? this.#limits.fuel : this.#granted - this.#fuel.value
  }
}
