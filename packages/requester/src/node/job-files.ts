import { byTolerance, EXACT, type StandbyLevel } from '@souk/availability'
import type { SecretUse } from '@souk/engine'
import {
  type Content,
  compareBytewise,
  containerImageCodec,
  type Demand,
  type Kernel,
  kernelCodec,
  LIMITS,
  requireKernelTask,
  type Task,
  taskCodec,
  validateProgram,
  withSecrets,
} from '@souk/protocol'
import type { JobSpec } from '../job-spec.ts'
import { type FindOptions, findFiles, placeInputs } from './data/find-inputs.ts'
import type { InputFile } from './data/input-file.ts'
import { type Keeper, memoryKeeper } from './data/keeper.ts'
import { localFile, notAFile } from './data/read-file.ts'

/** One task of a request: its arguments, and the files it reads. */
export interface TaskFiles {
  readonly args: readonly string[]
  readonly env: readonly string[]
  /** Where standard input comes from: a source that is one file. */
  readonly stdin: string | null
  /**
   * Names that the program sees, and the sources behind them: a file, a folder, a pattern, `https://…#sha256=…` or
   * `ipfs://CID/path`. `null` leaves files and folders their own names.
   */
  readonly inputs: readonly (readonly [name: string | null, source: string])[]
}

/** A program that is an image, and the file behind it where no registry has it. */
export interface ImageFiles {
  readonly reference: string
  /** File as `docker save` writes it. */
  readonly archive: string | null
  readonly entrypoint: readonly string[] | null
}

/** A program that is a kernel for `webgpu/1`, written out. */
export interface KernelProgram {
  readonly kernel: Kernel
}

/** How results are compared, with the file of a program that does. */
export type CompareRequest =
  | { readonly kind: 'exact' }
  /** What is not given is what is usual for each type of number. */
  | { readonly kind: 'tolerance'; readonly abs?: number; readonly rel?: number }
  | { readonly kind: 'custom'; readonly program: string }

/** A job by file names: what a command sends to the process that owns the data folder. */
export interface JobRequest {
  readonly name: string
  /** Name for the job that no other has ({@link isJobId}): who chose it can write it down before the job begins. */
  readonly id?: string
  /**
   * File of a WASI program, an image for `container/1`, or a kernel for `webgpu/1`; the demand's runtime is the engine.
   */
  readonly program: string | ImageFiles | KernelProgram
  readonly tasks: readonly TaskFiles[]
  readonly assurance: JobSpec['assurance']
  /** Unless given, as is usual for the engine. */
  readonly compare?: CompareRequest
  readonly deadlineMs: number
  /** Milliseconds that an execution is expected to take, for the estimate. */
  readonly expectedMs?: number
  readonly demand: Demand
  readonly leases: number
  readonly memoryBytes: number
  readonly outputBytes: number
  /** Instructions and nested calls of a task, for an engine that counts them. */
  readonly fuel?: bigint
  readonly depth?: number
  readonly seed: bigint
  /** Trustless gateways that blocks of IPFS are asked for, in order. */
  readonly ipfsGateways?: readonly string[]
  /** Chance, in (0, 1), that enough leases live as long as the demand says; the leases are then those of a plan. */
  readonly availability?: number
  /** Where addresses are, for that plan. */
  readonly domains?: NonNullable<JobSpec['domains']>
  /** How far a successor of a provider in doubt is prepared; `warm` unless told. */
  readonly standby?: StandbyLevel
  /** Milliseconds that the job waits for money before it fails, each time; it does not wait unless told. */
  readonly graceMs?: number
  /** Its tasks are replicas of a service; not unless told. */
  readonly service?: boolean
  /** How the job's leases grow and shrink; as many as `leases` says unless told. */
  readonly pool?: JobSpec['pool']
  /** Secrets that every task finds below `/run/secrets`, by name: what they hold is in no request. */
  readonly secrets?: readonly SecretUse[]
}

const JOB_ID = /^[0-9a-f]{12}$/

/** Tells whether a text can name a job: 12 hexadecimal digits. */
export function isJobId(text: string): boolean {
  return JOB_ID.test(text)
}

const PAGE_BYTES = 65_536
/** Pages that a task can name: 4 GiB, all that 32 bits reach. */
const MOST_PAGES = 65_536

/** How a job's files are read. */
export interface ReadJobOptions {
  /** Takes the content; in memory unless told. */
  readonly keeper?: Keeper
  readonly signal?: AbortSignal
  /** Hears how far a file is; `totalBytes` is null where nobody knows it before. */
  onProgress?(source: string, haveBytes: number, totalBytes: number | null): void
}

/**
 * Reads a job's files, wherever they are, and makes its tasks.
 *
 * Throws {@link InputError} and `ProgramError` before any money moves, and what the keeper throws.
 */
