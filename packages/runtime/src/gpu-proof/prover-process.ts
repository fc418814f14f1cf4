import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GpuProofWork, type Hex, matrixKeys, proofPaths, proofRoot } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import { forkGpuProcess, GPU_GUEST_DIR, nextMessage } from '../webgpu/gpu-process.ts'
import type { ProverAnswer, ProverRequest } from './guest/messages.ts'

const PROVER_DIR = fileURLToPath(new URL('./guest/', import.meta.url))
/** Milliseconds to start the process, open its device and compile what it runs. */
const PREPARE_MS = 90_000
/** Milliseconds to read rows of a product that is there. */
const ROWS_MS = 10_000

/** A row of a product as it is opened. */
export interface OpenedRow {
  readonly row: number
  readonly values: Uint8Array
  readonly path: readonly Hex[]
}

/** A device that stands ready to prove itself, in a process of its own. */
export interface GpuProof {
  /** Computes the product that a seed names and returns the root of its rows; `maxMs` ends it. */
  prove(seed: Uint8Array, maxMs: number): Promise<Hex>
  /** Reads rows of the last product. */
  open(rows: readonly number[]): Promise<OpenedRow[]>
  /** Ends the process and frees the device. */
  stop(): Promise<void>
}

/**
 * Makes the device behind the adapter of this name ready for one proof after the other; `signal` ends its process.
 * `wrapper` is a command before the process, such as that of `seeAlone`.
 *
 * Throws {@link RuntimeError} `NOT_MEASURED` where the device cannot be opened or does not answer in time, here and
 * in every call; `NOT_OFFERED` where WebGPU is not installed.
 */
export async function prepareGpuProof(
  adapter: string,
  { size, rounds }: GpuProofWork,
  signal?: AbortSignal,
  wrapper: readonly string[] | null = null,
): Promise<GpuProof> {
  const process = new ProverProcess(adapter, signal, wrapper)
  try {
    await process.ask({ kind: 'prepare', size, rounds }, 'ready', PREPARE_MS)
  } catch (error) {
    await process.stop()
    throw error
  }
  let digests = new Uint8Array()
  return {
    async prove(seed, maxMs) {
      const keys = matrixKeys(seed, rounds)
      digests = new Uint8Array((await process.ask({ kind: 'prove', keys }, 'proven', maxMs)).digests)
      return proofRoot(digests)
    },
    async open(rows) {
      const { values } = await process.ask({ kind: 'rows', rows }, 'rows', ROWS_MS)
      const paths = proofPaths(digests)
      return rows.map((row, at) => ({ row, values: values[at] ?? new Uint8Array(), path: paths[row] ?? [] }))
    },
    stop: () => process.stop(),
  }
}

/** A child process that answers one request after the other. */
class ProverProcess {
  readonly #child: ChildProcess

  constructor(adapter: string, signal: AbortSignal | undefined, wrapper: readonly string[] | null) {
    const reads = [PROVER_DIR, GPU_GUEST_DIR]
    this.#child = forkGpuProcess(join(PROVER_DIR, 'prover.ts'), [adapter], wrapper, reads)
    const onAbort = () => void this.stop()
    signal?.addEventListener('abort', onAbort)
    this.#child.once('exit', () => signal?.removeEventListener('abort', onAbort))
    if (signal?.aborted) onAbort()
  }

  async ask<K extends ProverAnswer['kind']>(
    request: ProverRequest,
    kind: K,
    maxMs: number,
  ): Promise<Extract<ProverAnswer, { kind: K }>> {
    try {
      if (!this.#child.connected) throw new Error('the process is gone')
      const heard = nextMessage<ProverAnswer>(this.#child, maxMs)
      this.#child.send(request)
      const answer = await heard
      if (answer.kind !== kind)
        throw new Error('message' in answer ? answer.message : `it said ${answer.kind}`)
      return answer as Extract<ProverAnswer, { kind: K }>
    } catch (cause) {
      void this.stop()
      throw notProven(request.kind, maxMs, cause)
    }
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }
}

function notProven(what: string, maxMs: number, cause: unknown): RuntimeError {
  const why =
    cause instanceof Error && cause.name !== 'AbortError' ? cause.message : 'it ended or took longer'
  return new RuntimeError(
    `expected the GPU to ${what} within ${maxMs} ms, got: ${why}; look at its driver, and at who else uses it`,
    { code: 'NOT_MEASURED' },
    { cause },
  )
}
