import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GpuProofWork } from '@souk/protocol'
import type { ProverAnswer, ProverRequest } from '../../packages/runtime/src/gpu-proof/guest/messages.ts'
import { processCpuMs } from '../../packages/runtime/src/process-time.ts'
import { forkGpuProcess, GPU_GUEST_DIR } from '../../packages/runtime/src/webgpu/gpu-process.ts'

const PROVER_DIR = fileURLToPath(new URL('../../packages/runtime/src/gpu-proof/guest/', import.meta.url))

/** The process that gives proofs, and what it takes of the processor. */
export class BareProver {
  readonly #child: ChildProcess
  readonly #signal: AbortSignal

  private constructor(child: ChildProcess, signal: AbortSignal) {
    this.#child = child
    this.#signal = signal
  }

  static async start(adapter: string, work: GpuProofWork, signal: AbortSignal): Promise<BareProver> {
    const reads = [PROVER_DIR, GPU_GUEST_DIR]
    const prover = new BareProver(
      forkGpuProcess(join(PROVER_DIR, 'prover.ts'), [adapter], null, reads),
      signal,
    )
    await prover.#ask({ kind: 'prepare', ...work }, 'ready')
    return prover
  }

  /** Computes a product; `cpuMs` is what the process took for that, in all of its threads. */
  async prove(keys: Uint32Array): Promise<{ digests: Uint8Array; cpuMs: number }> {
    const before = await this.#cpuMs()
    const { digests } = await this.#ask({ kind: 'prove', keys }, 'proven')
    return { digests, cpuMs: (await this.#cpuMs()) - before }
  }

  async rows(rows: readonly number[]): Promise<readonly Uint8Array[]> {
    return (await this.#ask({ kind: 'rows', rows }, 'rows')).values
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }

  async #cpuMs(): Promise<number> {
    const { pid } = this.#child
    const cpuMs = pid === undefined ? null : await processCpuMs(pid)
    if (cpuMs === null) throw new Error('expected the system to say what a process takes; run this on Linux')
    return cpuMs
  }

  async #ask<K extends ProverAnswer['kind']>(
    request: ProverRequest,
    kind: K,
  ): Promise<Extract<ProverAnswer, { kind: K }>> {
    const heard = once(this.#child, 'message', { signal: this.#signal })
    this.#child.send(request)
    const [answer] = (await heard) as [ProverAnswer]
    if (answer.kind !== kind) throw new Error(`expected ${kind}, got ${JSON.stringify(answer)}`)
    return answer as Extract<ProverAnswer, { kind: K }>
  }
}
