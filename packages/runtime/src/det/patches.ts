/** What is done to a function's code at one place. */
export const PATCH = {
  /** Charge `value` instructions. */
  charge: 0,
  /** Make the result of site `value` canonical, where that is needed. */
  canonical: 1,
  /** Leave through the label `value` instead of a `return`, which is replaced. */
  leave: 2,
  /** Charge for the length on top of the stack; `value` is a `HELPER`. */
  chargeLength: 3,
  /** Call the helper `value` instead of the instruction that is replaced. */
  call: 4,
} as const

export const HELPER = { chargeBytes: 0, chargeElements: 1, growMemory: 2, growTable: 3 } as const

export interface Patch {
  readonly at: number
  /** Bytes that it replaces. */
  readonly replaces: number
  readonly kind: number
  value: number
}
