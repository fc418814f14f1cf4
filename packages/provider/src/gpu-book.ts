import type { Gpu, GpuClass, GpuHealth, GpuMark, GpuProofFact, GpuSpeed } from '@souk/protocol'
import { LIMITS } from '@souk/protocol'
import type { GpuDevice, GpuReading } from '@souk/runtime'
import { type Condition, condition, judge } from './gpu-condition.ts'

/** What was measured on a device here. */
export interface GpuMeasured {
  readonly speed: GpuSpeed | null
  readonly proof: GpuProofFact | null
  /** Whether it is far below its model's speed. */
  readonly isSlow: boolean
}

interface Entry {
  readonly device: GpuDevice
  condition: Condition
  measured: GpuMeasured
}

/** What this process knows of each GPU that it sells: how it is, and what was measured on it. */
export class GpuBook {
  readonly #entries: ReadonlyMap<string, Entry>

  constructor(devices: readonly GpuDevice[]) {
    const measured = { speed: null, proof: null, isSlow: false }
    this.#entries = new Map(
      devices.map((device) => [device.id, { device, condition: condition(device.id), measured }]),
    )
  }

  get devices(): readonly GpuDevice[] {
    return [...this.#entries.values()].map(({ device }) => device)
  }

  /** Ids of the devices that cannot be leased now. */
  get lost(): ReadonlySet<string> {
    const lost = [...this.#entries].filter(([, { condition }]) => !condition.health.present)
    return new Set(lost.map(([id]) => id))
  }

  /** Takes in a look at the devices; returns those of which an offer must say something else than before. */
  note(readings: readonly GpuReading[]): GpuDevice[] {
    return readings.flatMap((reading) => {
      const entry = this.#entries.get(reading.kind === 'well' ? reading.health.id : reading.id)
      if (entry === undefined) return []
      const before = told(entry)
      entry.condition = judge(entry.condition, reading)
      return told(entry) === before ? [] : [entry.device]
    })
  }

  /** Takes in what was measured on a device; what is not given stays. */
  measured(id: string, facts: Partial<GpuMeasured>): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) entry.measured = { ...entry.measured, ...facts }
  }

  /** Returns how the devices of a lease were found at the last look, for its beats. */
  health(gpus: readonly Pick<Gpu, 'id'>[]): GpuHealth[] {
    return gpus.flatMap(({ id }) => this.#entries.get(id)?.condition.health ?? [])
  }

  /** Says why a device cannot be leased, or what is wrong with it; `null` where nothing is. */
  why(id: string): string | null {
    return this.#entries.get(id)?.condition.why ?? null
  }

  /** Returns what an offer says of the models among `gpus`: of those that differ, the worst; those with most GPUs first. */
  classes(gpus: readonly Gpu[]): GpuClass[] {
    const byModel = new Map<string, Entry[]>()
    for (const { id, family, model } of gpus) {
      const entry = this.#entries.get(id)
      const key = `${family} ${model}`
      if (entry !== undefined) byModel.set(key, [...(byModel.get(key) ?? []), entry])
    }
    const largest = [...byModel.values()].sort((a, b) => b.length - a.length)
    return largest.slice(0, LIMITS.offerGpuClasses).flatMap(classOf)
  }

  /** Returns everything that is known, for who runs this provider. */
  list() {
    return [...this.#entries.values()].map((entry) => {
      const { device, condition, measured } = entry
      const { speed, proof } = measured
      return { ...device, health: condition.health, marks: marksOf(entry), why: condition.why, speed, proof }
    })
  }
}

/** What offers say of a device's condition, in one word that changes with it. */
function told(entry: Entry): string {
  return [entry.condition.health.present, ...marksOf(entry)].join()
}

function marksOf({ condition, measured }: Entry): GpuMark[] {
  return [...(measured.isSlow ? (['slow-for-model'] as const) : []), ...condition.marks]
}

function classOf(entries: readonly Entry[]): GpuClass[] {
  const [first] = entries
  if (first === undefined) return []
  const { family, model, driver, api } = first.device
  const speeds = entries.flatMap(({ measured }) => measured.speed ?? [])
  const proofs = entries.flatMap(({ measured }) => measured.proof ?? [])
  return [
    {
      ...{ family, model, driver, api, speed: slowest(speeds) },
      // One that is not proven leaves its class unproven.
      proof: proofs.length < entries.length ? null : oldest(proofs),
      marks: [...new Set(entries.flatMap(marksOf))],
    },
  ]
}

function slowest(speeds: readonly GpuSpeed[]): GpuSpeed | null {
  if (speeds.length === 0) return null
  const least = (key: keyof GpuSpeed) => Math.min(...speeds.map((speed) => speed[key]))
  return {
    ...{ measured: least('measured'), fp32Gflops: least('fp32Gflops'), fp16Gflops: least('fp16Gflops') },
    ...{ memoryMbPerSecond: least('memoryMbPerSecond'), transferMbPerSecond: least('transferMbPerSecond') },
  }
}

function oldest(proofs: readonly GpuProofFact[]): GpuProofFact | null {
  return [...proofs].sort((a, b) => a.proven - b.proven)[0] ?? null
}
