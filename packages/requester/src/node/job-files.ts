import { readFile } from 'node:fs/promises'
import {
  containerImageCodec,
  type Demand,
  LIMITS,
  SoukError,
  type Task,
  toBlocks,
  validateProgram,
} from '@souk/protocol'
import type { JobSpec } from '../job-spec.ts'

/** One task of a request: its arguments, and the files it reads. */
export interface TaskFiles {
  readonly args: readonly string[]
  readonly env: readonly string[]
  /** File that the program reads as standard input. */
  readonly stdin: string | null
  /** Path the program sees, and the file behind it. */
  readonly inputs: readonly (readonly [path: string, file: string])[]
}

/** A program that is an image, and the file behind it where no registry has it. */
export interface ImageFiles {
  readonly reference: string
  /** File as `docker save` writes it. */
  readonly archive: string | null
  readonly entrypoint: readonly string[] | null
}

/** A job by file names: what a command sends to the process that owns the data folder. */
export interface JobRequest {
  readonly name: string
  /** File of a WASI program, or an image for `container/1`; the demand's runtime is the engine. */
  readonly program: string | ImageFiles
  readonly tasks: readonly TaskFiles[]
  readonly assurance: { readonly k: number; readonly n: number }
  readonly deadlineMs: number
  readonly demand: Demand
  readonly leases: number
  readonly memoryBytes: number
  readonly outputBytes: number
  /** Instructions and nested calls of a task, for an engine that counts them. */
  readonly fuel?: bigint
  readonly depth?: number
  readonly seed: bigint
  /** Milliseconds that the job waits for money before it fails, each time; it does not wait unless told. */
  readonly graceMs?: number
}

/** A file of a job cannot be used. */
export class InputError extends SoukError<
  { code: 'FILE_MISSING'; file: string } | { code: 'FILE_TOO_LARGE'; file: string; bytes: number }
> {}

const PAGE_BYTES = 65_536
/** Pages that a task can name: 4 GiB, all that 32 bits reach. */
const MOST_PAGES = 65_536

/**
 * Reads a job's files and makes its tasks.
 *
 * Throws {@link InputError} and `ProgramError` before any money moves.
 */
export async function readJob(request: JobRequest): Promise<JobSpec> {
  const content = new Map<string, Uint8Array>()
  const keep = (bytes: Uint8Array) => {
    const address = toBlocks(bytes).content
    content.set(address.cid, bytes)
    return address
  }
  const programCid = keep(await readProgram(request.program, keep)).cid
  const tasks: Task[] = []
  for (const files of request.tasks) tasks.push(await readTask(request, programCid, files, keep))
  const { name, assurance, deadlineMs, demand, leases, graceMs = 0 } = request
  return { name, tasks, content: [...content.values()], assurance, deadlineMs, demand, leases, graceMs }
}

/** Keeps content for the job and returns its address. */
type Keep = (bytes: Uint8Array) => { cid: string; bytes: number }

/** Returns the bytes that a task's `program` names: a valid WASI program, or the description of an image. */
async function readProgram(program: JobRequest['program'], keep: Keep): Promise<Uint8Array> {
  if (typeof program !== 'string') {
    const { reference, entrypoint } = program
    const archive = program.archive === null ? null : keep(await readInput(program.archive))
    return containerImageCodec.encode({ v: 1, reference, archive, entrypoint: entrypoint && [...entrypoint] })
  }
  const bytes = await readInput(program)
  validateProgram(bytes)
  return bytes
}

async function readTask(request: JobRequest, program: string, files: TaskFiles, keep: Keep): Promise<Task> {
  const inputs: Task['inputs'] = []
  for (const [path, file] of files.inputs) {
    const { cid, bytes } = keep(await readInput(file))
    inputs.push([path, cid, bytes])
  }
  return {
    v: 1,
    engine: request.demand.runtime,
    program,
    args: [...files.args],
    env: [...files.env].sort(),
    stdin: files.stdin === null ? null : keep(await readInput(files.stdin)).cid,
    inputs: inputs.sort((a, b) => (a[0] < b[0] ? -1 : 1)),
    checkpoint: null,
    limits: {
      fuel: request.fuel ?? 0n,
      pages: Math.min(MOST_PAGES, Math.max(1, Math.floor(request.memoryBytes / PAGE_BYTES))),
      depth: request.depth ?? 0,
      outputBytes: request.outputBytes,
      files: LIMITS.taskFiles,
    },
    seed: request.seed,
    clockNs: 0n,
  }
}

async function readInput(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause) => {
    throw new InputError(`expected a file that can be read at ${file}, got ${cause.code}; check the path`, {
      code: 'FILE_MISSING',
      file,
    })
  })
  if (bytes.byteLength <= LIMITS.fileBytes)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  throw new InputError(
    `expected ${file} to have at most ${LIMITS.fileBytes} bytes, it has ${bytes.byteLength}; split it`,
    {
      code: 'FILE_TOO_LARGE',
      file,
      bytes: bytes.byteLength,
    },
  )
}
