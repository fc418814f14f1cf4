import { FORMAT } from './opcodes.ts'

/** What lies on the stack: nothing of interest, a constant that is no NaN, or a site (1 and up). */
export const OTHER = 0
export const NUMBER = -1

/** Not written yet, and written with something whose bits must be kept. */
const UNWRITTEN = 0
const EXACT = -1

/**
 * Finds the float values of one function that must be made canonical.
 *
 * A site is an instruction whose result may be any NaN, or a reading of a local that may hold one. Its result is *seen*
 * where it goes anywhere but into an instruction that gives the same for every NaN of that format; only then is it
 * made canonical, right behind the site. A local may hold any NaN where all that is ever written to it is arithmetic of
 * one format: making its readings canonical then loses nothing that the program put there itself. So every value that
 * is seen is as if each arithmetic instruction gave the canonical NaN, and nothing else is changed.
 */
export class FloatSites {
  /** By site. */
  readonly #format: number[] = [0]
  readonly #seen: boolean[] = [false]
  /** The local that a site reads, or −1 for arithmetic. */
  readonly #reads: number[] = [-1]
  /** The local that a site's result is written to, or −1. */
  readonly #writes: number[] = [-1]
  /** By local: the format of all that is written to it, `UNWRITTEN` or `EXACT`. */
  readonly #locals = new Map<number, number>()
  /** Locals that are written to other locals. */
  readonly #copies: [from: number, to: number][] = []

  /** Adds an instruction whose result may be any NaN. */
  arithmetic(format: number): number {
    return this.#add(format, -1)
  }

  /** Adds a reading of a local. */
  reading(local: number): number {
    return this.#add(FORMAT.none, local)
  }

  /** Says that the bits of a value may be seen. */
  see(value: number): void {
    if (value > 0) this.#seen[value] = true
  }

  /** Says that a value goes into an instruction that gives the same for every NaN of `format`. */
  use(value: number, format: number): void {
    if (value <= 0) return
    // What a reading is used as decides once all that is written to its local is known.
    if ((this.#reads[value] ?? -1) >= 0) this.#format[value] = format
    else if (this.#format[value] !== format) this.see(value)
  }

  /** Says that a value is written to a local; `isParameter` where that holds something from the start. */
  write(value: number, local: number, isParameter: boolean): void {
    const source = this.#reads[value] ?? -1
    if (isParameter || value === OTHER) this.#hold(local, EXACT)
    else if (value > 0 && source >= 0) this.#copies.push([source, local])
    else if (value > 0) this.#hold(local, this.#format[value] ?? EXACT)
    if (value > 0) this.#writes[value] = local
  }

  /** Returns the format in which a site's result must be made canonical; 0 where it need not be. */
  canonicalFormat(site: number): number {
    this.#settle()
    const read = this.#reads[site] ?? -1
    const used = this.#format[site] ?? FORMAT.none
    const format = read >= 0 ? this.#looseFormat(read) : used
    const written = this.#writes[site] ?? -1
    const isKept = written >= 0 && this.#looseFormat(written) === FORMAT.none
    const isSeen = this.#seen[site] || isKept || (used !== FORMAT.none && used !== format)
    return isSeen ? format : FORMAT.none
  }

  /** Returns the format of any NaN that a local may hold; 0 for none. */
  #looseFormat(local: number): number {
    return Math.max(FORMAT.none, this.#locals.get(local) ?? FORMAT.none)
  }

  /** Follows copies from local to local until they say nothing new; each local changes twice at most. */
  #settle(): void {
    if (this.#copies.length === 0) return
    const targets = Map.groupBy(this.#copies.splice(0), ([from]) => from)
    const changed = [...targets.keys()]
    for (let from = changed.pop(); from !== undefined; from = changed.pop()) {
      for (const [, to] of targets.get(from) ?? [])
        if (this.#hold(to, this.#locals.get(from) ?? UNWRITTEN)) changed.push(to)
    }
  }

  /** Notes what a local may hold; tells whether that is news. */
  #hold(local: number, format: number): boolean {
    const known = this.#locals.get(local) ?? UNWRITTEN
    if (format === UNWRITTEN || known === EXACT || known === format) return false
    this.#locals.set(local, known === UNWRITTEN ? format : EXACT)
    return true
  }

  #add(format: number, local: number): number {
    this.#seen.push(false)
    this.#format.push(format)
    this.#reads.push(local)
    this.#writes.push(-1)
    return this.#format.length - 1
  }
}
