import { bindingBytes, isRead, type Kernel, kernelBytes } from './kernel.ts'
import { ProgramError } from './program.ts'
import type { FileEntry, Task } from './task.ts'

const PAGE_BYTES = 65_536
/** A decimal or hexadecimal number, or a truth value. */
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|0x[0-9a-f]{1,8}|true|false)$/i

/**
 * Throws {@link ProgramError} `BAD_KERNEL` unless a task gives its kernel what it reads, and nothing that it cannot read
 * (PROTOCOL §9, "Engine `webgpu/1`").
 */
export function requireKernelTask(kernel: Kernel, task: Task): void {
  const { args, env, stdin, checkpoint, limits } = task
  if (env.length > 0 || stdin !== null || checkpoint !== null)
    throw bad('no environment, standard input or checkpoint, which a kernel cannot read', 'some')
  const [most, bytes] = [limits.pages * PAGE_BYTES, kernelBytes(kernel)]
  if (bytes > most) throw bad(`buffers of at most ${most} bytes together, the task's memory`, `${bytes}`)
  kernelConstants(args)
  kernelInputs(kernel, task)
}

/** Reads arguments as values of `override` constants, sorted by name. Throws {@link ProgramError} `BAD_KERNEL`. */
export function kernelConstants(args: readonly string[]): Record<string, number> {
  const pairs = args.map((arg): [string, number] => {
    const [name = '', value = ''] = arg.split(/=(.*)/s)
    if (name !== '' && NUMBER.test(value)) return [name, value === 'true' ? 1 : Number(value) || 0]
    throw bad("arguments NAME=NUMBER, values of the kernel's override constants", JSON.stringify(arg))
  })
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Returns the task's inputs that a kernel reads, each of the length of its buffer; it may have others. Throws
 * {@link ProgramError} `BAD_KERNEL`.
 */
export function kernelInputs({ bindings }: Kernel, { inputs }: Pick<Task, 'inputs'>): FileEntry[] {
  const read = bindings.filter(isRead)
  for (const binding of read) {
    const [expected, got] = [bindingBytes(binding), inputs.find(([path]) => path === binding.path)?.[2]]
    if (got === expected) continue
    const { path, length, type } = binding
    throw bad(
      `an input ${path} of ${expected} bytes, ${length} ${type}`,
      got === undefined ? 'none' : `${got} bytes`,
    )
  }
  return inputs.filter(([path]) => read.some((each) => each.path === path))
}

function bad(expected: string, got: string): ProgramError {
  return new ProgramError(`expected ${expected}, got ${got}; change the kernel or the task`, {
    code: 'BAD_KERNEL',
  })
}
