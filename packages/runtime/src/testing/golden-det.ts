import { type Output, outputDigest, type Task, type TaskLimits, taskDigest, toBlocks } from '@souk/protocol'
import { depthProgram } from '../det-depth-program.ts'
import type { OutputOutcome } from '../executor.ts'
import { createWasmExecutor } from '../wasm-executor.ts'
import { expectOutput, TaskBench } from './task-bench.ts'

const MIB = 1024 * 1024
const LIMITS: TaskLimits = { fuel: 10n ** 12n, pages: 256, depth: 1_000, outputBytes: MIB, files: 8 }

/** A task by what it is made of. */
interface GoldenTask {
  readonly program: string
  readonly args: string[]
  readonly limits?: Partial<TaskLimits>
}

/** A task's name and what it has on every machine. */
export interface GoldenOutput {
  readonly program: string
  readonly args: readonly string[]
  readonly task: string
  readonly status: string
  readonly fuel: string
  readonly output: string
}

const TASKS: readonly GoldenTask[] = [
  { program: 'sha256', args: ['1', '1'] },
  { program: 'sha256', args: ['1', '1'], limits: { fuel: 1_000_000n } },
  { program: 'sha256', args: ['1', '1'], limits: { outputBytes: 16 } },
  { program: 'matmul', args: ['64', '2'] },
  { program: 'floats', args: [] },
  { program: 'depth', args: [], limits: { depth: 1_000 } },
  { program: 'depth', args: [], limits: { depth: 999 } },
]

/** Runs every golden task and returns what it gave. */
export async function runGolden(): Promise<GoldenOutput[]> {
  const executor = await createWasmExecutor({ memoryBytes: 32 * MIB, engine: 'wasm-det/1' })
  try {
    const outputs = []
    for (const golden of TASKS) {
      const bench = await benchOf(golden.program)
      const task = bench.task(golden.args, bench.limited(golden.limits ?? {}))
      const run = await executor.run(bench.execution(task), new AbortController().signal)
      outputs.push(describeRun(golden, task, expectOutput(run)))
    }
    return outputs
  } finally {
    await executor.stop()
  }
}

async function benchOf(program: string): Promise<TaskBench> {
  if (program !== 'depth') return TaskBench.load(program, 'wasm-det/1', LIMITS)
  return new TaskBench({ engine: 'wasm-det/1', program: depthProgram(1_000), limits: LIMITS })
}

function describeRun({ program, args }: GoldenTask, task: Task, run: OutputOutcome): GoldenOutput {
  const address = (bytes: Uint8Array) => toBlocks(bytes).content.cid
  const output: Output = {
    ...{ v: 1, status: run.status, fuel: run.fuel, stdout: address(run.stdout) },
    files: run.files.map(({ path, bytes }) => [path, address(bytes), bytes.byteLength]),
  }
  const status = run.status.kind
  return {
    program,
    args,
    task: taskDigest(task),
    status,
    fuel: String(run.fuel),
    output: outputDigest(output),
  }
}
