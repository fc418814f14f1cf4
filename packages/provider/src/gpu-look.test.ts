import type { GpuDevice, GpuReading } from '@souk/runtime'
import { expect, test } from 'vitest'
import { boundedLook } from './gpu-look.ts'

const card: GpuDevice = {
  ...{ id: 'a', family: 'amd', model: 'Radeon', vramBytes: 1, driver: null, api: null },
  ...{ sharing: 'exclusive', link: null, files: [], index: 0, bus: '0000:0b:00.0' },
}
const gone: GpuReading = { kind: 'gone', id: 'a', why: 'it was pulled out' }

test('a look that never ends makes its devices silent, and is not begun again until it does', async () => {
  const ends: ((readings: readonly GpuReading[]) => void)[] = []
  const look = boundedLook(() => new Promise((resolve) => ends.push(resolve)), 5)
  for (const _ of [1, 2, 3]) expect(await look([card])).toMatchObject([{ kind: 'silent', id: 'a' }])
  expect(ends).toHaveLength(1)
  const next = look([card])
  ends[0]?.([gone])
  expect(await next).toEqual([gone])
  const after = look([card])
  expect(ends).toHaveLength(2)
  ends[1]?.([])
  expect(await after).toEqual([])
})

test('a look that fails says so, and the next begins anew', async () => {
  let looks = 0
  const look = boundedLook(async () => {
    looks += 1
    if (looks === 1) throw new Error('no tool')
    return [gone]
  })
  await expect(look([card])).rejects.toThrow('no tool')
  expect(await look([card])).toEqual([gone])
})
