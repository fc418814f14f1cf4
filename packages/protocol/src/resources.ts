import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { count, text } from './schema.ts'

/** GPU families that hardware tools report; `software` adapters never match a hardware demand. */
export const gpuFamily = z.enum(['nvidia', 'amd', 'apple', 'software'])
export type GpuFamily = z.output<typeof gpuFamily>

/** One graphics processor as its own tool names it. */
export const gpu = z.strictObject({
  id: text(96),
  family: gpuFamily,
  model: text(96),
  vramBytes: count(),
})
export type Gpu = z.output<typeof gpu>

/** An amount of machine: thousandths of a core, bytes, and whole GPUs. */
export const resources = z.strictObject({
  millicores: count(10_000_000),
  memoryBytes: count(),
  diskBytes: count(),
  gpus: z.array(gpu).max(LIMITS.offerGpus),
})
export type Resources = z.output<typeof resources>

/** What a demand asks for: like {@link Resources}, with GPUs by description instead of by id. */
export const requirements = z.strictObject({
  millicores: count(10_000_000),
  memoryBytes: count(),
  diskBytes: count(),
  gpu: z
    .strictObject({
      count: count(LIMITS.offerGpus),
      family: gpuFamily,
      /** Glob over the model name, `*` for any. */
      model: text(96),
      vramBytes: count(),
      /** There where only devices will do that proved themselves to the requester before: a provider need not heed it. */
      proven: z.literal(true).optional(),
    })
    .nullable(),
})
export type Requirements = z.output<typeof requirements>

export const runtimeName = z.enum(['wasm/1', 'wasm-det/1', 'container/1', 'webgpu/1'])
/** Name and version of an execution engine: `wasm-det/1` is `wasm/1`, metered and with every observable fixed. */
export type RuntimeName = z.output<typeof runtimeName>

export const sandboxLevel = z.enum(['process', 'namespaces', 'container', 'gvisor'])
/**
 * The sandbox in force: `process` = V8, own process and permission model; `namespaces` adds Linux ones to it;
 * `container` = an OCI container with all limits of docs/THREATS.md; `gvisor` gives that a kernel of its own.
 */
export type SandboxLevel = z.output<typeof sandboxLevel>

/** An engine that a provider runs, and what confines it there. */
export const offeredRuntime = z.strictObject({ name: runtimeName, sandbox: sandboxLevel })
export type OfferedRuntime = z.output<typeof offeredRuntime>
