import type { ComparedType } from '@souk/availability'
import { kernelCodec, kernelOutputs, type Task } from '@souk/protocol'

/** Ends of names that say what a file holds, where no kernel does. */
const BY_ENDING: ReadonlyMap<string, ComparedType> = new Map([
  ['f16', 'f16'],
  ['f32', 'f32'],
  ['f64', 'f64'],
])

/**
 * Returns what the output files of a task hold: what its kernel declares, or of another program, what their names end
 * in (`sums.f32`); bytes where neither says so. `read` returns content that is here. Throws `WireError` for a kernel
 * that is none.
 */
export async function outputTypes(
  { engine, program }: Pick<Task, 'engine' | 'program'>,
  read: (cid: string) => Promise<Uint8Array>,
): Promise<(path: string) => ComparedType> {
  if (engine !== 'webgpu/1') return (path) => BY_ENDING.get(path.split('.').at(-1) ?? '') ?? 'bytes'
  const declared = kernelOutputs(kernelCodec.decode(await read(program)))
  return (path) => declared.get(path) ?? 'bytes'
}
