import type { Task } from '@souk/protocol'
import type { Execution, FailedOutcome } from './executor.ts'
import type { GuestWorld } from './guest/messages.ts'

/** The first argument of every program; its file name would differ between machines. */
export const PROGRAM_NAME = 'program'
/** Bytes of standard input and input files of one task; they cross a process boundary in one message. */
const INPUT_BYTES = 512 * 1024 * 1024
/** Bytes of output of one task; larger results belong into several tasks. */
const OUTPUT_BYTES = 256 * 1024 * 1024

/** Thrown while content is gathered; carries the failure to report. */
export class ContentMissing extends Error {}

/** Returns why this executor does not take `task` at all, or null. */
export function refusal(task: Task, pages: number): FailedOutcome | null {
  const { limits } = task
  const inputBytes = task.inputs.reduce((sum, [, , bytes]) => sum + bytes, 0)
  if (task.engine !== 'wasm/1') return refused(`the engine wasm/1, got ${task.engine}`)
  if (task.checkpoint !== null)
    return refused('a task without a checkpoint, which wasm/1 does not resume from')
  if (limits.pages > pages) return refused(`at most ${pages} pages of memory per core, got ${limits.pages}`)
  if (inputBytes > INPUT_BYTES) return refused(`at most ${INPUT_BYTES} bytes of input, got ${inputBytes}`)
  if (limits.outputBytes > OUTPUT_BYTES) {
    return refused(`an output limit of at most ${OUTPUT_BYTES} bytes, got ${limits.outputBytes}`)
  }
  return null
}

function refused(what: string): FailedOutcome {
  return {
    kind: 'failed',
    code: 'refused',
    message: `expected ${what}; lower the task's limits or lease more`,
  }
}

/** Gathers everything the program can observe. Throws {@link ContentMissing}. */
export async function gatherWorld({ task, content }: Execution): Promise<GuestWorld> {
  const stdin =
    task.stdin === null ? new Uint8Array() : await fetchContent(content, task.stdin, 'standard input')
  const inputs = []
  for (const [path, cid, size] of task.inputs) {
    const bytes = await fetchContent(content, cid, `the input ${path}`)
    if (bytes.byteLength !== size) {
      throw new ContentMissing(`expected the input ${path} to have ${size} bytes, got ${bytes.byteLength}`)
    }
    inputs.push({ path, bytes })
  }
  return {
    args: [PROGRAM_NAME, ...task.args],
    env: task.env,
    stdin,
    inputs,
    outputBytes: task.limits.outputBytes,
    outputFiles: task.limits.files,
    seed: task.seed,
    clockNs: task.clockNs,
  }
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
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ContentMissing(`expected ${what} (${cid}) to be there, got: ${reason}; publish it again`, {
      cause,
    })
  }
}
