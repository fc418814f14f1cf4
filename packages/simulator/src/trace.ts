/** Lines that are kept to show how a run ended. */
const KEPT = 60

/** A digest of everything that a run did, in order: equal runs have equal digests. */
export class Trace {
  readonly newest: string[] = []
  #high = 0xdeadbeef
  #low = 0x41c6ce57

  /** Takes in what happened, and what it was made of. */
  note(atMs: number, line: string, bytes: Uint8Array = NOTHING): void {
    this.newest.push(`${atMs} ${line}`)
    if (this.newest.length > KEPT) this.newest.shift()
    this.#number(atMs)
    for (let i = 0; i < line.length; i++) this.#number(line.charCodeAt(i))
    for (const byte of bytes) this.#number(byte)
  }

  /** Returns the digest as it stands. */
  get digest(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /** Two multiplicative hashes side by side (cyrb53): this tells runs apart, it withstands nobody. */
  #number(value: number): void {
    this.#high = Math.imul(this.#high ^ value, 2_654_435_761)
    this.#low = Math.imul(this.#low ^ value, 1_597_334_677)
    this.#high ^= this.#low >>> 13
    this.#low ^= this.#high >>> 16
  }
}

const NOTHING = new Uint8Array()
