import { expect, test } from 'vitest'
import { device, type GpuSharing } from '../gpu/inventory.ts'
import { refuseParts } from './refuse-parts.ts'

const of = (id: string, sharing: GpuSharing) =>
  device({ id, family: 'nvidia', model: 'NVIDIA A100', vramBytes: 1, sharing })
const DEVICES = [
  of('whole', 'exclusive'),
  of('sliced', 'time-sliced'),
  of('mig', 'mig'),
  of('part', 'partition'),
]

test.each([
  ['mig', 'container/1'],
  ['part', 'whole GPU'],
])('%s is refused for webgpu/1 with what to do instead', (id, cure) => {
  const refusal = { code: 'NOT_OFFERED', message: expect.stringContaining(cure) }
  const gpus = DEVICES.filter((each) => ['whole', id].includes(each.id))
  expect(() => refuseParts(gpus, DEVICES)).toThrow(expect.objectContaining(refusal))
})

test('whole GPUs, and those that this machine does not list, are not', () => {
  const gpus = [of('whole', 'exclusive'), of('sliced', 'time-sliced'), of('elsewhere', 'scheduled')]
  expect(() => refuseParts(gpus, DEVICES)).not.toThrow()
})
