import type { RuntimeName } from '@souk/protocol'

/** How far two numbers may lie apart and still count as equal: `abs + rel × the larger magnitude`. */
export interface Tolerance {
  /** At least 0, in the numbers' own unit. */
  readonly abs: number
  /** At least 0, below 1. */
  readonly rel: number
}

/** A tolerance for each type of floating-point number; integers and bytes must be equal under any. */
export interface Tolerances {
  readonly f16: Tolerance
  readonly f32: Tolerance
  readonly f64: Tolerance
}

/** When two outputs of one task count as equal. */
export type Comparator =
  /** When their digests are. */
  | { readonly kind: 'exact' }
  /** When they ended alike and their files are alike, number by number. Not transitive: see `decideQuorum`. */
  | ({ readonly kind: 'tolerance' } & Tolerances)
  /** When this program, which its requester runs on both, says so. */
  | { readonly kind: 'custom'; readonly program: string }

export const EXACT: Comparator = { kind: 'exact' }

/**
 * What counts as equal unless somebody says otherwise.
 *
 * Machines of one device class mostly agree to the bit; what differs is the driver's choice where WGSL leaves one: fused
 * or separate multiplication and addition, the order of sums, and functions that may be some units in the last place
 * (ulp) off (WGSL §15.7.4, "Floating Point Accuracy"). `f32`: 84 ulp, which sums of thousands of roundings keep within;
 * `f16`: 5 ulp, because long sums are not kept in halves; `f64`, which kernels do not have: 4,500,000 ulp, the error of
 * a long sum on another library's functions. `abs` is for numbers that cancellation left near nothing. A kernel that
 * calls `sin` or `cos`, which may be 2⁻¹¹ off, wants a wider `abs`.
 */
export const DEFAULT_TOLERANCES: Tolerances = {
  f16: { abs: 1e-3, rel: 5e-3 },
  f32: { abs: 1e-6, rel: 1e-5 },
  f64: { abs: 1e-12, rel: 1e-9 },
}

/** Returns a comparison by tolerance; what is given takes the place of the default of every type. */
export function byTolerance(given: Partial<Tolerance> = {}): Comparator {
  const { f16, f32, f64 } = DEFAULT_TOLERANCES
  return {
    kind: 'tolerance',
    f16: { ...f16, ...given },
    f32: { ...f32, ...given },
    f64: { ...f64, ...given },
  }
}

/** Returns how results of an engine are compared unless told: numbers of graphics processors by tolerance. */
export function defaultComparator(runtime: RuntimeName): Comparator {
  return runtime === 'webgpu/1' ? byTolerance() : EXACT
}