export async function readJob(request: JobRequest, options: ReadJobOptions = {}): Promise<JobSpec> {
  const reader = new JobReader(request, options)
  const program = await reader.program()
  const tasks: Task[] = []
  for (const files of request.tasks) tasks.push(await reader.task(program, files))
  const { name, assurance, deadlineMs, demand, leases, graceMs = 0, secrets = [] } = request
  const compared = await reader.comparator()
  const expected = request.expectedMs === undefined ? {} : { expectedMs: request.expectedMs }
  const content = reader.keeper.content()
  const { availability, domains = [] } = request
  const planned = availability === undefined ? {} : { availability, domains }
  const standby = request.standby === undefined ? {} : { standby: request.standby }
  const pool = request.pool === undefined ? {} : { pool: request.pool }
  return {
    ...compared,
    ...standby,
    ...pool,
    ...(request.service === true ? { service: true } : {}),
    ...planned,
    ...expected,
    name,
    tasks,
    content,
    assurance,
    deadlineMs,
    demand,
    leases,
    graceMs,
    secrets,
  }
}

/** Reads one job; a file that several tasks name is read once. */
class JobReader {
  readonly keeper: Keeper
  readonly #request: JobRequest
  readonly #options: ReadJobOptions
  readonly #find: FindOptions
  readonly #kept = new Map<string, Promise<Content>>()

  constructor(request: JobRequest, options: ReadJobOptions) {
    const { keeper = memoryKeeper(), signal = new AbortController().signal } = options
    this.keeper = keeper
    this.#request = request
    this.#options = options
    this.#find = { gateways: request.ipfsGateways ?? [], signal }
  }

  /** Returns the address of what a task's `program` names: a valid WASI program, the description of an image, or a kernel. */
  async program(): Promise<string> {
    const { program } = this.#request
    if (typeof program === 'string') return this.#wasi(program)
    if ('kernel' in program) return (await this.keeper.keep(only(kernelCodec.encode(program.kernel)))).cid
    const { reference, entrypoint } = program
    const archive = program.archive === null ? null : await this.#keep(await localFile(program.archive))
    const image = { v: 1 as const, reference, archive, entrypoint: entrypoint && [...entrypoint] }
    return (await this.keeper.keep(only(containerImageCodec.encode(image)))).cid
  }

  /**
   * Makes a task. Throws `WireError` where its names and arguments are more than one can carry, and `ProgramError` where
   * they do not fit its kernel.
   */
  async task(program: string, { args, env, stdin, inputs: named }: TaskFiles): Promise<Task> {
    const inputs: Task['inputs'] = []
    for (const { path, file } of await placeInputs(named, this.#find)) {
      const { cid, bytes } = await this.#keep(file)
      inputs.push([path, cid, bytes])
    }
    const task: Task = {
      v: 1,
      engine: this.#request.demand.runtime,
      program,
      args: [...args],
      env: this.#request.secrets?.length ? withSecrets(env) : [...env].sort(compareBytewise),
      stdin: stdin === null ? null : (await this.#keep(await this.#one(stdin))).cid,
      inputs,
      checkpoint: null,
      limits: limitsOf(this.#request),
      seed: this.#request.seed,
      clockNs: 0n,
    }
    taskCodec.encode(task)
    const { program: given } = this.#request
    if (typeof given !== 'string' && 'kernel' in given) requireKernelTask(given.kernel, task)
    return task
  }

  /** Returns how the results are compared, with the address of the program that does. */
  async comparator(): Promise<Pick<JobSpec, 'comparator'>> {
    const { compare } = this.#request
    switch (compare?.kind) {
      case undefined:
        return {}
      case 'exact':
        return { comparator: EXACT }
      case 'tolerance': {
        const { kind: _, ...given } = compare
        return { comparator: byTolerance(given) }
      }
      case 'custom':
        return { comparator: { kind: 'custom', program: await this.#wasi(compare.program) } }
    }
  }

  /** Keeps the file of a valid WASI program; returns its address. */
  async #wasi(path: string): Promise<string> {
    const bytes = await readBytes(await localFile(path), this.#find.signal)
    validateProgram(bytes)
    return (await this.keeper.keep(only(bytes))).cid
  }

  async #one(source: string): Promise<InputFile> {
    const [file, ...others] = await findFiles(source, this.#find)
    if (file === undefined || others.length > 0) throw notAFile(source)
    return file
  }

  #keep(file: InputFile): Promise<Content> {
    const known = this.#kept.get(file.from)
    if (known !== undefined) return known
    const { onProgress } = this.#options
    const tell = (haveBytes: number) => onProgress?.(file.from, haveBytes, file.bytes)
    const { signal } = this.#find
    const content = this.keeper.keep(untilAborted(file.open(signal), signal), tell)
    this.#kept.set(file.from, content)
    return content
  }
}

function limitsOf({ fuel, depth, memoryBytes, outputBytes }: JobRequest): Task['limits'] {
  return {
    fuel: fuel ?? 0n,
    pages: Math.min(MOST_PAGES, Math.max(1, Math.floor(memoryBytes / PAGE_BYTES))),
    depth: depth ?? 0,
    outputBytes,
    files: LIMITS.taskFiles,
  }
}

async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    signal.throwIfAborted()
    yield chunk
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function readBytes(file: InputFile, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of file.open(signal)) parts.push(chunk)
  return new Uint8Array(Buffer.concat(parts))
}
