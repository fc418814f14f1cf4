import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { claimGpus } from './gpu-claims.ts'

const card = (id: string) => ({ id, family: 'nvidia', sharing: 'exclusive' }) as const

test('a device is sold by one provider of a machine, and free again when that one lets go or dies', async () => {
  const [a, b] = [card(`GPU-${randomUUID()}`), card(`GPU-${randomUUID()}`)]
  const fixture = new URL('testing/gpu-claimer.fixture.ts', import.meta.url)
  const other = fork(fixture, [b.id], { stdio: 'ignore' })
  await once(other, 'message')
  expect(() => claimGpus([a, b])).toThrow(
    expect.objectContaining({ code: 'GPU_TAKEN', data: { code: 'GPU_TAKEN', id: b.id } }),
  )
  // What could be had is not kept where not all can be.
  const letGo = claimGpus([a])
  expect(() => claimGpus([a])).toThrow(expect.objectContaining({ code: 'GPU_TAKEN' }))
  letGo()
  other.kill('SIGKILL')
  await once(other, 'exit')
  claimGpus([a, b])()
})

test('software adapters and those of a cluster are claimed by nobody', () => {
  const shared = [
    { id: 'software-0', family: 'software', sharing: 'exclusive' },
    { id: 'n1:0', family: 'nvidia', sharing: 'scheduled' },
  ] as const
  const first = claimGpus(shared)
  claimGpus(shared)()
  first()
})
