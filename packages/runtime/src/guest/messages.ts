import type { FailureCode, OutputStatus } from '@souk/protocol'

/** What the runner process is told to do; it does one thing at a time and answers each with one reply. */
export type RunnerRequest =
  | { kind: 'run'; key: string; program: Uint8Array | null; drop: string[]; world: GuestWorld }
  | { kind: 'probe'; file: string }

/** Everything a program can observe. */
export interface GuestWorld {
  readonly args: readonly string[]
  /** `NAME=value` entries. */
  readonly env: readonly string[]
  readonly stdin: Uint8Array
  readonly inputs: readonly { path: string; bytes: Uint8Array }[]
  /** Bytes of standard output and changed files together. */
  readonly outputBytes: number
  /** Number of changed files at any moment. */
  readonly outputFiles: number
  readonly seed: bigint
  /** Virtual time of day at the start, nanoseconds since the epoch. */
  readonly clockNs: bigint
}

export type RunnerReply =
  | { kind: 'ready'; refused: Record<'read' | 'write' | 'spawn' | 'worker', boolean> }
  | { kind: 'probed'; reached: string[] }
  | GuestResult

export type GuestResult =
  | {
      kind: 'output'
      status: OutputStatus
      stdout: Uint8Array
      files: { path: string; bytes: Uint8Array }[]
      cpuMs: number
      runMs: number
      log: string
    }
  | { kind: 'failed'; code: FailureCode; message: string }
