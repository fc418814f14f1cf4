import { getPriority, setPriority } from 'node:os'
import { describe, expect, test } from 'vitest'
import { namespaceWrapper } from './runner-namespaces.ts'
import { type RunnerProcess, startRunner } from './runner-process.ts'

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.each([
  ['a plain process', null],
  ['namespaces', await namespaceWrapper()],
] as const)('a runner in %s', (where, wrapper) => {
  const skipped = where === 'namespaces' && wrapper === null
  const start = (): Promise<RunnerProcess> => startRunner({ pages: 64, nice: 0, wrapper })

  test.skipIf(skipped)('that is killed says so and is gone', async () => {
    const runner = await start()
    const pid = runner.pid ?? 0
    expect(isAlive(pid)).toBe(true)
    await runner.kill()
    expect(runner.alive).toBe(false)
    expect(isAlive(pid)).toBe(false)
    expect((await runner.next()).kind).toBe('died')
  })

  test.skipIf(skipped)('starts though its provider has a lower priority than programs get', async () => {
    setPriority(Math.max(1, getPriority()))
    const runner = await start()
    expect(getPriority(runner.pid)).toBe(getPriority())
    await runner.kill()
  })

  test.skipIf(skipped || process.platform === 'win32')('that is killed from outside was killed', async () => {
    const runner = await start()
    process.kill(runner.pid ?? 0, 'SIGKILL')
    expect(await runner.exited).toMatchObject({ code: 'killed' })
  })
})
