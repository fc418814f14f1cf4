import type { WasmEngine } from '../guest-world.ts'
import { createWasmExecutor } from '../wasm-executor.ts'
import { descendants } from './descendants.ts'
import { TaskBench } from './task-bench.ts'

/** Owns an executor whose program spins, prints the ids of all processes below this one, and stays: to be killed. */
const engine: WasmEngine = process.argv[2] === 'wasm-det/1' ? 'wasm-det/1' : 'wasm/1'
const limits = JSON.parse(process.argv[3] ?? '{}', (_, value) =>
  typeof value === 'string' ? BigInt(value) : value,
)
const bench = await TaskBench.load('conduct', engine, limits)
const executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024, engine })
const hear = () => process.stdout.write(`${descendants(process.pid).join(' ')}\n`)
await executor.run(bench.execution(bench.task(['spin']), { hear }), new AbortController().signal)
