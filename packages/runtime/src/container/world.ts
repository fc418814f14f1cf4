import { type ContainerImage, containerImageCodec, type Task } from '@souk/protocol'
import type { Execution, FailedOutcome, OutputFile } from '../executor.ts'
import {
  fetchCheckpoint,
  fetchContent,
  fetchFiles,
  refused,
  refuseNames,
  refuseSizes,
} from '../guest-world.ts'
import { type KnownFile, knownFile } from './outputs.ts'
import { memoryOf, SECRETS_BYTES } from './settings.ts'

/** Where a program keeps its checkpoints, and finds the one that it resumes from (docs/PROTOCOL.md §9). */
export const CHECKPOINTS = 'checkpoint'

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
export function refusal({ task, secrets = new Map() }: Execution, room: Room): FailedOutcome | null {
  const { limits } = task
  const secretBytes = [...secrets.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0)
  if (task.engine !== 'container/1') return refused(`the engine container/1, got ${task.engine}`)
  if (memoryOf(task) > room.memoryBytes) {
    return refused(`at most ${room.memoryBytes} bytes of memory, got ${limits.pages} pages`)
  }
  // A file takes whole pages of memory.
  if (secretBytes > SECRETS_BYTES / 2) return refused(`at most ${SECRETS_BYTES / 2} bytes of secrets`)
  return refuseSizes(task) ?? refuseNames(secrets) ?? refusePlaces(task)
}

/** Inputs keep out of the folder of checkpoints. */
function refusePlaces(task: Task): FailedOutcome | null {
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

async function resumed(task: Task, content: Execution['content']): Promise<OutputFile[]> {
  const files = await fetchCheckpoint(content, task)
  return files.map(({ path, bytes }) => ({ path: `${CHECKPOINTS}/latest/${path}`, bytes }))
}
