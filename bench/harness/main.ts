import { parseArgs } from 'node:util'
import { autoscale } from '../autoscale/autoscale.ts'
import { blob } from '../blob/blob.ts'
import { checkpoint } from '../checkpoint/checkpoint.ts'
import { exec, execDet } from '../exec/exec.ts'
import { failoverHang } from '../failover/failover-hang.ts'
import { failoverKill } from '../failover/failover-kill.ts'
import { lease } from '../lease/lease.ts'
import { memory } from '../memory/memory.ts'
import { process as processes } from '../process/process.ts'
import { proof } from '../proof/proof.ts'
import { redundancy } from '../redundancy/redundancy.ts'
import { settle } from '../settle/settle.ts'
import { spot } from '../spot/spot.ts'
import { task } from '../task/task.ts'
import { throughput } from '../throughput/throughput.ts'
import { webgpu } from '../webgpu/webgpu.ts'
import { type Benchmark, MissingPeer, type Round } from './benchmark.ts'
import { describe } from './print.ts'
import { summarise } from './result.ts'

const BENCHMARKS: readonly Benchmark[] = [
  lease,
  task,
  throughput,
  exec,
  execDet,
  memory,
  webgpu,
  blob,
  processes,
  proof,
  redundancy,
  settle,
  failoverKill,
  failoverHang,
  checkpoint,
  spot,
  autoscale,
]
/** Rounds of one run; fewer are no basis for a median. */
const ROUNDS = 5

/** Runs the benchmark that the arguments name, or lists all; sets the exit code, never throws. */
export async function main(args: readonly string[]): Promise<void> {
  const interrupted = untilInterrupted()
  try {
    const options = readArguments(args)
    if (options === undefined) return
    await run(options, interrupted)
  } catch (error) {
    process.exitCode = interrupted.aborted ? 130 : 1
    const isExpected = error instanceof MissingPeer || error instanceof UsageError
    say(isExpected || interrupted.aborted ? String((error as Error).message) : String((error as Error).stack))
  }
}

class UsageError extends Error {}

interface Options {
  readonly benchmark: Benchmark
  readonly rounds: number
  readonly json: boolean
  /** Folder of the traces to replay; null for made-up ones. */
  readonly traces: string | null
}

/** Returns what to run, or `undefined` after listing the benchmarks. Throws {@link UsageError}. */
function readArguments(args: readonly string[]): Options | undefined {
  const { name, ...options } = parse(args)
  if (name === undefined) {
    for (const one of BENCHMARKS) process.stdout.write(`${listed(one)}\n`)
    return undefined
  }
  const benchmark = BENCHMARKS.find((one) => one.name === name)
  if (benchmark === undefined) {
    const names = BENCHMARKS.map((one) => one.name).join(', ')
    throw new UsageError(`expected a benchmark (${names}), got ${name}; npm run bench lists them`)
  }
  const { rounds } = options
  if (!(Number.isInteger(rounds) && rounds >= ROUNDS)) {
    throw new UsageError(`expected --rounds with a whole number of at least ${ROUNDS}, got ${rounds}`)
  }
  return { benchmark, ...options }
}

function parse(args: readonly string[]): Omit<Options, 'benchmark'> & { name: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        traces: { type: 'string' },
      },
    })
    if (positionals.length > 1) throw new Error('more than one name')
    const traces = values.traces ?? process.env.SOUK_TRACES ?? null
    return { name: positionals[0], rounds: Number(values.rounds ?? ROUNDS), json: values.json, traces }
  } catch (error) {
    throw new UsageError(
      `expected: npm run bench -- NAME [--json] [--rounds N] [--traces DIR]; got: ${(error as Error).message}`,
    )
  }
}

function listed({ name, compares, target }: Benchmark): string {
  const most = target.op === '>=' ? 'at least' : 'at most'
  return `${name.padEnd(10)} ${compares.ours}; ${most} ${target.bound} times ${compares[target.against]}`
}

async function run({ benchmark, rounds, json, traces }: Options, signal: AbortSignal): Promise<void> {
  const session = await benchmark.open({ signal, traces, step: say })
  try {
    const measured: Round[] = []
    for (let n = 1; n <= rounds; n++) {
      signal.throwIfAborted()
      measured.push(await session.round())
      const { ours, peer, limit, ratio } = summarise(benchmark, session, measured.slice(-1))
      say(
        `round ${n} of ${rounds}: Souk ${ours}, peer ${peer}, limit ${limit} ${benchmark.unit}, ratio ${ratio}`,
      )
    }
    const result = summarise(benchmark, session, measured)
    const people = describe(benchmark, session, result)
    if (json) say(people)
    process.stdout.write(`${json ? JSON.stringify(result) : people}\n`)
  } finally {
    await session.stop()
  }
}

/** Aborts at the first Ctrl-C, so that everything started is stopped; the second ends at once. */
function untilInterrupted(): AbortSignal {
  const control = new AbortController()
  const onSignal = () => {
    if (control.signal.aborted) process.exit(130)
    control.abort(new Error('interrupted'))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return control.signal
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
