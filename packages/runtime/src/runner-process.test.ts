import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startRunner } from './runner-process.ts'

/** Milliseconds between two looks at a process that is about to end. */
const LOOK_MS = 20

/** Resolves when the process is gone; the test's own time limit is the bound. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await setTimeout(LOOK_MS)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.skipIf(process.platform === 'win32')(
  'a spinning program does not outlive its killed parent',
  async () => {
    const fixture = fileURLToPath(new URL('./spinning-parent.fixture.ts', import.meta.url))
    const parent = spawn(process.execPath, [fixture])
    const [line] = await once(parent.stdout, 'data')
    const runnerPid = Number(String(line))
    expect(isAlive(runnerPid)).toBe(true)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await gone(runnerPid)
    expect(isAlive(runnerPid)).toBe(false)
  },
)

test('a killed runner says so and is gone', async () => {
  const runner = await startRunner({ pages: 64, nice: 0 })
  const pid = runner.pid ?? 0
  const answer = runner.ask({ kind: 'probe', file: '/' })
  await runner.kill()
  expect(runner.alive).toBe(false)
  expect(isAlive(pid)).toBe(false)
  expect(['died', 'probed']).toContain((await answer).kind)
})
