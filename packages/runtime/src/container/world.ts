import {
  type ContainerImage,
  containerImageCodec,
  errorMessage,
  folderCodec,
  isFilePath,
  type Task,
} from '@souk/protocol'
import type { Execution, FailedOutcome, OutputFile } from '../executor.ts'
import { ContentMissing, fetchContent } from '../guest-world.ts'
import { type KnownFile, knownFile } from './outputs.ts'
import { memoryOf, SECRETS_BYTES } from './settings.ts'

/** Where a program keeps its checkpoints, and finds the one that it resumes from (docs/PROTOCOL.md §9). */
export const CHECKPOINTS = 'checkpoint'
/** Bytes of standard input and input files of one task: they pass through this process. */
const INPUT_BYTES = 512 * 1024 * 1024
/** Bytes of output of one task; larger results belong into several tasks. */
const OUTPUT_BYTES = 256 * 1024 * 1024

/** Everything that a program finds in its container, but for the image. */
export interface World {
  readonly image: ContainerImage
  readonly stdin: Uint8Array | null
  /** Files of the work folder. */
  readonly files: readonly OutputFile[]
  /** The inputs among them, to tell which ones the program changed. */
  readonly known: ReadonlyMap<string, KnownFile>
  readonly secrets: readonly OutputFile[]
}

/** What an executor gives to one execution. */
export interface Room {
  readonly memoryBytes: number
}

/** Returns why an executor does not take an execution at all, or null. */
export function refusal({ task, secrets }: Execution, room: Room): FailedOutcome | null {
  const { limits } = task
  const inputBytes = task.inputs.reduce((sum, [, , bytes]) => sum + bytes, 0)
  const secretBytes = [...(secrets?.values() ?? [])].reduce((sum, bytes) => sum + bytes.byteLength, 0)
  if (task.engine !== 'container/1') return refused(`the engine container/1, got ${task.engine}`)
  if (memoryOf(task) > room.memoryBytes) {
    return refused(`at most ${room.memoryBytes} bytes of memory, got ${limits.pages} pages`)
  }
  if (inputBytes > INPUT_BYTES) return refused(`at most ${INPUT_BYTES} bytes of input, got ${inputBytes}`)
  if (limits.outputBytes > OUTPUT_BYTES) {
    return refused(`an output limit of at most ${OUTPUT_BYTES} bytes, got ${limits.outputBytes}`)
  }
  // A file takes whole pages of memory.
  if (secretBytes > SECRETS_BYTES / 2) return refused(`at most ${SECRETS_BYTES / 2} bytes of secrets`)
  if (![...(secrets?.keys() ?? [])].every((name) => isFilePath(name) && !name.includes('/'))) {
    return refused('secrets with the names of files')
  }
  const taken = task.inputs.find(([path]) => isTaken(path, task.checkpoint !== null))
  return taken ? refused(`inputs outside of ${CHECKPOINTS}, got ${taken[0]}`) : null
}

/** No input takes the place of the checkpoint folder, nor lies in it where there is a checkpoint. */
function isTaken(path: string, resumes: boolean): boolean {
  return path === CHECKPOINTS || (resumes && path.startsWith(`${CHECKPOINTS}/`))
}

/** Gathers what the program finds. Throws {@link ContentMissing}, or `WireError` for what is no image or folder. */
export async function gatherContainer({ task, secrets, content }: Execution): Promise<World> {
  const image = containerImageCodec.decode(await fetchContent(content, task.program, 'the program'))
  const stdin = task.stdin === null ? null : await fetchContent(content, task.stdin, 'standard input')
  const inputs = await fetchFiles(content, task.inputs, 'the input')
  return {
    image,
    stdin,
    files: [...inputs, ...(await resumed(task, content))],
    known: new Map(inputs.map(({ path, bytes }) => [path, knownFile(bytes)])),
    secrets: [...(secrets ?? [])].map(([path, bytes]) => ({ path, bytes })),
  }
}

async function resumed({ checkpoint }: Task, content: Execution['content']): Promise<OutputFile[]> {
  if (checkpoint === null) return []
  const bytes = await fetchContent(content, checkpoint, 'the checkpoint')
  const files = await fetchFiles(content, entriesOf(bytes, checkpoint), 'of the checkpoint,')
  return files.map(({ path, bytes }) => ({ path: `${CHECKPOINTS}/latest/${path}`, bytes }))
}

function entriesOf(bytes: Uint8Array, cid: string): Task['inputs'] {
  try {
    return folderCodec.decode(bytes).files
  } catch (cause) {
    throw new ContentMissing(`expected the checkpoint ${cid} to be a folder, got: ${errorMessage(cause)}`, {
      cause,
    })
  }
}

async function fetchFiles(content: Execution['content'], entries: Task['inputs'], what: string) {
  const files: OutputFile[] = []
  for (const [path, cid, size] of entries) {
    const bytes = await fetchContent(content, cid, `${what} ${path}`)
    if (bytes.byteLength !== size) {
      throw new ContentMissing(`expected ${what} ${path} to have ${size} bytes, got ${bytes.byteLength}`)
    }
    files.push({ path, bytes })
  }
  return files
}

function refused(what: string): FailedOutcome {
  return {
    kind: 'failed',
    code: 'refused',
    message: `expected ${what}; lower the task's limits or lease more`,
  }
}
