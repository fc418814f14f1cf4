import { LIMITS } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { GpuDevice } from '../gpu/inventory.ts'
import { gpusOf } from './gres.ts'
import { askSlurm } from './tools.ts'

const MIB = 1024 * 1024
/**
 * Bytes of memory that each core of an allocation has beside its programs: a runner, the relay beside it, and now and
 * then a runner in reserve. Slurm counts them; so does what is for sale.
 */
export const CORE_OVERHEAD_BYTES = 256 * 1024 * 1024
/** Cores of one provider, as many as an offer can say; of GPUs it says how many are in `LIMITS`. */
const OFFERED_CORES = 10_000
/**
 * States in which a node takes work, now or when its own is done. Whatever carries another mark does not answer (`*`),
 * is switched off (`~`), under maintenance (`$`) and so on; `-` only says that something is planned for it.
 */
const USABLE = /^(idle|mixed|allocated|completing|planned)-?$/

/** One node of a partition. */
export interface ClusterNode {
  readonly name: string
  /** Slurm's word for how it is. */
  readonly state: string
  readonly usable: boolean
  readonly cores: number
  readonly memoryBytes: number
  readonly gpus: readonly GpuDevice[]
}

/** What a partition has for programs. */
export interface Inventory {
  readonly partition: string
  readonly nodes: readonly ClusterNode[]
  /** Cores of nodes that take work. */
  readonly cores: number
  /** Bytes of their memory beside {@link CORE_OVERHEAD_BYTES}. */
  readonly memoryBytes: number
  readonly gpus: readonly GpuDevice[]
}

/**
 * Reads what a partition has; the cluster's default one where none is named.
 *
 * Throws {@link RuntimeError} `SLURM_FAILED`, or `BAD_OPTION` for a partition that is not there.
 */
export async function readInventory(wanted?: string): Promise<Inventory> {
  const partition = await findPartition(wanted)
  // Columns by place: the shape of --json changes from release to release.
  const format = '%N|%T|%c|%m|%G'
  const { stdout } = await askSlurm('sinfo', ['-h', '-N', '-p', partition, '-o', format])
  return sumUp(partition, parseNodes(stdout))
}

/** Reads lines of `name|state|cores|MiB|generic resources`; what is no such line is no node. */
export function parseNodes(text: string): ClusterNode[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', state = '', cores = '', memory = '', gres = ''] = line.trim().split('|')
    if (name === '' || !/^\d+$/.test(cores) || !/^\d+$/.test(memory)) return []
    const usable = USABLE.test(state)
    const memoryBytes = Number(memory) * MIB
    return [{ name, state, usable, cores: Number(cores), memoryBytes, gpus: gpusOf(name, gres) }]
  })
}

function sumUp(partition: string, nodes: readonly ClusterNode[]): Inventory {
  const usable = nodes.filter((node) => node.usable)
  const sum = (of: (node: ClusterNode) => number) => usable.reduce((total, node) => total + of(node), 0)
  return {
    partition,
    nodes,
    cores: Math.min(
      OFFERED_CORES,
      sum(({ cores }) => cores),
    ),
    memoryBytes: sum((node) => Math.max(0, node.memoryBytes - node.cores * CORE_OVERHEAD_BYTES)),
    gpus: usable.flatMap(({ gpus }) => gpus).slice(0, LIMITS.offerGpus),
  }
}

async function findPartition(wanted: string | undefined): Promise<string> {
  const { stdout } = await askSlurm('sinfo', ['-h', '-o', '%P'])
  const marked = stdout.split('\n').flatMap((line) => line.trim() || [])
  const names = marked.map((name) => name.replace(/\*$/, ''))
  const found = wanted ?? marked.find((name) => name.endsWith('*'))?.slice(0, -1)
  if (found !== undefined && names.includes(found)) return found
  const known = [...new Set(names)].join(', ') || 'none'
  throw new RuntimeError(
    `expected a partition of the cluster (${known}), got ${wanted ?? 'none, and there is no default one'}`,
    { code: 'BAD_OPTION', wanted },
  )
}
