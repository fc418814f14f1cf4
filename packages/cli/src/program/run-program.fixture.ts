import { readFile } from 'node:fs/promises'
import { type Task, toBlocks, utf8 } from '@souk/protocol'
import type { Executor, Outcome } from '@souk/runtime'

/** What a test gives a program to read. */
export interface Reading {
  readonly args?: readonly string[]
  readonly stdin?: string
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly pages?: number
}

/** Runs a program's file on an executor, as a provider does, and returns what it did. */
export async function runProgram(
  executor: Executor,
  program: string,
  { args = [], stdin = '', files = {}, pages = 1024 }: Reading,
): Promise<Outcome> {
  const content = new Map<string, Uint8Array>()
  const keep = (bytes: Uint8Array) => {
    const address = toBlocks(bytes).content
    content.set(address.cid, bytes)
    return address
  }
  const inputs = Object.entries(files).map(([path, given]): [string, string, number] => {
    const { cid, bytes } = keep(typeof given === 'string' ? utf8(given) : given)
    return [path, cid, bytes]
  })
  const task: Task = {
    v: 1,
    engine: 'wasm/1',
    program: keep(await readFile(program)).cid,
    args: [...args],
    env: ['LANG=C'],
    stdin: keep(utf8(stdin)).cid,
    inputs: inputs.sort(([a], [b]) => (a < b ? -1 : 1)),
    checkpoint: null,
    limits: { fuel: 0n, pages, depth: 0, outputBytes: 1_048_576, files: 16 },
    seed: 1n,
    clockNs: 0n,
  }
  const read = async (cid: string) => content.get(cid) ?? Promise.reject(new Error(`nobody has ${cid}`))
  const execution = { id: 'attempt', n: 1, task, deadlineMs: 50_000, content: read }
  return executor.run(execution, new AbortController().signal)
}

/** Returns what a program printed, its exit code, and the text of the files it wrote; fails for anything else. */
export function ended(outcome: Outcome) {
  if (outcome.kind !== 'output')
    throw new Error(`expected an output, got ${outcome.code}: ${outcome.message}`)
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const files = Object.fromEntries(outcome.files.map(({ path, bytes }) => [path, text(bytes)]))
  return { status: outcome.status, stdout: text(outcome.stdout), files, log: outcome.log }
}
