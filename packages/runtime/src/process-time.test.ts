import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { processCpuMs } from './process-time.ts'

test.skipIf(!existsSync('/proc/self/stat'))('grows with what a process computes', async () => {
  const before = (await processCpuMs(process.pid)) ?? Number.NaN
  const own = process.cpuUsage()
  for (let used = 0; used < 100_000; ) {
    const { user, system } = process.cpuUsage(own)
    used = user + system
  }
  // A tick of the kernel's may be begun at either end.
  expect((await processCpuMs(process.pid)) ?? Number.NaN).toBeGreaterThanOrEqual(before + 80)
})

test('is not known of a process that is not there', async () => {
  expect(await processCpuMs(2 ** 30)).toBeNull()
})
