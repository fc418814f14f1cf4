import { compareBytewise, type Output, type OutputStatus, SoukError, type Task } from '@souk/protocol'
import { type BlockStore, contentLength, readContent } from '@souk/storage'
import { differenceOfEnds } from './output-compare.ts'

/** Runs a WASI program on this machine: one that compares outputs, or a task again. Nothing of it outlives the call. */
export type RunLocally = (
  task: Task,
  content: (cid: string) => Promise<Uint8Array>,
  deadlineMs: number,
  signal: AbortSignal,
) => Promise<LocalOutcome>

/** How a program on this machine ended, and what it put out; `failed` where it did not end by itself. */
export type LocalOutcome =
  | {
      readonly kind: 'output'
      readonly status: OutputStatus
      /** Instructions; 0 where its engine does not count them. */
      readonly fuel: bigint
      readonly stdout: Uint8Array
      /** Sorted bytewise by path. */
      readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[]
    }
  | { readonly kind: 'failed'; readonly message: string }

/** Two outputs cannot be compared. */
export class CompareError extends SoukError<{ code: 'INCOMPARABLE' }> {}

/** Milliseconds that a program may take to compare two outputs: the agent does nothing else of its kind meanwhile. */
export const COMPARE_MS = 60_000
/** Pages of 64 KiB that it may use: 1 GiB, its input files not counted. */
const COMPARE_PAGES = 16_384
/** Bytes of both outputs together: all of them are in the memory of this machine at the same time. */
export const COMPARE_BYTES = 512 * 1024 * 1024
/** Bytes that it may print. */
const PRINTED_BYTES = 65_536
/** Characters of what it printed that people are shown. */
const SHOWN_CHARS = 200

/**
 * Says in what two outputs differ by a program's judgement; null where it calls them equal. It finds their files below
 * `a/` and `b/`, what they printed in `a.stdout` and `b.stdout`, and exits with 0 for equal and 1 for different, in
 * words that it prints. Outputs that ended in different ways it does not see.
 *
 * Throws {@link CompareError} for anything else that it does, and `StorageError` where content is not here.
 */
export async function differenceByProgram(
  a: Output,
  b: Output,
  {
    blocks,
    program,
    run,
    signal,
  }: { blocks: BlockStore; program: string; run: RunLocally; signal: AbortSignal },
): Promise<string | null> {
  const apart = differenceOfEnds(a, b)
  if (apart !== null) return apart
  const inputs = [...(await filesOf('a', a, blocks)), ...(await filesOf('b', b, blocks))]
  requireSmall(inputs)
  const outcome = await run(
    taskOf(
      program,
      inputs.sort((one, other) => compareBytewise(one[0], other[0])),
    ),
    (cid) => readContent(blocks, cid),
    COMPARE_MS,
    signal,
  )
  if (outcome.kind === 'failed') throw incomparable(`it to end by itself, it did not: ${outcome.message}`)
  const { status, stdout } = outcome
  if (status.kind !== 'exit' || status.code > 1) {
    throw incomparable(`an exit code of 0 or 1, got ${status.kind === 'exit' ? status.code : status.kind}`)
  }
  return status.code === 0 ? null : `their comparison says: ${words(stdout)}`
}

async function filesOf(side: string, { stdout, files }: Output, blocks: BlockStore): Promise<Task['inputs']> {
  const printed = await contentLength(blocks, stdout)
  const below = files.map(([path, cid, bytes]): Task['inputs'][number] => [`${side}/${path}`, cid, bytes])
  return [[`${side}.stdout`, stdout, printed], ...below]
}

function requireSmall(inputs: Task['inputs']): void {
  const bytes = inputs.reduce((sum, [, , each]) => sum + each, 0)
  if (bytes > COMPARE_BYTES) throw incomparable(`at most ${COMPARE_BYTES} bytes of outputs, got ${bytes}`)
}

function taskOf(program: string, inputs: Task['inputs']): Task {
  return {
    ...{ v: 1, engine: 'wasm/1', program, args: [], env: [], stdin: null, inputs, checkpoint: null },
    limits: { fuel: 0n, pages: COMPARE_PAGES, depth: 0, outputBytes: PRINTED_BYTES, files: 0 },
    ...{ seed: 0n, clockNs: 0n },
  }
}

function words(stdout: Uint8Array): string {
  return new TextDecoder().decode(stdout).trim().slice(0, SHOWN_CHARS) || 'they differ'
}

function incomparable(expected: string): CompareError {
  return new CompareError(
    `the program that compares results: expected ${expected}; mend it, or compare in another way`,
    { code: 'INCOMPARABLE' },
  )
}
