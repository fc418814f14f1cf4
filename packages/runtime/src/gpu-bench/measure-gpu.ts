import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GpuSpeed } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { Adapter } from '../webgpu/adapters.ts'
import { forkGpuProcess, GPU_GUEST_DIR, nextMessage } from '../webgpu/gpu-process.ts'
import type { Measured } from './guest/measure.ts'

const BENCH_DIR = fileURLToPath(new URL('./guest/', import.meta.url))
/** Milliseconds for all four measurements; hardware takes two seconds. */
const MEASURE_MS = 90_000
const MEGA = 10 ** 6
const GIGA = 10 ** 9

/**
 * Measures what an adapter can do, in a process of its own (docs/PROTOCOL.md §14.2): multiplications and additions in
 * registers, copies within its memory, and transfers to it, each the best of three runs of at least 60 ms,
 * rounded up, so that nothing but what a device cannot do is 0. `wrapper` is a command before the process, such as that of `seeAlone`.
 *
 * Throws {@link RuntimeError} `NOT_MEASURED` where the driver does not get that far, or `signal` ends it.
 */
export async function measureGpu(
  { name, isSoftware }: Adapter,
  nowSeconds: number,
  signal?: AbortSignal,
  wrapper: readonly string[] | null = null,
): Promise<GpuSpeed> {
  const { fp32, fp16, memory, transfer } = await askProcess(name, isSoftware, signal, wrapper)
  return {
    measured: Math.floor(nowSeconds),
    fp32Gflops: Math.ceil(fp32 / GIGA),
    fp16Gflops: Math.ceil(fp16 / GIGA),
    memoryMbPerSecond: Math.ceil(memory / MEGA),
    transferMbPerSecond: Math.ceil(transfer / MEGA),
  }
}

async function askProcess(
  name: string,
  isSoftware: boolean,
  signal: AbortSignal | undefined,
  wrapper: readonly string[] | null,
): Promise<Measured> {
  const args = [name, isSoftware ? 'software' : 'hardware']
  const child = forkGpuProcess(join(BENCH_DIR, 'measure.ts'), args, wrapper, [BENCH_DIR, GPU_GUEST_DIR])
  try {
    return await nextMessage<Measured>(child, MEASURE_MS, signal)
  } catch (cause) {
    throw new RuntimeError(
      `expected ${name} to be measured within ${MEASURE_MS} ms, its process was ended or took longer; look at its driver`,
      { code: 'NOT_MEASURED', adapter: name },
      { cause },
    )
  } finally {
    child.kill('SIGKILL')
  }
}
