import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bindingBytes, isWritten } from '@souk/protocol'
import type { Work } from './webgpu-session.ts'

const SCRIPT = fileURLToPath(new URL('./direct-kernel.mjs', import.meta.url))

/** One run without Souk. */
export interface DirectRun {
  readonly ms: number
  /** Milliseconds of processor time meanwhile. */
  readonly cpuMs: number
  /** Milliseconds of the device alone, with the buffers already there. */
  readonly aloneMs: number
  readonly output: Uint8Array
}

/** The process of the peer. */
export class DirectKernel {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(adapter: string): Promise<DirectKernel> {
    const child = fork(SCRIPT, [adapter], { serialization: 'advanced', execArgv: ['--no-warnings'] })
    await once(child, 'message')
    return new DirectKernel(child)
  }

  async run({ kernel, inputs }: Work, signal: AbortSignal): Promise<DirectRun> {
    const outputBytes = kernel.bindings.filter(isWritten).reduce((sum, each) => sum + bindingBytes(each), 0)
    const workgroups = kernel.passes[0]?.workgroups
    this.#child.send({ code: kernel.code, inputs: [...inputs.values()], outputBytes, workgroups })
    const [run] = (await once(this.#child, 'message', { signal })) as [DirectRun]
    return run
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }
}
