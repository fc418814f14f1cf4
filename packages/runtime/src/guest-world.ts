import {
  errorMessage,
  type FileEntry,
  folderCodec,
  isFilePath,
  type RuntimeName,
  type Task,
} from '@souk/protocol'
import type { Execution, FailedOutcome, OutputFile } from './executor.ts'
import { CHECKPOINT_FOLDER, RESUMED_FOLDER, SECRETS_FOLDER } from './guest/folders.ts'
import type { GuestFile, GuestWorld } from './guest/messages.ts'

/** The first argument of every program; its file name would differ between machines. */
export const PROGRAM_NAME = 'program'
/** Bytes of input and checkpoint files of one task; they cross a process boundary in one message. */
const INPUT_BYTES = 512 * 1024 * 1024
/** Bytes of output of one task; larger results belong into several tasks. */
export const OUTPUT_BYTES = 256 * 1024 * 1024

/** Deepest call depth of `wasm-det/1`, in frames: a runner's stack holds so many of 600 bytes. */
export const MOST_DEPTH = 10_000

/** The engines that run WebAssembly. */
export type WasmEngine = Extract<RuntimeName, 'wasm/1' | 'wasm-det/1'>

/** Thrown while content is gathered; carries the failure to report. */
export class ContentMissing extends Error {}

/** Returns why an executor of this engine and so many pages per core does not take an execution at all, or null. */
export function refusal(execution: Execution, engine: WasmEngine, pages: number): FailedOutcome | null {
  const { task, secrets = new Map() } = execution
  const { limits } = task
  if (task.engine !== engine) return refused(`the engine ${engine}, got ${task.engine}`)
  if (limits.pages > pages) return refused(`at most ${pages} pages of memory per core, got ${limits.pages}`)
  if (engine === 'wasm-det/1' && limits.depth > MOST_DEPTH) {
    return refused(`a call depth of at most ${MOST_DEPTH}, got ${limits.depth}`)
  }
  if (engine === 'wasm-det/1' && secrets.size > 0) {
    return refused('no secrets, because others must be able to execute a task of wasm-det/1 alike')
  }
  return refuseSizes(task) ?? refuseNames(secrets) ?? refusePlaces(execution)
}

/** Returns why no executor takes a task that reads or writes so much, or null. */
export function refuseSizes({ inputs, limits }: Task): FailedOutcome | null {
  const inputBytes = bytesOf(inputs)
  if (inputBytes > INPUT_BYTES) return refused(`at most ${INPUT_BYTES} bytes of input, got ${inputBytes}`)
  if (limits.outputBytes <= OUTPUT_BYTES) return null
  return refused(`an output limit of at most ${OUTPUT_BYTES} bytes, got ${limits.outputBytes}`)
}

/** Returns why secrets of these names cannot be files of their own, or null. */
export function refuseNames(secrets: ReadonlyMap<string, Uint8Array>): FailedOutcome | null {
  const named = [...secrets.keys()].every((name) => isFilePath(name) && !name.includes('/'))
  return named ? null : refused('secrets with the names of files')
}

/** Inputs keep out of the folders into which this execution is given something else. */
function refusePlaces({ task, secrets }: Execution): FailedOutcome | null {
  const taken = [
    ...(task.checkpoint === null ? [] : [CHECKPOINT_FOLDER]),
    ...(secrets === undefined || secrets.size === 0 ? [] : [SECRETS_FOLDER]),
  ]
  const collides = ([path]: FileEntry) =>
    taken.some((folder) => `${path}/`.startsWith(`${folder}/`) || folder.startsWith(`${path}/`))
  const found = task.inputs.find(collides)
  return found ? refused(`inputs outside of ${taken.join(' and ')}, got ${found[0]}`) : null
}

/** Returns the outcome of an execution that an executor does not take; `what` says what it would. */
export function refused(what: string): FailedOutcome {
  const message = `expected ${what}; change the task, or lease more`
  return { kind: 'failed', code: 'refused', message }
}

/** Gathers everything the program can observe. Throws {@link ContentMissing}. */
export async function gatherWorld({ task, content, secrets, hear }: Execution): Promise<GuestWorld> {
  const { args, env, limits, seed, clockNs } = task
  const stdin =
    task.stdin === null ? new Uint8Array() : await fetchContent(content, task.stdin, 'standard input')
  const files = [
    ...(await fetchFiles(content, task.inputs, 'the input')),
    ...(await gatherCheckpoint(content, task)),
    ...[...(secrets ?? [])].map(([name, bytes]) => ({ path: `${SECRETS_FOLDER}/${name}`, bytes })),
  ]
  const heard = hear !== undefined
  const metered = task.engine === 'wasm-det/1'
  return { args: [PROGRAM_NAME, ...args], env, stdin, files, limits, seed, clockNs, heard, metered }
}

async function gatherCheckpoint(content: Execution['content'], task: Task): Promise<GuestFile[]> {
  const files = await fetchCheckpoint(content, task)
  return files.map(({ path, bytes }) => ({ path: `${RESUMED_FOLDER}/${path}`, bytes }))
}

/** Returns the files of the checkpoint that a task goes on from; none where it begins. Throws {@link ContentMissing}. */
export async function fetchCheckpoint(
  content: Execution['content'],
  { checkpoint, inputs }: Task,
): Promise<OutputFile[]> {
  if (checkpoint === null) return []
  const entries = readFolder(await fetchContent(content, checkpoint, 'the checkpoint'))
  if (bytesOf(inputs) + bytesOf(entries) > INPUT_BYTES) {
    throw new ContentMissing(`expected inputs and checkpoint of at most ${INPUT_BYTES} bytes together`)
  }
  return fetchFiles(content, entries, 'the file of the checkpoint')
}

function readFolder(bytes: Uint8Array): readonly FileEntry[] {
  try {
    return folderCodec.decode(bytes).files
  } catch (cause) {
    throw new ContentMissing(`expected the checkpoint to be a folder: ${errorMessage(cause)}`, { cause })
  }
}

/** Returns files of the sizes that were declared; `what` names one for people. Throws {@link ContentMissing}. */
export async function fetchFiles(
  content: Execution['content'],
  entries: readonly FileEntry[],
  what: string,
): Promise<OutputFile[]> {
  const files = []
  for (const [path, cid, size] of entries) {
    const bytes = await fetchContent(content, cid, `${what} ${path}`)
    if (bytes.byteLength !== size) {
      throw new ContentMissing(`expected ${what} ${path} to have ${size} bytes, got ${bytes.byteLength}`)
    }
    files.push({ path, bytes })
  }
  return files
}

function bytesOf(entries: readonly FileEntry[]): number {
  return entries.reduce((sum, [, , bytes]) => sum + bytes, 0)
}

/** Returns the bytes behind `cid`; `what` names it for people. Throws {@link ContentMissing}. */
export async function fetchContent(
  content: Execution['content'],
  cid: string,
  what: string,
): Promise<Uint8Array> {
  try {
    return await content(cid)
  } catch (cause) {
    throw new ContentMissing(
      `expected ${what} (${cid}) to be there, got: ${errorMessage(cause)}; publish it again`,
      { cause },
    )
  }
}
