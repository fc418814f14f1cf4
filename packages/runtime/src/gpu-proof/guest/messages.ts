/** What a prover process is asked. */
export type ProverRequest =
  /** Open the device and make everything ready that does not depend on a seed. */
  | { readonly kind: 'prepare'; readonly size: number; readonly rounds: number }
  /** Compute the product of the matrices with these keys, two words each. */
  | { readonly kind: 'prove'; readonly keys: Uint32Array }
  /** Read rows of the last product. */
  | { readonly kind: 'rows'; readonly rows: readonly number[] }

/** What it answers, in the order of the requests. */
export type ProverAnswer =
  | { readonly kind: 'ready' }
  /** SHA-256 of each row, one behind the other. */
  | { readonly kind: 'proven'; readonly digests: Uint8Array }
  /** Their numbers, four bytes each, high byte first. */
  | { readonly kind: 'rows'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'failed'; readonly message: string }
