import type { GasFigures } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'

/** Every transaction that is measured, in the order of a lease's life, with the most gas it should take. */
export const TARGETS = {
  open: 95_000,
  openRelayed: 98_000,
  openTenEach: 63_000,
  redeem: 50_000,
  redeemTenEach: 26_000,
  closeCooperative: 74_000,
  startClose: null,
  finalize: null,
  finalizePenalty: null,
  reportDowntime11: 190_000,
  refute: 60_000,
  challenge: 105_000,
  resolve11: null,
  enrol: null,
  enrolFirst: null,
} as const satisfies Readonly<Record<string, number | null>>

export type Measured = keyof typeof TARGETS

/** Gathers the gas of transactions by what they do. */
export interface GasBook {
  /** Notes the gas of one, as the mean of its `parts` where it is a batch; returns it. */
  note(name: Measured, gasUsed: bigint, parts?: number): number
  figures(): GasFigures
}

export function createGasBook(): GasBook {
  const samples = new Map<Measured, number[]>()
  return {
    note(name, gasUsed, parts = 1) {
      const gas = Number(gasUsed) / parts
      samples.set(name, [...(samples.get(name) ?? []), gas])
      return gas
    },
    figures() {
      const names = Object.keys(TARGETS) as Measured[]
      const gas = Object.fromEntries(names.map((name) => [name, Math.round(median(samples.get(name) ?? []))]))
      const aims = names.flatMap((name) => {
        const bound = TARGETS[name]
        return bound === null ? [] : [[name, { bound, met: (gas[name] ?? Number.NaN) <= bound }] as const]
      })
      return { gas, targets: Object.fromEntries(aims) }
    },
  }
}
