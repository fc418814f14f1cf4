/** Thrown inside the program's call that would cross the task's output limit; the run ends there. */
export class OutputLimitReached extends Error {}

/** Thrown when this machine has no memory left for the program's output; a failure, not an output. */
export class HostOutOfMemory extends Error {}

/**
 * Counts the bytes of standard output and changed files, and the changed files.
 *
 * The limit is checked before anything is stored, so the write that crosses it leaves no trace and what
 * was written before is the same on every machine.
 */
export class OutputBudget {
  readonly #bytesLimit: number
  readonly #filesLimit: number
  /** Charges for the bytes that are moved; throws where they cannot be paid. */
  readonly #paid: ((bytes: number) => void) | undefined
  #bytes = 0
  #files = 0

  constructor(bytesLimit: number, filesLimit: number, paid?: (bytes: number) => void) {
    this.#bytesLimit = bytesLimit
    this.#filesLimit = filesLimit
    this.#paid = paid
  }

  /** Takes `bytes` (negative gives back) or throws {@link OutputLimitReached}. */
  charge(bytes: number): void {
    if (this.#bytes + bytes > this.#bytesLimit) throw new OutputLimitReached()
    if (bytes > 0) this.#paid?.(bytes)
    this.#bytes += bytes
  }

  /** Takes one output file or throws {@link OutputLimitReached}. */
  addFile(): void {
    if (this.#files === this.#filesLimit) throw new OutputLimitReached()
    this.#files += 1
  }

  removeFile(): void {
    this.#files -= 1
  }
}
