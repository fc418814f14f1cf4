import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Task } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { groupPlaces } from './group-places.ts'
import { sweepGroups } from './runner-group.ts'
import { runnerGroups } from './runner-groups.ts'
import { namespaceWrapper } from './runner-namespaces.ts'
import { startRunner } from './runner-process.ts'
import { expectOutput, failureCode, TaskBench } from './testing/task-bench.ts'
import { startWasmExecutor } from './wasm-executor.ts'

const MIB = 1024 * 1024
const PAGES = 256

const groups = await runnerGroups()
const why = groups.version === null ? groups.why : ''
const bench = await TaskBench.load('conduct')

describe.each([
  ['process', null],
  ['namespaces', await namespaceWrapper()],
] as const)(`a control group around a runner${why && `: skipped, ${why}`}, at level %s`, (level, wrapper) => {
  const isSkipped = groups.version === null || (level === 'namespaces' && wrapper === null)

  test.skipIf(isSkipped)('holds it, bounds it and goes with it', async () => {
    if (groups.version === null) return
    const group = groups.create({ memoryBytes: 300 * MIB, processes: 40 })
    const runner = await startRunner({ pages: PAGES, nice: 0, wrapper, group })
    const places = readPlaces(runner.pid ?? 0)
    expect(readFileSync(`${places.memory}/cgroup.procs`, 'utf8').trim()).toBe(String(runner.pid))
    expect(Number(readFileSync(`${places.pids}/pids.max`, 'utf8'))).toBe(40)
    expect(readdirSync(`${places.memory}/..`)).toContain(places.memory.split('/').at(-1))
    await runner.kill()
    expect(existsSync(places.memory) || existsSync(places.pids)).toBe(false)
  })

  test.skipIf(isSkipped)(
    'ends a runner that takes more memory than it may: its task is told so, the next one runs',
    async () => {
      if (groups.version === null) return
      const { create } = groups
      const place = { engine: 'wasm/1', pages: PAGES, cores: 1, sandbox: level } as const
      const start = async () => {
        const group = create({ memoryBytes: 160 * MIB, processes: 64 })
        return startRunner({ pages: PAGES, nice: 0, wrapper, group })
      }
      const executor = await startWasmExecutor(place, start)
      try {
        // Inputs lie outside of the program's memory, where the engine itself bounds nothing.
        const bytes = new Uint8Array(256 * MIB)
        const inputs: Task['inputs'] = [['large', bench.put(bytes), bytes.byteLength]]
        expect(failureCode(await bench.run(executor, ['nothing'], { inputs }))).toBe('out-of-memory')
        expect(expectOutput(await bench.run(executor, ['nothing'])).status).toEqual({ kind: 'exit', code: 0 })
      } finally {
        await executor.stop()
      }
    },
  )
})

test.skipIf(groups.version === null)(
  'a group ends with all that was started in it, and no more is started than it may have',
  async () => {
    if (groups.version === null) return
    const group = groups.create({ memoryBytes: 64 * MIB, processes: 3 })
    const script = 'read go; for i in 1 2 3 4; do sleep 1000 & done; wait'
    const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] })
    shell.stdin.on('error', () => undefined)
    const ended = once(shell, 'exit')
    group.add(shell.pid ?? 0)
    const { memory } = readPlaces(shell.pid ?? 0)
    shell.stdin.write('go\n')
    while (group.refusedProcesses() === 0) await setTimeout(5)
    const inside = readFileSync(`${memory}/cgroup.procs`, 'utf8').trim().split('\n').map(Number)
    expect(inside.length).toBeGreaterThan(1)
    expect(inside.length).toBeLessThanOrEqual(3)
    await group.end()
    await ended
    expect(existsSync(memory)).toBe(false)
    // Those that were orphaned are gone too: a group cannot be removed with anything inside.
    for (const pid of inside) expect(isRunning(pid)).toBe(false)
  },
)

test.skipIf(groups.version === null)(
  'groups of the living stay when those of the dead are removed',
  async () => {
    if (groups.version === null) return
    const group = groups.create({ memoryBytes: 64 * MIB, processes: 4 })
    const places = groupPlaces(
      readFileSync('/proc/self/cgroup', 'utf8'),
      readFileSync('/proc/self/mountinfo', 'utf8'),
    )
    expect(places).not.toBeNull()
    if (places !== null)
      expect(sweepGroups(places).some((name) => name.includes(`-${process.pid}-`))).toBe(false)
    await group.end()
  },
)

/** Tells whether a process still runs: one that nobody has waited for does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Returns the folders of the groups that a process is in. */
function readPlaces(pid: number) {
  const found = groupPlaces(
    readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
    readFileSync('/proc/self/mountinfo', 'utf8'),
  )
  if (found === null) throw new Error(`process ${pid} is in no group`)
  return found
}
