import type { Duplex, Readable } from 'node:stream'
import type { FailureCode, OutputStatus, SandboxLevel, Task } from '@souk/protocol'

/** One execution of a task on this machine. */
export interface Execution {
  /** The attempt's name: unique on this executor while it runs. */
  readonly id: string
  /** The fencing number, for runtimes with effects outside; a program whose output is compared never sees it. */
  readonly n: number
  readonly task: Task
  /** Milliseconds of execution after which the attempt is stopped. */
  readonly deadlineMs: number
  /** Files that the program finds under `/run/secrets`, by name; held in memory alone, never logged. */
  readonly secrets?: ReadonlyMap<string, Uint8Array>
  /** Returns the whole, verified bytes behind a content address; rejects where they cannot be had. */
  content(cid: string): Promise<Uint8Array>
  /** Hears of the execution while it goes on, in order; must not throw. Nothing after `run` has resolved. */
  hear?(news: ExecutionNews): void
}

/** What an execution tells before it ends. */
export type ExecutionNews =
  /** It is being made ready: an image is pulled, say. `totalBytes` is 0 while it is not known. */
  | {
      readonly kind: 'preparing'
      readonly what: string
      readonly haveBytes: number
      readonly totalBytes: number
    }
  /** The program began. */
  | { readonly kind: 'started' }
  /** The program wrote this, as much of it as fits the output limit. */
  | { readonly kind: 'log'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /** The program finished writing a checkpoint: all its files as they were at that moment, sorted by path. */
  | { readonly kind: 'checkpoint'; readonly files: readonly OutputFile[] }

export interface OutputFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What the program itself did: the same on every honest machine, but for `log` and the two times. */
export interface OutputOutcome {
  readonly kind: 'output'
  readonly status: OutputStatus
  /** Instructions; 0 where the engine does not meter. */
  readonly fuel: bigint
  readonly stdout: Uint8Array
  /** Files created or changed, sorted bytewise by path. */
  readonly files: readonly OutputFile[]
  /** Milliseconds of processor time, including the engine's own threads. */
  readonly cpuMs: number
  /** Milliseconds of wall time from the program's start to its end. */
  readonly runMs: number
  /** The end of standard error and the reason of a trap, for people only. */
  readonly log: string
}

/** Why there is no output; never signed or compared. */
export interface FailedOutcome {
  readonly kind: 'failed'
  readonly code: FailureCode
  readonly message: string
  /**
   * Of a `deadline`: milliseconds of processor time that the stopped process had used since it started; `null` where the
   * system does not say. A busy machine gives less of it than time passed.
   */
  readonly cpuMs?: number | null
}

export type Outcome = OutputOutcome | FailedOutcome

/** One way of running tasks; every implementation passes `testExecutor` of the compliance suite. */
export interface Executor {
  /** Says which sandbox is in force. */
  readonly sandbox: SandboxLevel
  /**
   * Runs one execution and returns how it ended; more executions than cores wait in order.
   * Never rejects: aborting `signal` gives the failure `cancelled`.
   */
  run(execution: Execution, signal: AbortSignal): Promise<Outcome>
  /** Resolves with the reason if the place of its executions is taken away: it runs nothing any more. */
  readonly lost?: Promise<string>
  /** Returns a way into a running execution; `undefined` where it does not run or its engine lets nobody in. */
  inside?(id: string): Inside | undefined
  /** Ends every running and waiting execution as `cancelled` and frees all resources. */
  stop(): Promise<void>
}

/** What the lease's owner may do inside of a running execution. All of it ends with the execution. */
export interface Inside {
  /** Starts a command beside the program, within the same limits. Throws `RuntimeError` `NOT_STARTED`. */
  exec(command: readonly string[], options: ExecOptions): Promise<ExecProcess>
  /** Connects to a TCP port that the program listens on. Throws `RuntimeError` `NO_LISTENER`. */
  connect(port: number, signal: AbortSignal): Promise<Duplex>
  /** Reads a file or folder as a tar stream. Throws `RuntimeError` `NO_SUCH_PATH`. */
  read(path: string): Promise<Readable>
  /** Unpacks a tar stream below a folder. Throws `RuntimeError` `NO_SUCH_PATH`. */
  write(path: string, tar: Readable): Promise<void>
  /**
   * Asks a service, which is a task whose environment has `GATEWAY_INTERFACE=CGI/1.1`, for one answer. Absent where the
   * engine has none. Aborting `signal` drops the call: what has begun ends unheard. Throws `RuntimeError` `NOT_SUPPORTED`,
   * `NOT_RUNNING` or `TOO_MANY`.
   */
  call?(request: CallRequest, signal?: AbortSignal): Promise<Answer>
}

/** One call of a service. */
export interface CallRequest {
  /** `NAME=value` entries, which go before the task's own of the same name. */
  readonly env: readonly string[]
  readonly stdin: Uint8Array
  /** Milliseconds that it may run; after them its service begins anew, and all calls that wait are refused. */
  readonly deadlineMs: number
}

/** What a service answers a call with. */
export interface Answer {
  /** What it writes, in order and while it runs, for one consumer; ends with the call. */
  readonly output: AsyncIterable<AnswerPiece>
  /** Resolves with how the call ended. Rejects with `RuntimeError` `NOT_RUNNING` if its execution ended first. */
  readonly ended: Promise<AnswerEnd>
}

export interface AnswerPiece {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

/** How a call ended: by itself, or by a trap or a limit, one for what is written and not read included. */
export type AnswerEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'crashed'; readonly message: string }

export interface ExecOptions {
  /** Size of the terminal in characters; `null` for none: then the two output streams stay apart. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null
}

/** A command inside of an execution. */
export interface ExecProcess {
  readonly stdin: NodeJS.WritableStream
  /** Everything, where there is a terminal. */
  readonly stdout: Readable
  readonly stderr: Readable | null
  /** Resolves with the exit code when it ended; −1 where its execution ended first. */
  readonly exited: Promise<number>
  resize(columns: number, rows: number): Promise<void>
  kill(): Promise<void>
}
