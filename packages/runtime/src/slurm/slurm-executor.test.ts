import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Gpu, RuntimeName } from '@souk/protocol'
import { afterAll, describe, expect, test } from 'vitest'
import type { Executor, Outcome } from '../executor.ts'
import { descendants } from '../testing/descendants.ts'
import { type Abandoned, isStarted, testExecutor, underway } from '../testing/executor-compliance.ts'
import { environmentOf, isAlive, noSlurmReason, startSlurm, titleOf } from '../testing/slurm-cluster.ts'
import { expectOutput, failureCode, TaskBench } from '../testing/task-bench.ts'
import { testWasmExecutor } from '../testing/wasm-compliance.ts'
import { cancelLeft, jobName } from './allocation.ts'
import { openCluster } from './cluster.ts'
import { readInventory } from './inventory.ts'
import { askSlurm } from './tools.ts'

const MIB = 1024 * 1024
const DET = { fuel: 10n ** 15n, depth: 1_000 }
const NODES = ['n1', 'n2']
const missing = noSlurmReason()
if (missing !== null) console.log(`Slurm: skipped, ${missing}`)

describe.skipIf(missing !== null)('a provider that fronts a Slurm cluster', async () => {
  if (missing !== null) return
  const slurm = await startSlurm([
    { name: 'n1', cores: 4, memoryMib: 8_000, gpus: { type: 'tesla_t4', count: 2 } },
    { name: 'n2', cores: 2, memoryMib: 4_000 },
  ])
  afterAll(() => slurm.stop())
  const cluster = await openCluster({ owner: 'test', diskPath: '/' })

  const start = (cores: number, change: { runtime?: RuntimeName; gpus?: Gpu[]; memoryBytes?: number } = {}) =>
    cluster.runtimes.start({
      ...{ runtime: 'wasm/1', memoryBytes: cores * 64 * MIB, cores, diskBytes: 0, gpus: [], ...change },
      lease: { id: `lease-${Math.random()}`, seconds: 600 },
    })
  const jobs = async () => (await slurm.slurm('squeue', '-h', '-o', '%j')).split('\n').filter(Boolean)
  const onNodes = () => NODES.flatMap((node) => slurm.processes(node)).filter(isAlive)

  testWasmExecutor({
    name: 'wasm/1 on a cluster',
    create: () => start(2),
    bench: () => TaskBench.load('conduct'),
    abandon: () => abandon('wasm/1'),
  })
  testExecutor({
    name: 'wasm-det/1 on a cluster',
    create: () => start(1, { runtime: 'wasm-det/1' }),
    bench: () => TaskBench.load('conduct', 'wasm-det/1', DET),
    abandon: () => abandon('wasm-det/1'),
  })

  test('has what its nodes have, beside what runners need', () => {
    expect(cluster.machine).toMatchObject({ cores: 6, memoryBytes: (12_000 - 6 * 256) * MIB })
    expect(cluster.machine.gpus.map(({ id, family, model }) => [id, family, model])).toEqual([
      ['n1:0', 'nvidia', 'tesla_t4'],
      ['n1:1', 'nvidia', 'tesla_t4'],
    ])
    expect(cluster.machine.coreMibPerSecond).toBeGreaterThan(0)
    expect(cluster.runtimes.offered.map(({ name }) => name)).toEqual(['wasm/1', 'wasm-det/1'])
    expect(cluster.runtimes.refused).toEqual([])
  })

  test('sells nothing of a node that its administrator drains', async () => {
    await slurm.slurm('scontrol', 'update', 'nodename=n1', 'state=drain', 'reason=test')
    expect(await readInventory()).toMatchObject({ cores: 2, gpus: [] })
    await slurm.slurm('scontrol', 'update', 'nodename=n1', 'state=resume')
    await until(async () => (await readInventory('main')).cores === 6)
    await expect(readInventory('other')).rejects.toMatchObject({ code: 'BAD_OPTION' })
  })

  test('has one allocation for a lease, on several nodes if need be, and gives it back', async () => {
    const bench = await TaskBench.load('conduct')
    const executor = await start(6)
    const [allocation, ...others] = await jobs()
    expect(allocation).toMatch(/^souk-test-lease-/)
    expect(others).toEqual([])
    const all = Array.from({ length: 6 }, () => underway(executor, bench, bench.task(['spin'])))
    await Promise.all(all.map((each) => each.heard(isStarted)))
    const steps = await slurm.slurm('squeue', '-h', '-s', '-o', '%N')
    expect(new Set(steps.trim().split('\n'))).toEqual(new Set(NODES))
    await executor.stop()
    expect((await Promise.all(all.map(({ outcome }) => outcome))).map(failureCode)).toEqual(
      all.map(() => 'cancelled'),
    )
    await nothingLeft()
  })

  test('refuses what the cluster has no room for, soon, and leaves nothing in its queue', async () => {
    const executor = await start(6)
    await expect(start(1)).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    await expect(start(1, { memoryBytes: 64 * 1024 * MIB })).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    expect(await jobs()).toHaveLength(1)
    await executor.stop()
    await nothingLeft()
  })

  test('has GPUs for one lease alone, and Slurm says which', async () => {
    const [gpu] = cluster.machine.gpus
    if (gpu === undefined) throw new Error('the cluster has GPUs')
    const executor = await start(1, { gpus: [gpu] })
    const bench = await TaskBench.load('conduct')
    expectOutput(await bench.run(executor, ['nothing']))
    const seen = slurm
      .processes('n1')
      .flatMap((pid) => /CUDA_VISIBLE_DEVICES=\d+/.exec(environmentOf(pid)) ?? [])
    expect(new Set(seen)).toHaveProperty('size', 1)
    await expect(start(1, { gpus: [...cluster.machine.gpus] })).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    await executor.stop()
    await nothingLeft()
  })

  test('leaves no process on a node when a program is stopped at its deadline', async () => {
    const { executor, bench } = await ready(1)
    const before = onNodes()
    const execution = bench.execution(bench.task(['spin']), { deadlineMs: 300 })
    expect(failureCode(await executor.run(execution, new AbortController().signal))).toBe('deadline')
    expectOutput(await bench.run(executor, ['nothing']))
    await until(() => !before.some(isAlive))
    await executor.stop()
    await nothingLeft()
  })

  test('replaces a step that was cancelled alone', async () => {
    const { executor, bench } = await ready(1)
    const spinning = underway(executor, bench, bench.task(['spin']))
    await spinning.heard(isStarted)
    await cancelSteps()
    expect(failureCode(await spinning.outcome)).toBe('killed')
    expectOutput(await bench.run(executor, ['nothing']))
    await executor.stop()
  })

  test('ends the step of an srun that was killed', async () => {
    const { executor, bench } = await ready(1)
    const spinning = underway(executor, bench, bench.task(['spin']))
    await spinning.heard(isStarted)
    const before = onNodes()
    for (const pid of srunsOf(process.pid)) process.kill(pid, 'SIGKILL')
    expect(failureCode(await spinning.outcome)).toBe('killed')
    await until(() => !before.some(isAlive))
    expectOutput(await bench.run(executor, ['nothing']))
    await executor.stop()
  })

  test.each([
    ['its administrator cancels the allocation', () => slurm.slurm('scancel', '--user=root')],
    ['its node loses power', () => slurm.cutPower('n1')],
    ["its node's daemon dies and is missed", () => slurm.killDaemon('n1')],
  ])('is lost when %s: what runs was killed, and so is what comes', async (_, take) => {
    const { executor, bench } = await ready(3)
    const all = Array.from({ length: 5 }, () => underway(executor, bench, bench.task(['spin'])))
    await Promise.race(all.map((each) => each.heard(isStarted)))
    const before = onNodes().flatMap((pid) => [pid, ...descendants(pid)])
    expect(before.some((pid) => titleOf(pid).includes('runner.ts'))).toBe(true)
    await take()
    const outcomes = await Promise.all(all.map(({ outcome }) => outcome))
    expect(outcomes.map(failureCode)).toEqual(all.map(() => 'killed'))
    expect(await executor.lost).toMatch(/lost/)
    expect(failureCode(await bench.run(executor, ['nothing']))).toBe('killed')
    await executor.stop()
    if (!(await readInventory()).nodes.every(({ usable }) => usable)) await slurm.revive('n1')
    await nothingLeft()
    await until(() => !before.some(isAlive))
  })

  test('is told at its next start what a predecessor of its name left, and of no other', async () => {
    const other = await start(1)
    const owner = await startOwner('dead', 'wasm/1')
    await owner.kill()
    expect(await jobs()).toContain(jobName('dead', 'lease'))
    const again = await openCluster({ owner: 'dead', diskPath: '/' })
    expect(again.left).toEqual([jobName('dead', 'lease')])
    expect(await jobs()).toEqual([expect.stringMatching(/^souk-test-/)])
    await other.stop()
    await nothingLeft()
  })

  test('says what keeps it from proving its engines', async () => {
    const executor = await start(6)
    await slurm.slurm('scontrol', 'update', 'partitionname=main', 'state=inactive')
    const { runtimes } = await openCluster({ owner: 'late', diskPath: '/' })
    expect(runtimes.offered).toEqual([])
    expect(runtimes.refused.map(({ name }) => name)).toEqual(['wasm/1', 'wasm-det/1'])
    await expect(
      runtimes.start({ runtime: 'wasm/1', memoryBytes: MIB, cores: 1, diskBytes: 0, gpus: [] }),
    ).rejects.toMatchObject({ code: 'NOT_OFFERED' })
    await slurm.slurm('scontrol', 'update', 'partitionname=main', 'state=up')
    await executor.stop()
  })

  test('says which command did not do what it was asked', async () => {
    await expect(askSlurm('souk-no-such-command', [])).rejects.toMatchObject({ code: 'SLURM_FAILED' })
    await expect(askSlurm('sinfo', ['--no-such-option'])).rejects.toMatchObject({ code: 'SLURM_FAILED' })
  })

  /** Starts an executor whose runners are up. */
  async function ready(cores: number): Promise<{ executor: Executor; bench: TaskBench }> {
    const executor = await start(cores)
    const bench = await TaskBench.load('conduct')
    const outcomes: Outcome[] = await Promise.all(
      Array.from({ length: cores }, () => bench.run(executor, ['nothing'])),
    )
    outcomes.map(expectOutput)
    return { executor, bench }
  }

  async function cancelSteps(): Promise<void> {
    const steps = (await slurm.slurm('squeue', '-h', '-s', '-o', '%i')).split('\n').filter(Boolean)
    for (const step of steps) await slurm.slurm('scancel', '--signal=KILL', step)
  }

  async function nothingLeft(): Promise<void> {
    await until(async () => (await jobs()).length === 0 && onNodes().length === 0)
  }

  async function abandon(engine: RuntimeName): Promise<Abandoned> {
    const owner = await startOwner('abandoned', engine)
    const pids = NODES.flatMap((node) => slurm.processes(node, owner.job))
    return {
      kill: owner.kill,
      isGone: async () => {
        if (pids.filter(isAlive).some((pid) => /runner|relay/.test(titleOf(pid)))) return false
        // The allocation is what a successor cancels.
        await cancelLeft('abandoned')
        return true
      },
    }
  }
})

/** A process with an executor in which a program spins. */
interface Owner {
  readonly job: string
  /** Kills it as `kill -9` does. */
  kill(): Promise<void>
}

async function startOwner(owner: string, engine: RuntimeName): Promise<Owner> {
  const fixture = fileURLToPath(new URL('../testing/slurm-owner.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [fixture, owner, engine], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return {
    job: String(line).trim(),
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await setTimeout(50)
}

function srunsOf(parent: number): number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
  return children.map(Number).filter((pid) => titleOf(pid).startsWith('srun'))
}
