import type { FailureCode, OutputStatus, SandboxLevel, Task } from '@souk/protocol'

/** One execution of a task on this machine. */
export interface Execution {
  /** The attempt's name, for messages only. */
  readonly id: string
  /** The fencing number, for runtimes with effects outside; a program whose output is compared never sees it. */
  readonly n: number
  readonly task: Task
  /** Milliseconds of execution after which the attempt is stopped. */
  readonly deadlineMs: number
  /** Returns the whole, verified bytes behind a content address; rejects where they cannot be had. */
  content(cid: string): Promise<Uint8Array>
}

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
  /** Milliseconds of wall time from instantiation to the end of `_start`. */
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
  /** Ends every running and waiting execution as `cancelled` and frees all resources. */
  stop(): Promise<void>
}
