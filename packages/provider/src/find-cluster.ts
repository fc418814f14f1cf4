import type { Resources } from '@souk/protocol'
import { type Cluster, openCluster, shareOf } from '@souk/runtime'
import type { Goods } from './goods.ts'
import type { Log } from './log.ts'
import type { RunOptions } from './run-options.ts'

/** Opens the cluster whose nodes are for sale; `null` where it is this machine. Throws what opening one throws. */
export async function findCluster(
  { slurm, watchOnly }: RunOptions,
  owner: string,
  diskPath: string,
  log: Log,
): Promise<Cluster | null> {
  if (slurm === undefined || watchOnly) return null
  const cluster = await openCluster({ owner, diskPath, ...(slurm === true ? {} : { partition: slurm }) })
  for (const name of cluster.left) log.warn('cancelled what a dead process had left', { kind: 'job', name })
  const { partition, cores, nodes } = cluster.inventory
  const away = nodes.filter(({ usable }) => !usable).map(({ name, state }) => `${name} (${state})`)
  log.info('fronts a cluster', { partition, cores, nodes: nodes.length, away })
  return cluster
}

/** Returns a way to look at what is for sale of a cluster now: the same share, and the same GPUs where they still are. */
export function lookAt(
  { machine, look }: Cluster,
  { resources }: Goods,
  share: number,
): () => Promise<Resources> {
  return async () => {
    const { cores, memoryBytes, gpus } = await look()
    const here = new Set(gpus.map(({ id }) => id))
    const now = shareOf({ ...machine, cores, memoryBytes }, share, ['none'])
    return { ...now, gpus: resources.gpus.filter(({ id }) => here.has(id)) }
  }
}
