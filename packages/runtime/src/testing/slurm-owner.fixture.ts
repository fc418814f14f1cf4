import { namespaceWrapper } from '../runner-namespaces.ts'
import { allocate, jobName } from '../slurm/allocation.ts'
import { SlurmExecutor } from '../slurm/slurm-executor.ts'
import { TaskBench } from './task-bench.ts'

/** Owns an executor on the cluster of its environment, in which a program spins, says its job when that runs, and stays. */
const [owner = '', name = ''] = process.argv.slice(2)
const engine = name === 'wasm-det/1' ? 'wasm-det/1' : 'wasm/1'
const limits = engine === 'wasm-det/1' ? { fuel: 10n ** 15n, depth: 1_000 } : {}
const size = { cores: 1, memoryBytes: 64 * 1024 * 1024 }
const allocation = await allocate({
  ...{ partition: 'main', name: jobName(owner, 'lease'), gpus: [], ...size },
  ...{ seconds: 600, queueSeconds: 30 },
})
const sandbox = (await namespaceWrapper()) === null ? 'process' : 'namespaces'
const executor = new SlurmExecutor({ allocation, engine, sandbox, ...size })
const bench = await TaskBench.load('conduct', engine, limits)
const hear = ({ kind }: { kind: string }) => {
  if (kind === 'started') process.stdout.write(`${allocation.job}\n`)
}
await executor.run(bench.execution(bench.task(['spin']), { hear }), new AbortController().signal)
