import type { Hex } from './bytes.ts'
import { EPOCH_SLOTS } from './court-rules.ts'

const MAP = 2 ** EPOCH_SLOTS
const DIGITS = 8

/** What a watcher saw in the 16 slots of an epoch; bit s of a map is slot s. */
export interface Observation {
  /** Slots that it could judge; it abstains in the others. */
  readonly seen: number
  /** Of those, slots in which the subject answered. */
  readonly up: number
}

/** The value of a dispute's vote that says: cannot be decided. */
export const UNDECIDABLE: Hex = `0x${'00'.repeat(32)}`

/** Writes an observation as the value of a downtime vote: `seen` in bits 16 to 31, `up` in bits 0 to 15. */
export function observationValue({ seen, up }: Observation): Hex {
  return `0x${(seen * MAP + up).toString(16).padStart(64, '0')}`
}

/** Reads the value of a downtime vote; `undefined` for higher bits, or slots that were up and not seen. */
export function readObservation(value: Hex): Observation | undefined {
  const high = value.slice(2, -DIGITS)
  if (value.length !== 66 || !/^0*$/.test(high)) return undefined
  const maps = Number.parseInt(value.slice(-DIGITS), 16)
  const [seen, up] = [Math.floor(maps / MAP), maps % MAP]
  return (up & ~seen) === 0 ? { seen, up } : undefined
}

/** Returns the slots that an observation calls down. */
export function downMap({ seen, up }: Observation): number {
  return seen & ~up
}

/** Returns how many slots a map holds. */
export function slotCount(map: number): number {
  let count = 0
  for (let left = map; left !== 0; left &= left - 1) count += 1
  return count
}
