import type { RuntimeName, TaskLimits } from '@souk/protocol'
import { CliError } from '../errors.ts'

/** Options of what an engine counts. */
export interface MeteringOptions {
  fuel?: string
  depth?: string
}

/** Instructions of one task where the user names no number: some minutes on one core. */
export const DEFAULT_FUEL = 1_000_000_000_000n
/** Nested calls of one task where the user names no number: far above what programs need that do not run away. */
export const DEFAULT_DEPTH = 10_000
const MOST_FUEL = 2n ** 64n - 1n
const MOST_DEPTH = 1_000_000n

/**
 * Reads what a task may use of what `engine` counts; 0 where it does not count. Throws {@link CliError} `BAD_OPTION`
 * for a number out of range, or for an engine that would not heed it.
 */
export function readMetering(
  { fuel, depth }: MeteringOptions,
  engine: RuntimeName,
): Pick<TaskLimits, 'fuel' | 'depth'> {
  if (engine === 'wasm-det/1') {
    return {
      fuel: fuel === undefined ? DEFAULT_FUEL : readCount('--fuel', fuel, MOST_FUEL),
      depth: depth === undefined ? DEFAULT_DEPTH : Number(readCount('--depth', depth, MOST_DEPTH)),
    }
  }
  const option = fuel !== undefined ? '--fuel' : '--depth'
  if (fuel === undefined && depth === undefined) return { fuel: 0n, depth: 0 }
  throw new CliError(
    `${option}: expected --engine wasm-det, which alone counts, got ${engine}; leave it out`,
    {
      code: 'BAD_OPTION',
      option,
    },
  )
}

function readCount(option: string, text: string, most: bigint): bigint {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
  if (value >= 1n && value <= most) return value
  throw new CliError(`${option}: expected a whole number from 1 to ${most}, got ${text}`, {
    code: 'BAD_OPTION',
    option,
  })
}
