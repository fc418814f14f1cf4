import { expect, test } from 'vitest'
import { device, type GpuDevice } from '../gpu/inventory.ts'
import type { Adapter } from './guest/messages.ts'
import { aloneBy } from './see-alone.ts'

const WRAPPER = ['/usr/bin/unshare', '--user', '/usr/bin/setpriv', '--no-new-privs']
const adapter = (name: string, vendor: string, isSoftware = false): Adapter => ({
  ...{ name, vendor, isSoftware, architecture: '', driver: '' },
  ...{ maxBufferBytes: 2 ** 30, features: [] },
})
const card = (at: number, model: string, more: Partial<GpuDevice> = {}): GpuDevice =>
  device({
    ...{ id: `GPU-${at}`, family: 'nvidia', model, vramBytes: 1 },
    ...{ files: [`/dev/nvidia${at}`], ...more },
  })
const ONE = adapter('NVIDIA RTX 4070', 'nvidia')
const TI = adapter('NVIDIA RTX 4070 Ti', 'nvidia')
const ADAPTERS = [TI, ONE, adapter('SwiftShader', 'google', true)]
const refusal = expect.objectContaining({ code: 'NOT_OFFERED' })

test('a device is seen alone where others have its name, or one that contains it', () => {
  const cards = [card(0, 'RTX 4070'), card(1, 'RTX 4070'), card(2, 'RTX 4070 Ti')]
  const hidden = cards.map((each) => aloneBy(WRAPPER, each, ADAPTERS, cards) ?? [])
  const files = hidden.map((command) => command.filter((word) => word.startsWith('/dev/')))
  expect(files).toEqual([['/dev/nvidia1', '/dev/nvidia2'], ['/dev/nvidia0', '/dev/nvidia2'], []])
})

test('a device whose name no other answers to needs no command', () => {
  const cards = [card(0, 'RTX 4070'), card(1, 'RTX 4070 Ti')]
  expect(aloneBy(WRAPPER, card(1, 'RTX 4070 Ti'), ADAPTERS, cards)).toBeNull()
  expect(aloneBy(null, card(1, 'RTX 4070 Ti'), ADAPTERS, cards)).toBeNull()
  const software = card(3, 'SwiftShader', { family: 'software', files: [] })
  expect(aloneBy(null, software, ADAPTERS, cards)).toBeNull()
})

test('a device that cannot be told from others is refused', () => {
  const cards = [card(0, 'RTX 4070'), card(1, 'RTX 4070')] as const
  expect(() => aloneBy(null, cards[0], ADAPTERS, cards)).toThrow(refusal)
  const bare = cards.map((each) => ({ ...each, files: [] }))
  for (const each of bare) expect(() => aloneBy(WRAPPER, each, ADAPTERS, bare)).toThrow(refusal)
  const part = card(0, 'RTX 4070', { sharing: 'mig' })
  expect(() => aloneBy(WRAPPER, part, ADAPTERS, [part])).toThrow(refusal)
})
