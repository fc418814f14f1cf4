import type { FailureCode, OutputStatus, TaskLimits } from '@souk/protocol'
import type { ExecutionNews } from '../executor.ts'

/** What the runner process is told to do. */
export type RunnerRequest =
  | RunRequest
  /** Tasks that need not run any more; one that runs is not stopped. */
  | { readonly kind: 'drop'; readonly seqs: readonly number[] }
  | { readonly kind: 'probe'; readonly file: string; readonly pid: number }
  /** A call of the service that the first task is; they are answered one after another. */
  | { readonly kind: 'call'; readonly call: GuestCall }

/** Tasks to run one after another, each answered by `ended`; further requests wait behind them. */
export interface RunRequest {
  readonly kind: 'run'
  /** Keys of compiled programs to forget, before anything else of this request. */
  readonly forget: readonly string[]
  /** Programs that the process does not have, by key. */
  readonly programs: readonly (readonly [key: string, program: Uint8Array])[]
  readonly tasks: readonly GuestTask[]
}

/** A call of a service, and what its program sees of it beyond what the task says. */
export interface GuestCall {
  readonly id: number
  /** `NAME=value` entries, which go before the task's own of the same name. */
  readonly env: readonly string[]
  readonly stdin: Uint8Array
  readonly clockNs: bigint
  readonly seed: bigint
}

/** One task on its way to a runner. */
export interface GuestTask {
  readonly seq: number
  /** Names the program together with what it is compiled for. */
  readonly key: string
  readonly world: GuestWorld
}

/** Everything a program can observe. */
export interface GuestWorld {
  readonly args: readonly string[]
  /** `NAME=value` entries. */
  readonly env: readonly string[]
  readonly stdin: Uint8Array
  /** Files that are there at the start: inputs, checkpoint and secrets. */
  readonly files: readonly GuestFile[]
  readonly limits: TaskLimits
  readonly seed: bigint
  /** Virtual time of day at the start, nanoseconds since the epoch. */
  readonly clockNs: bigint
  /** Whether anybody hears of the run while it goes on; the program cannot tell. */
  readonly heard: boolean
  /** Whether the program is one of `wasm-det/1`: instrumented, and metered by its task's limits. */
  readonly metered: boolean
}

export interface GuestFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a run tells while it goes on. */
export type GuestNews = Exclude<ExecutionNews, { kind: 'preparing' }>

/** What the runner process says; everything about one task in order. */
export type RunnerMessage =
  | { readonly kind: 'ready'; readonly refused: Record<Capability, boolean>; readonly alone: boolean }
  | { readonly kind: 'probed'; readonly reached: readonly string[] }
  | { readonly kind: 'news'; readonly seq: number; readonly news: GuestNews }
  /** `result` is null for a task that was dropped before it ran. */
  | { readonly kind: 'ended'; readonly seq: number; readonly result: GuestResult | null }

  /** What a call wrote, and how it ended. */
  | { readonly kind: 'wrote'; readonly seq: number; readonly call: number; readonly news: GuestNews }
  | { readonly kind: 'answered'; readonly seq: number; readonly call: number; readonly result: CallResult }

export type CallResult =
  | {
      readonly kind: 'answered'
      readonly status: OutputStatus
      /** The reason of a trap, for people. */
      readonly note: string
      readonly runMs: number
    }
  | Extract<GuestResult, { kind: 'failed' }>

export type Capability = 'read' | 'write' | 'spawn' | 'worker'

export type GuestResult =
  | {
      readonly kind: 'output'
      readonly status: OutputStatus
      /** Instructions; 0 where the engine does not meter. */
      readonly fuel: bigint
      readonly stdout: Uint8Array
      readonly files: readonly GuestFile[]
      readonly cpuMs: number
      readonly runMs: number
      readonly log: string
    }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly message: string }
