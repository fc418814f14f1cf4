import { statfs } from 'node:fs/promises'
import { errorMessage, type OfferedRuntime, type SandboxLevel } from '@souk/protocol'
import { measureCore } from '../core-speed.ts'
import { proveDepth } from '../det-engine.ts'
import { RuntimeError } from '../errors.ts'
import type { Executor } from '../executor.ts'
import type { WasmEngine } from '../guest-world.ts'
import type { Machine } from '../machine.ts'
import type { RefusedRuntime, Runtimes } from '../runtimes.ts'
import { type SandboxReport, testRunner } from '../sandbox-self-test.ts'
import { startWasmExecutor } from '../wasm-executor.ts'
import { type Allocation, allocate, cancelLeft, jobName } from './allocation.ts'
import { type Inventory, readInventory } from './inventory.ts'
import { SlurmExecutor } from './slurm-executor.ts'
import { startStep } from './step-runner.ts'

/** Seconds that a lease's allocation waits in the queue: its requester waits 5 s for an answer. */
const LEASE_QUEUE_SECONDS = 3
/** Seconds that an allocation outlasts its lease, which ends by itself long before. */
const MARGIN_SECONDS = 300
/** Seconds that the proof waits in the queue, and those that it may last. */
const PROOF_QUEUE_SECONDS = 30
const PROOF_SECONDS = 300
/** Bytes for the programs of the proof, and pages of one. */
const PROOF_BYTES = 16 * 1024 * 1024
const PROOF_PAGES = 128

/** Which cluster is fronted, and by whom. */
export interface ClusterOptions {
  /** The partition whose nodes are for sale; the cluster's default one unless given. */
  readonly partition?: string
  /** Names the provider, the same at each start: what an earlier process of this name left is cancelled. */
  readonly owner: string
  /** A folder on the disk that is offered: content stays with the provider. */
  readonly diskPath: string
}

/** A cluster as a provider sells it. */
export interface Cluster {
  readonly inventory: Inventory
  /** What the nodes that take work have together. */
  readonly machine: Machine
  /** Its engines; an executor of theirs is an allocation. */
  readonly runtimes: Runtimes
  /** Reads again what there is. Throws {@link RuntimeError} `SLURM_FAILED`. */
  look(): Promise<Inventory>
  /** Names of jobs that a dead predecessor had left, and that were cancelled. */
  readonly left: readonly string[]
}

/**
 * Opens a Slurm cluster: ends what a predecessor left, reads what there is, and proves the engines on one node.
 *
 * Throws {@link RuntimeError} `SLURM_FAILED`, or `BAD_OPTION` for an unknown partition.
 */
export async function openCluster({ partition, owner, diskPath }: ClusterOptions): Promise<Cluster> {
  const left = await cancelLeft(owner)
  const inventory = await readInventory(partition)
  const proof = await prove(inventory.partition, owner)
  const disk = await statfs(diskPath)
  const { cores, memoryBytes, gpus } = inventory
  const diskBytes = disk.bavail * disk.bsize
  return {
    inventory,
    machine: { cores, memoryBytes, diskBytes, gpus, coreMibPerSecond: proof.coreMibPerSecond },
    runtimes: runtimesOf(inventory.partition, owner, proof),
    left,
    look: () => readInventory(inventory.partition),
  }
}

/** What was seen on a node. */
interface Proof {
  readonly offered: readonly OfferedRuntime[]
  readonly refused: readonly RefusedRuntime[]
  readonly coreMibPerSecond: number
}

/** Runs the engines' proofs in steps of one allocation; never rejects. */
async function prove(partition: string, owner: string): Promise<Proof> {
  const name = jobName(owner, 'proof')
  const lot = { partition, name, cores: 1, memoryBytes: PROOF_BYTES, gpus: [] }
  let allocation: Allocation | undefined
  try {
    allocation = await allocate({ ...lot, seconds: PROOF_SECONDS, queueSeconds: PROOF_QUEUE_SECONDS })
    return await proveOn(allocation)
  } catch (error) {
    const why = errorMessage(error)
    const refused = (['wasm/1', 'wasm-det/1'] as const).map((engine) => ({ name: engine, why }))
    return { offered: [], refused, coreMibPerSecond: 0 }
  } finally {
    await allocation?.cancel().catch(() => undefined)
  }
}

async function proveOn(allocation: Allocation): Promise<Proof> {
  const sandbox = await sandboxOf(allocation)
  const start = (engine: WasmEngine) => {
    const step = () => startStep({ allocation, pages: PROOF_PAGES, sandbox })
    return startWasmExecutor({ engine, pages: PROOF_PAGES, cores: 1, sandbox }, step)
  }
  const coreMibPerSecond = await measureCore(() => start('wasm/1'))
  const wasm: OfferedRuntime = { name: 'wasm/1', sandbox }
  try {
    await proveDepth(() => start('wasm-det/1'))
    return { offered: [wasm, { name: 'wasm-det/1', sandbox }], refused: [], coreMibPerSecond }
  } catch (error) {
    return { offered: [wasm], refused: [{ name: 'wasm-det/1', why: errorMessage(error) }], coreMibPerSecond }
  }
}

/** Returns what confines programs on a node. Throws {@link RuntimeError} where that is less than a process does. */
async function sandboxOf(allocation: Allocation): Promise<SandboxLevel> {
  try {
    return await tryLevel(allocation, 'namespaces')
  } catch {
    return tryLevel(allocation, 'process')
  }
}

async function tryLevel(allocation: Allocation, level: SandboxReport['level']): Promise<SandboxLevel> {
  const runner = await startStep({ allocation, pages: 1, sandbox: level })
  try {
    return (await testRunner(level, runner)).level
  } finally {
    await runner.kill()
  }
}

function runtimesOf(partition: string, owner: string, { offered, refused }: Proof): Runtimes {
  return {
    offered,
    refused,
    isScheduled: true,
    async start({ runtime, cores, memoryBytes, gpus, lease }): Promise<Executor> {
      const sandbox = offered.find(({ name }) => name === runtime)?.sandbox
      if (sandbox === undefined || (runtime !== 'wasm/1' && runtime !== 'wasm-det/1'))
        throw notOffered(runtime)
      const allocation = await allocate({
        ...{ partition, cores, memoryBytes, gpus, queueSeconds: LEASE_QUEUE_SECONDS },
        name: jobName(owner, lease?.id ?? runtime),
        seconds: (lease?.seconds ?? 0) + MARGIN_SECONDS,
      })
      return new SlurmExecutor({ allocation, engine: runtime, cores, memoryBytes, sandbox })
    },
  }
}

function notOffered(wanted: string): RuntimeError {
  return new RuntimeError(`expected an engine that proved itself on the cluster, got ${wanted}`, {
    code: 'NOT_OFFERED',
    wanted,
  })
}
