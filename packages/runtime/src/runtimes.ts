import { errorMessage, type Gpu, type GpuFamily, type OfferedRuntime, type RuntimeName } from '@souk/protocol'
import { type ContainerOptions, containerEngine } from './container/engine.ts'
import { detEngine } from './det-engine.ts'
import { RuntimeError } from './errors.ts'
import type { Executor } from './executor.ts'
import { sandboxSelfTest } from './sandbox-self-test.ts'
import { createWasmExecutor } from './wasm-executor.ts'
import { webgpuEngine } from './webgpu/engine.ts'

/** The part of this machine that one executor has. */
export interface RuntimeShare {
  readonly runtime: RuntimeName
  readonly memoryBytes: number
  /** Executions at the same time, one core each. */
  readonly cores: number
  /** Bytes of disk of all executions together, for engines that write to it. */
  readonly diskBytes: number
  /** Devices that are this executor's alone. */
  readonly gpus: readonly Gpu[]
  /** Scheduling priority of programs for WebAssembly, 0 (as this process) to 19; that of leases unless given. */
  readonly nice?: number
  /** What it is for, where that is a lease: how long, and its name. */
  readonly lease?: { readonly id: string; readonly seconds: number }
}

/** The engines of this machine. */
export interface Runtimes {
  /** Those that proved their sandbox here, with what confines them. */
  readonly offered: readonly OfferedRuntime[]
  /** Those that do not run here, and why. */
  readonly refused: readonly RefusedRuntime[]
  /**
   * Whether others use the place of its executors too, so that one may have to wait for it: it is asked for when a lease
   * is accepted, and none is kept in reserve. It is this machine, and always there, unless told.
   */
  readonly isScheduled?: boolean
  /** Says which GPUs an offered engine cannot use, and why; all of them can where it is not there. Never rejects. */
  tryGpus?(gpus: readonly Gpu[]): Promise<readonly RefusedGpus[]>
  /** Starts an executor of an offered engine. Throws {@link RuntimeError} `NOT_OFFERED`, or what the engine throws. */
  start(share: RuntimeShare): Promise<Executor>
}

/** An engine that does not run here, and why, for people. */
export interface RefusedRuntime {
  readonly name: RuntimeName
  readonly why: string
}

/** GPUs of one family that an engine cannot use here, and why, for people. */
export interface RefusedGpus extends RefusedRuntime {
  readonly family: GpuFamily
}

/** One way of running work: proves its sandbox, and starts executors. */
export interface Engine {
  readonly name: RuntimeName
  /** Returns what confines work here; throws what keeps this engine from running. */
  prove(): Promise<OfferedRuntime['sandbox']>
  /** Tries whether work reaches these GPUs, all of one family; throws what keeps it from them, and what to do. */
  reach?(gpus: readonly Gpu[]): Promise<void>
  start(share: RuntimeShare): Promise<Executor>
}

const wasm: Engine = {
  name: 'wasm/1',
  prove: async () => (await sandboxSelfTest()).level,
  start: createWasmExecutor,
}

/** What an operator may say about the engines, and sells. */
export interface EngineOptions {
  readonly containers?: ContainerOptions
  /** Whether GPUs are for sale. */
  readonly hasGpus: boolean
}

/** Those that a court's trials run on; a machine that sells nothing needs no other. */
export const JUDGING_ENGINES: readonly Engine[] = [wasm, detEngine]

/** Returns the engines of a machine that sells. */
export function enginesOf({ containers, hasGpus }: EngineOptions): readonly Engine[] {
  return [...JUDGING_ENGINES, containerEngine(containers), webgpuEngine({ hasGpus })]
}

/**
 * Tries which engines run on this machine: each must prove its sandbox before it is offered, so that nothing runs
 * below its floor. Never rejects; an engine that does not hold is refused, with the reason.
 */
export async function openRuntimes(engines: readonly Engine[]): Promise<Runtimes> {
  const tried = await Promise.all(engines.map(async (engine) => ({ engine, proof: await tryEngine(engine) })))
  const working = new Map(
    tried.flatMap(({ engine, proof }) => ('sandbox' in proof ? [[engine.name, engine] as const] : [])),
  )
  return {
    offered: tried.flatMap(({ proof }) => ('sandbox' in proof ? [proof] : [])),
    refused: tried.flatMap(({ proof }) => ('why' in proof ? [proof] : [])),
    tryGpus: (gpus) => tryGpus([...working.values()], gpus),
    async start(share) {
      const engine = working.get(share.runtime)
      if (engine === undefined) throw notOffered(share.runtime, [...working.keys()])
      return engine.start(share)
    },
  }
}

async function tryEngine({ name, prove }: Engine): Promise<OfferedRuntime | RefusedRuntime> {
  try {
    return { name, sandbox: await prove() }
  } catch (error) {
    return { name, why: errorMessage(error) }
  }
}

async function tryGpus(engines: readonly Engine[], gpus: readonly Gpu[]): Promise<RefusedGpus[]> {
  const families = [...new Set(gpus.map(({ family }) => family))]
  const tried = engines.flatMap((engine) =>
    families.map(async (family): Promise<RefusedGpus[]> => {
      try {
        await engine.reach?.(gpus.filter((gpu) => gpu.family === family))
        return []
      } catch (error) {
        return [{ name: engine.name, family, why: errorMessage(error) }]
      }
    }),
  )
  return (await Promise.all(tried)).flat()
}

function notOffered(wanted: RuntimeName, offered: readonly RuntimeName[]): RuntimeError {
  return new RuntimeError(
    `expected one of the engines of this machine (${offered.join(', ') || 'none'}), got ${wanted}`,
    { code: 'NOT_OFFERED', wanted, offered },
  )
}
