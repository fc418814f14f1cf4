/** One file of a job, wherever it comes from. */
export interface InputFile {
  /** Path below what the user named: empty for that itself. */
  readonly path: string
  /** Last part of the name that the user gave, for files that get no other. */
  readonly name: string
  /** Where it is, for people and as a key: the same file is kept once. */
  readonly from: string
  /** Bytes that it has, as far as that is known before; null otherwise. */
  readonly bytes: number | null
  /** Reads it; throws `InputError` at the end where it is not what was expected. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>
}
