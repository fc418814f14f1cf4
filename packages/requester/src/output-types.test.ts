import { type Kernel, kernelCodec } from '@souk/protocol'
import { expect, test } from 'vitest'
import { outputTypes } from './output-types.ts'

const KERNEL: Kernel = {
  v: 1,
  code: 'any',
  features: [],
  bindings: [
    { binding: 0, kind: 'input', type: 'f16', length: 1, path: 'in' },
    { binding: 1, kind: 'output', type: 'f32', length: 1, path: 'out' },
    { binding: 2, kind: 'inout', type: 'u32', length: 1, path: 'both' },
  ],
  passes: [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
}

test('files of a kernel are what it declares', async () => {
  const read = async () => kernelCodec.encode(KERNEL)
  const typeOf = await outputTypes({ engine: 'webgpu/1', program: 'kernel' }, read)
  expect(['out', 'both', 'in', 'other.f32'].map(typeOf)).toEqual(['f32', 'u32', 'bytes', 'bytes'])
})

test('files of any other program are what their names say', async () => {
  const nothing = async () => new Uint8Array()
  const typeOf = await outputTypes({ engine: 'wasm/1', program: 'program' }, nothing)
  const types = ['a.f32', 'a.f16', 'b/c.f64', 'f32', 'a.txt', 'a.f32.txt'].map(typeOf)
  expect(types).toEqual(['f32', 'f16', 'f64', 'f32', 'bytes', 'bytes'])
})
