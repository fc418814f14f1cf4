import { readFile } from 'node:fs/promises'
import { errorMessage, type Kernel, kernel } from '@souk/protocol'
import type { KernelProgram } from '@souk/requester/node'
import { CliError } from '../errors.ts'
import { SourceError } from './errors.ts'

/** Options of a program that is a kernel. */
export interface KernelOptions {
  /** File of the kernel's buffers and passes; beside the kernel, with `.json` behind its name, unless given. */
  spec?: string
}

/**
 * Reads WGSL and its spec, JSON like a kernel without its code (docs/PROTOCOL.md §9), in which bindings are numbered in
 * order where they name none, and `entryPoint` (`main` unless told) and `workgroups` stand for a single pass.
 *
 * Throws {@link CliError} `FILE_MISSING` and {@link SourceError} `BAD_KERNEL_SPEC`.
 */
export async function readKernel(program: string, { spec }: KernelOptions): Promise<KernelProgram> {
  const file = spec ?? `${program}.json`
  const code = await readText(program)
  return { kernel: toKernel(code, file, parse(file, await readText(file))) }
}

function toKernel(code: string, file: string, spec: Readonly<Record<string, unknown>>): Kernel {
  const { entryPoint = 'main', workgroups, passes, bindings, features = [], ...others } = spec
  const candidate = {
    ...{ v: 1, code, features },
    bindings: Array.isArray(bindings) ? bindings.map(numbered) : bindings,
    passes: passes ?? [{ entryPoint, workgroups }],
    ...others,
  }
  const parsed = kernel.safeParse(candidate)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw bad(file, `${issue?.message ?? 'another form'} at ${issue?.path.join('.') || 'the top'}`)
}

function numbered(binding: unknown, index: number): unknown {
  return isObject(binding) ? { binding: index, path: null, ...binding } : binding
}

function parse(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const spec: unknown = JSON.parse(text)
    if (isObject(spec)) return spec
  } catch (error) {
    throw bad(file, errorMessage(error))
  }
  throw bad(file, 'something else than an object')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CliError(
      `expected a kernel's WGSL and its spec, KERNEL.wgsl.json or --spec FILE, got for ${file}: ${errorMessage(error)}`,
      { code: 'FILE_MISSING', file },
    )
  }
}

function bad(file: string, got: string): SourceError {
  return new SourceError(
    `expected ${file} to name the kernel's workgroups and bindings, got ${got}; see packages/cli/examples`,
    { code: 'BAD_KERNEL_SPEC', file },
  )
}
