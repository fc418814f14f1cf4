import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '@souk/protocol'
import { lockFolder } from '@souk/storage/node'

/** What a task came to. */
export type Entry = {
  /** The task's digest: program, arguments, limits and inputs. */
  readonly digest: Hex
  readonly job: string
  /** How its results were checked, as `--assurance` says it. */
  readonly assurance: string
} & (
  | { readonly kind: 'done'; readonly status: string; readonly bytes: number; readonly files: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
)

/** A job that was started, or is about to be: what its tasks are, in order. */
export interface MapJob {
  readonly id: string
  readonly names: readonly string[]
  readonly digests: readonly Hex[]
  readonly assurance: string
}

type Line =
  | { readonly job: MapJob }
  | { readonly over: string }
  | { readonly name: string; readonly entry: Entry | null }

/** Hidden folder of the manifest in the folder of results. */
const FOLDER = '.souk-map'

/**
 * What is known of a folder of results: which task gave which, and the job that is not collected yet. Each line is
 * written when what it says is true; a line that a crash tore is as if it had not been written.
 */
export class Manifest {
  readonly entries = new Map<string, Entry>()
  /** Names whose results are ours to replace, whether or not they are there. */
  readonly known = new Set<string>()
  /** The newest job, unless all that it gave is here. */
  job: MapJob | null = null
  readonly #file: string | null
  readonly #unlock: () => void

  private constructor(file: string | null, unlock: () => void) {
    this.#file = file
    this.#unlock = unlock
  }

  /** One that is kept nowhere. */
  static inMemory(): Manifest {
    return new Manifest(null, () => {})
  }

  /** Opens the manifest of a folder, which is made. Throws `StorageError` `FOLDER_LOCKED` while another command has it. */
  static open(out: string): Manifest {
    const folder = join(out, FOLDER)
    mkdirSync(folder, { recursive: true })
    const lock = lockFolder(folder)
    try {
      const manifest = new Manifest(join(folder, 'manifest.jsonl'), () => lock.release())
      manifest.#load()
      return manifest
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Notes a job before it is started. */
  begin(job: MapJob): void {
    this.#add({ job })
  }

  /** Notes that everything that the newest job gave is here. */
  over(): void {
    if (this.job !== null) this.#add({ over: this.job.id })
  }

  /** Notes what a task came to; null for a result that is in question again. */
  note(name: string, entry: Entry | null): void {
    this.#add({ name, entry })
  }

  close(): void {
    this.#unlock()
  }

  #add(line: Line): void {
    this.#take(line)
    if (this.#file !== null) appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  #take(line: Line): void {
    if ('job' in line) {
      this.job = line.job
      for (const name of line.job.names) this.known.add(name)
    } else if ('over' in line) {
      if (this.job?.id === line.over) this.job = null
    } else {
      this.known.add(line.name)
      if (line.entry === null) this.entries.delete(line.name)
      else this.entries.set(line.name, line.entry)
    }
  }

  /** Reads what is there and writes it anew without what is no longer so, so that it grows with its tasks alone. */
  #load(): void {
    const file = this.#file
    if (file === null || !existsSync(file)) return
    for (const text of readFileSync(file, 'utf8').split('\n')) {
      const line = parse(text)
      if (line !== null) this.#take(line)
    }
    const lines: Line[] = [...this.entries].map(([name, entry]) => ({ name, entry }))
    const others = [...this.known].filter((name) => !this.entries.has(name))
    lines.push(...others.map((name) => ({ name, entry: null })))
    if (this.job !== null) lines.push({ job: this.job })
    writeFileSync(`${file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    renameSync(`${file}.new`, file)
  }
}

function parse(text: string): Line | null {
  try {
    return text === '' ? null : (JSON.parse(text) as Line)
  } catch {
    return null
  }
}
