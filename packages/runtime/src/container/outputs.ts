import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { compareBytewise, isFilePath } from '@souk/protocol'
import type { OutputFile } from '../executor.ts'
import { entryBytes, type TarEntry, tarEntries } from './tar.ts'

/** What is taken from a folder at most. */
export interface Bounds {
  readonly bytes: number
  readonly files: number
}

/** Files of a folder that are new or other than they were. */
export interface Taken {
  /** Sorted bytewise by path; null where they cross the bounds. */
  readonly files: OutputFile[] | null
  /** Paths that no machine could send: with a backslash or a colon, say. */
  readonly unnameable: string[]
}

/** What stands for bytes that are no UTF-8: several names become the same. */
const REPLACED = '\u{fffd}'
/** Unnameable paths that are told. */
const PATHS_TOLD = 8

/** By what a file that was there before is known again. */
export interface KnownFile {
  readonly digest: string
  readonly bytes: number
}

export function knownFile(bytes: Uint8Array): KnownFile {
  return { digest: createHash('sha256').update(bytes).digest('base64'), bytes: bytes.byteLength }
}

/**
 * Takes the regular files out of a folder's tar stream whose names `pathOf` gives a path; links are followed only to
 * files of the same stream, everything else is left out. `known` are the files that were there before.
 */
export async function takeFiles(
  tar: Readable,
  bounds: Bounds,
  pathOf: (name: string) => string | null,
  known: ReadonlyMap<string, KnownFile> = new Map(),
): Promise<Taken> {
  const taking = new Taking(bounds, known)
  for await (const entry of tarEntries(tar)) {
    const path = pathOf(entry.header.name)
    const target = entry.header.type === 'link' ? pathOf(entry.header.linkname ?? '') : null
    if (path === null) continue
    if (!(await taking.take(path, target, entry))) return { files: null, unnameable: [] }
  }
  return taking.end()
}

class Taking {
  readonly #bounds: Bounds
  readonly #known: ReadonlyMap<string, KnownFile>
  /** Every regular file so far, for links to it. */
  readonly #seen = new Map<string, Uint8Array>()
  readonly #files: OutputFile[] = []
  readonly #unnameable: string[] = []
  #bytes = 0

  constructor(bounds: Bounds, known: ReadonlyMap<string, KnownFile>) {
    this.#bounds = bounds
    this.#known = known
  }

  /** Takes one entry; false says that a bound is crossed. */
  async take(path: string, target: string | null, entry: TarEntry): Promise<boolean> {
    const { type } = entry.header
    if (type !== 'file' && type !== 'link') return true
    const bytes = type === 'file' ? await entryBytes(entry, this.#room(path)) : this.#linked(target)
    if (bytes === null) return false
    if (bytes === undefined) return true
    this.#seen.set(path, bytes)
    if (knownFile(bytes).digest === this.#known.get(path)?.digest) return true
    return this.#add(path, bytes)
  }

  end(): Taken {
    this.#files.sort((a, b) => compareBytewise(a.path, b.path))
    return { files: this.#files, unnameable: this.#unnameable }
  }

  #add(path: string, bytes: Uint8Array): boolean {
    this.#bytes += bytes.byteLength
    if (!isFilePath(path) || path.includes(REPLACED)) {
      if (this.#unnameable.length < PATHS_TOLD) this.#unnameable.push(path)
    } else this.#files.push({ path, bytes })
    return this.#files.length <= this.#bounds.files && this.#bytes <= this.#bounds.bytes
  }

  /** An input that stayed as it was may be larger than all output. */
  #room(path: string): number {
    return Math.max(this.#known.get(path)?.bytes ?? 0, this.#bounds.bytes - this.#bytes)
  }

  #linked(target: string | null): Uint8Array | undefined {
    return target === null ? undefined : this.#seen.get(target)
  }
}
