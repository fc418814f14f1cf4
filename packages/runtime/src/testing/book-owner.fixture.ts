import { keepBook } from '../guardian.ts'
import { createWasmExecutor } from '../wasm-executor.ts'
import { TaskBench } from './task-bench.ts'

/** Owns an executor whose program spins, names what it started in the file of its argument, and says when it runs. */
keepBook(process.argv[2] ?? '')
const bench = await TaskBench.load('conduct', 'wasm/1')
const executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024, engine: 'wasm/1' })
const hear = ({ kind }: { kind: string }) => {
  if (kind === 'started') process.stdout.write('running\n')
}
await executor.run(bench.execution(bench.task(['spin']), { hear }), new AbortController().signal)
