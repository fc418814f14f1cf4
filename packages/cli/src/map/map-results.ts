import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Output } from '@souk/protocol'
import type { TaskOutcome } from '@souk/requester'
import { filesOf as outputsOf, readPieces } from '../data/fetch-outcome.ts'
import { writeOutputs } from '../data/output-folder.ts'
import { CliError } from '../errors.ts'
import { writeOut } from '../inside/write-out.ts'
import type { Owner } from '../owner.ts'
import type { Entry, Manifest } from './manifest.ts'
import { filesOf, type MapInput, outOf } from './map-inputs.ts'

/** What a program prints, in pieces. */
type Print = () => AsyncIterable<Uint8Array>

/** Where results go: to a folder, to standard output, or to both. */
export class MapResults {
  readonly #owner: Pick<Owner, 'call'>
  readonly #out: string | null
  readonly #printer: Printer | null

  constructor(owner: Pick<Owner, 'call'>, out: string | null, printer: Printer | null) {
    this.#owner = owner
    this.#out = out
    this.#printer = printer
  }

  /** Takes in the result of task `index` of a job; returns how it ended, and what was written. Throws as `writeOutputs`. */
  async take(at: number, input: MapInput, job: string, outcome: TaskOutcome, before: Entry | undefined) {
    const stdout = () => readPieces(this.#owner, job, outcome.index, outcome.output?.stdout ?? '')
    const files = outputsOf(this.#owner, job, outcome)
    if (this.#out !== null) {
      if (before?.kind === 'done' && before.files > 0) {
        await rm(join(this.#out, filesOf(input.name)), { recursive: true, force: true })
      }
      const named = files.map((file) => ({ ...file, path: `${filesOf(input.name)}/${file.path}` }))
      const printed = { path: outOf(input.name), bytes: outcome.stdoutBytes, content: stdout }
      await writeOutputs(this.#out, [printed, ...named], { force: true })
    }
    await this.#printer?.print(at, stdout)
    return { status: statusWords(outcome.output?.status), bytes: outcome.stdoutBytes, files: files.length }
  }

  /** Passes on what an earlier command wrote. */
  async again(at: number, { name }: MapInput): Promise<void> {
    const out = this.#out
    if (out !== null) await this.#printer?.print(at, () => createReadStream(join(out, outOf(name))))
  }

  /** Leaves the place of a task without a result empty. */
  async without(at: number): Promise<void> {
    await this.#printer?.print(at, async function* () {})
  }
}

/** Prints what tasks print, each whole: as they come, or in the order of their inputs. */
export class Printer {
  readonly #ordered: boolean
  readonly #waiting = new Map<number, Print>()
  #next = 0
  #last: Promise<void> = Promise.resolve()

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  /** Resolves when everything is printed whose turn has come. */
  print(at: number, content: Print): Promise<void> {
    if (!this.#ordered) return this.#queue(content)
    this.#waiting.set(at, content)
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next++)
      void this.#queue(next).catch(() => {})
    }
    return this.#last
  }

  #queue(content: Print): Promise<void> {
    this.#last = this.#last.then(async () => {
      for await (const piece of content()) await writeOut(process.stdout, piece)
    })
    return this.#last
  }
}

/** Throws {@link CliError} `OUT_EXISTS` where a result would replace what no earlier command of ours wrote. */
export function requireFree(out: string, inputs: readonly MapInput[], manifest: Manifest): void {
  for (const { name } of inputs) {
    if (manifest.known.has(name)) continue
    const found = [outOf(name), filesOf(name)].find((path) => existsSync(join(out, path)))
    if (found === undefined) continue
    const file = join(out, found)
    throw new CliError(`expected ${file} not to exist yet; give another --out, or --force`, {
      code: 'OUT_EXISTS',
      file,
    })
  }
}

/** Says how a program ended: `exit 0`, or how else. */
export function statusWords(status: Output['status'] | undefined): string {
  if (status === undefined) return 'unknown'
  return status.kind === 'exit' ? `exit ${status.code}` : status.kind
}
