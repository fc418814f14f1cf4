import type { Gpu } from '@souk/protocol'
import { expect, test } from 'vitest'
import { chooseAdapter } from './choose-adapter.ts'
import type { Adapter } from './guest/messages.ts'

const adapter = (name: string, vendor: string, isSoftware = false): Adapter => ({
  ...{ name, vendor, isSoftware, architecture: '', driver: '' },
  ...{ maxBufferBytes: 2 ** 30, features: [] },
})
const gpu = (family: Gpu['family'], model: string): Gpu => ({ id: 'x', family, model, vramBytes: 1 })

const SWIFTSHADER = adapter('SwiftShader Device (Subzero)', 'google', true)
const A100 = adapter('NVIDIA A100-SXM4-40GB', 'nvidia')
const T4 = adapter('Tesla T4', 'nvidia')
const RADEON = adapter('AMD Radeon RX 7900 XTX (RADV NAVI31)', 'amd')
const ALL = [SWIFTSHADER, T4, A100, RADEON]

test.each([
  [gpu('nvidia', 'NVIDIA A100-SXM4-40GB'), A100],
  [gpu('nvidia', 'A100 SXM4 40GB'), A100],
  [gpu('nvidia', 'Tesla T4'), T4],
  [gpu('amd', 'Radeon RX 7900 XTX'), RADEON],
  [gpu('amd', 'gfx1100'), RADEON],
  [gpu('software', 'whatever'), SWIFTSHADER],
])('of several adapters, $model is served by its own, or the only one of its vendor', (leased, expected) => {
  expect(chooseAdapter(leased, ALL)).toBe(expected)
})

test.each([
  [gpu('nvidia', 'H100'), ALL],
  [gpu('nvidia', 'Tesla T4'), [SWIFTSHADER, RADEON]],
  [gpu('apple', 'Apple M3'), ALL],
  [gpu('software', 'any'), [A100]],
  [gpu('software', 'any'), []],
])('$model is never served by another kind of adapter', (leased, adapters) => {
  expect(() => chooseAdapter(leased, adapters)).toThrow(expect.objectContaining({ code: 'NOT_OFFERED' }))
})
