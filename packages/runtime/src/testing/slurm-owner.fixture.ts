import type { RuntimeShare } from '../runtimes.ts'
import { openCluster } from '../slurm/cluster.ts'
import { TaskBench } from './task-bench.ts'

/** Owns an executor on the cluster of its environment, in which a program spins, says when that runs, and stays. */
const [owner = '', engine = ''] = process.argv.slice(2)
const runtime = engine === 'wasm-det/1' ? 'wasm-det/1' : 'wasm/1'
const limits = runtime === 'wasm-det/1' ? { fuel: 10n ** 15n, depth: 1_000 } : {}
const { runtimes } = await openCluster({ owner, diskPath: '/' })
const share: RuntimeShare = { runtime, memoryBytes: 64 * 1024 * 1024, cores: 1, diskBytes: 0, gpus: [] }
const executor = await runtimes.start({ ...share, lease: { id: 'lease', seconds: 600 } })
const bench = await TaskBench.load('conduct', runtime, limits)
const hear = ({ kind }: { kind: string }) => {
  if (kind === 'started') process.stdout.write('running\n')
}
await executor.run(bench.execution(bench.task(['spin']), { hear }), new AbortController().signal)
