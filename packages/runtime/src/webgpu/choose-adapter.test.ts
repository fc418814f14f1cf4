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
const ONE = adapter('NVIDIA RTX 4070', 'nvidia')
const TI = adapter('NVIDIA RTX 4070 Ti', 'nvidia')
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

test.each([
  ['RTX 4070', ONE],
  ['NVIDIA RTX 4070', ONE],
  ['RTX 4070 Ti', TI],
])('%s is itself, not the model whose name begins or ends like it', (model, expected) => {
  for (const adapters of [
    [TI, ONE],
    [ONE, TI],
  ])
    expect(chooseAdapter(gpu('nvidia', model), adapters)).toBe(expected)
})

test('a model that is like several adapters is none of them', () => {
  const named = expect.objectContaining({
    code: 'NOT_OFFERED',
    message: expect.stringContaining('RTX 4070 Ti'),
  })
  expect(() => chooseAdapter(gpu('nvidia', 'GeForce RTX 4070'), [TI, ONE])).not.toThrow()
  expect(() => chooseAdapter(gpu('nvidia', 'RTX'), [TI, ONE])).toThrow(named)
})
