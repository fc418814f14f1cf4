import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { containerEngine, type Executor } from '@souk/runtime'
import {
  type DockerDaemon,
  noDockerReason,
  startDocker,
} from '../../packages/runtime/src/testing/docker-daemon.ts'
import { expectOutput, type TaskBench } from '../../packages/runtime/src/testing/task-bench.ts'
import { imageBench, shellImage } from '../../packages/runtime/src/testing/test-image.ts'
import { MissingPeer, type Round, type Session, type Setup } from '../harness/benchmark.ts'
import { median } from '../harness/statistics.ts'

const runFile = promisify(execFile)
const MIB = 1024 * 1024
/** Measurements of each side in one round. */
const RUNS = 4
/** Tasks one after another, for what a slot does between two of them. */
const ROW = 5
/** Pages of the task, and the same in bytes. */
const PAGES = 512
const MEMORY_BYTES = PAGES * 65_536
const SCRIPT = 'true'

/** The peer's command line: every limit that a task's container has and that it knows. */
const LIMITS = [
  ...['--network', 'none', '--memory', String(MEMORY_BYTES), '--memory-swap', String(MEMORY_BYTES)],
  ...['--cpus', '1', '--pids-limit', '512', '--read-only', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--user', '65534:65534', '--log-driver', 'none'],
  ...['--tmpfs', '/tmp:size=16m', '--tmpfs', '/work:size=16m', '--workdir', '/work'],
]

/** Everything that takes part. */
interface Parts {
  readonly daemon: DockerDaemon
  readonly executor: Executor
  readonly bench: TaskBench
  readonly image: string
  readonly signal: AbortSignal
}

export async function openProcessSession({ signal, step }: Setup): Promise<Session> {
  const version = await peerVersion()
  const daemon = await startDocker()
  const engine = containerEngine()
  step(`started a container daemon; its sandbox is ${await engine.prove()}`)
  const image = await shellImage()
  const share = { memoryBytes: 4 * MEMORY_BYTES, cores: 1, diskBytes: 16 * MIB, gpus: [] }
  const executor = await engine.start({ runtime: 'container/1', ...share })
  const parts: Parts = { daemon, executor, bench: imageBench(image), image: image.id, signal }
  await ours(parts)
  const rows = { ours: [] as number[], peer: [] as number[] }
  return {
    peerVersion: version,
    round: () => measure(parts, rows),
    conditions: () => {
      const value = median(rows.ours) / median(rows.peer)
      return [{ name: `${ROW} in a row / peer`, value, op: '<=', bound: 2, ok: value <= 2 }]
    },
    remarks: () => [],
    async stop() {
      await executor.stop()
      await daemon.stop()
    },
  }
}

async function measure(parts: Parts, rows: { ours: number[]; peer: number[] }): Promise<Round> {
  const round = { ours: [] as number[], peer: [] as number[], limit: [] as number[] }
  for (let i = 0; i < RUNS; i += 1) {
    await quiet(parts)
    round.ours.push(await timed(() => ours(parts)))
    await quiet(parts)
    round.peer.push(await timed(() => peer(parts)))
    await quiet(parts)
    round.limit.push(await timed(() => raw(parts)))
  }
  for (const [side, run] of [['ours', ours] as const, ['peer', peer] as const]) {
    await quiet(parts)
    rows[side].push(
      await timed(async () => {
        for (let i = 0; i < ROW; i += 1) await run(parts)
      }),
    )
  }
  return round
}

async function ours({ executor, bench, signal }: Parts): Promise<void> {
  const task = bench.task([SCRIPT], bench.limited({ pages: PAGES }))
  const outcome = expectOutput(await executor.run(bench.execution(task), signal))
  if (outcome.status.kind !== 'exit' || outcome.status.code !== 0)
    throw new Error('the task did not end well')
}

async function peer({ image, daemon, signal }: Parts): Promise<void> {
  const env = { PATH: process.env.PATH, DOCKER_HOST: daemon.host }
  await runFile('docker', ['run', '--rm', ...LIMITS, image, SCRIPT], { env, signal })
}

/** The daemon's own work: what neither side can do without. */
async function raw({ image, daemon: { docker } }: Parts): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: [SCRIPT],
    HostConfig: { NetworkMode: 'none', Memory: MEMORY_BYTES, LogConfig: { Type: 'none', Config: {} } },
  })
  await container.start()
  await container.wait()
  await container.remove()
}

/** Waits until nothing is left to clear away and the next keeper stands ready. */
async function quiet({ daemon: { docker } }: Parts): Promise<void> {
  for (;;) {
    const containers = await docker.listContainers({ all: true })
    if (containers.length === 1 && containers[0]?.State === 'running') break
    await setTimeout(20)
  }
  await setTimeout(200)
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

async function peerVersion(): Promise<string> {
  const reason = noDockerReason()
  if (reason !== null) throw new MissingPeer(`process: ${reason}`)
  try {
    return (await runFile('docker', ['--version'])).stdout.trim()
  } catch {
    throw new MissingPeer('process: expected the docker command; on Debian, apt-get install docker.io')
  }
}
