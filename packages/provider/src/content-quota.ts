import { SoukError } from '@souk/protocol'

/** A lease that would bring more content than it has disk for. */
export class QuotaError extends SoukError<{ code: 'OVER_QUOTA'; bytes: number; mostBytes: number }> {}

/** Bytes of content that every lease may bring, also one without disk: a program and its small inputs. */
export const FREE_CONTENT_BYTES = 16 * 1024 * 1024

/** What one lease may fetch into the cache until it ends: as much as it has disk. */
export class ContentQuota {
  readonly mostBytes: number
  readonly #counted = new Set<string>()
  #bytes = 0

  constructor(diskBytes: number) {
    this.mostBytes = Math.max(diskBytes, FREE_CONTENT_BYTES)
  }

  /** Throws {@link QuotaError} where so many bytes more would be too many. */
  require(bytes: number): void {
    if (this.#bytes + bytes <= this.mostBytes) return
    throw new QuotaError(
      `expected a lease to bring at most ${this.mostBytes} bytes of content, as much as it has disk, got ${this.#bytes + bytes}; lease more disk, or give it fewer tasks`,
      { code: 'OVER_QUOTA', bytes: this.#bytes + bytes, mostBytes: this.mostBytes },
    )
  }

  /** Counts a block that is about to be stored, once. Throws {@link QuotaError}; then it is not counted. */
  count(cid: string, bytes: number): void {
    if (this.#counted.has(cid)) return
    this.require(bytes)
    this.#counted.add(cid)
    this.#bytes += bytes
  }
}
