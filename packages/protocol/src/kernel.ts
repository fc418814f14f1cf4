import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { LIMITS } from './limits.ts'
import { count, text } from './schema.ts'
import { filePath } from './task.ts'

/** UTF-16 units of a kernel's WGSL: with its bindings and passes it fits in one object. */
const CODE_LENGTH = 48 * 1024
/** Storage and uniform buffers of one kernel, each: what every device of WebGPU has. */
const BUFFERS = 8
/** Bytes of one uniform buffer: again what every device has. */
const UNIFORM_BYTES = 65_536
/** Passes of one kernel: enough for reductions, and for some hundred steps of an iteration. */
const PASSES = 256

export const elementType = z.enum(['f32', 'f16', 'i32', 'u32'])
/** What a buffer of a kernel, and so the file behind it, holds: little-endian, without padding. */
export type ElementType = z.output<typeof elementType>

/** Bytes of one element. */
export const ELEMENT_SIZE: Readonly<Record<ElementType, number>> = { f32: 4, f16: 2, i32: 4, u32: 4 }

const bindingKind = z.enum(['input', 'uniform', 'output', 'inout', 'scratch'])

/** A buffer of group 0, and the file that it comes from or goes to. */
export const kernelBinding = z
  .strictObject({
    binding: count(31),
    /** `input` and `uniform` are read, `output` is written, `inout` both; `scratch` has no file. All else begins as zeros. */
    kind: bindingKind,
    type: elementType,
    /** Elements. */
    length: count(2 ** 30).min(1),
    path: filePath.nullable(),
  })
  .refine(({ kind, path }) => (kind === 'scratch') === (path === null), {
    error: 'expected a path, but of a scratch buffer none',
  })
  .refine((each) => each.kind !== 'uniform' || bindingBytes(each) <= UNIFORM_BYTES, {
    error: `expected a uniform buffer of at most ${UNIFORM_BYTES} bytes`,
  })
export type KernelBinding = z.output<typeof kernelBinding>

interface BufferSize {
  readonly type: ElementType
  readonly length: number
}

/** The buffers of a kernel, whatever it does with them. */
export interface KernelBuffers {
  readonly bindings: readonly KernelBinding[]
}

const workgroups = z.tuple([count(65_535).min(1), count(65_535).min(1), count(65_535).min(1)])

/** The program of a `webgpu/1` task: its bytes are what `program` names (PROTOCOL §9, "Engine `webgpu/1`"). */
export const kernel = z.strictObject({
  v: z.literal(1),
  /** WGSL. */
  code: text(CODE_LENGTH),
  /** What the device must be able to do beyond the standard. */
  features: z.array(z.enum(['shader-f16', 'subgroups'])).max(2),
  bindings: z
    .array(kernelBinding)
    .max(2 * BUFFERS)
    .refine((all) => new Set(all.map(({ binding }) => binding)).size === all.length, {
      error: 'expected each binding once',
    })
    .refine((all) => all.some(isWritten), { error: 'expected an output' })
    .refine((all) => kernelOutputs({ bindings: all }).size === all.filter(isWritten).length, {
      error: 'expected each output path once',
    })
    .refine((all) => Math.max(uniforms(all), all.length - uniforms(all)) <= BUFFERS, {
      error: `expected at most ${BUFFERS} uniform buffers and ${BUFFERS} others`,
    }),
  /** One after the other; each sees all that those before it wrote. */
  passes: z
    .array(z.strictObject({ entryPoint: text(256), workgroups }))
    .min(1)
    .max(PASSES),
})
export type Kernel = z.output<typeof kernel>

export const kernelCodec: Codec<Kernel> = codec('kernel', kernel, LIMITS.objectBytes)

/** Returns the bytes of a binding's elements: what its file has. */
export function bindingBytes({ type, length }: BufferSize): number {
  return ELEMENT_SIZE[type] * length
}

/** Returns the bytes of all buffers together, each rounded up to whole words. */
export function kernelBytes({ bindings }: KernelBuffers): number {
  return bindings.reduce((sum, each) => sum + Math.ceil(bindingBytes(each) / 4) * 4, 0)
}

/** Returns what the output files of a kernel hold, by path. */
export function kernelOutputs({ bindings }: KernelBuffers): ReadonlyMap<string, ElementType> {
  return new Map(bindings.filter(isWritten).map(({ path, type }) => [path ?? '', type]))
}

/** Tells whether a kernel reads a binding's file. */
export function isRead({ kind }: Pick<KernelBinding, 'kind'>): boolean {
  return kind === 'input' || kind === 'uniform' || kind === 'inout'
}

/** Tells whether a binding's file is part of the output. */
export function isWritten({ kind }: Pick<KernelBinding, 'kind'>): boolean {
  return kind === 'output' || kind === 'inout'
}

function uniforms(bindings: readonly KernelBinding[]): number {
  return bindings.filter(({ kind }) => kind === 'uniform').length
}
