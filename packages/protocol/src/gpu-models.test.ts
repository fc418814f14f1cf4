import { expect, it } from 'vitest'
import { referenceGflops, speedMarks } from './gpu-models.ts'

it.each([
  ['NVIDIA H200', 60_000],
  ['NVIDIA H100 80GB HBM3', 51_000],
  ['NVIDIA A100-SXM4-80GB', 19_500],
  ['NVIDIA L40S', 90_500],
  ['NVIDIA L4', 30_300],
  ['Tesla T4', 8_100],
  ['NVIDIA GeForce RTX 4090', 82_600],
  ['NVIDIA RTX 6000 Ada Generation', 91_100],
  ['AMD Instinct MI300X', 81_700],
  ['AMD Instinct MI210', 22_600],
  ['Apple M1 Max', 10_400],
  ['Apple M3', 2_600],
])('knows what a %s does', (model, gflops) => {
  expect(referenceGflops(model)).toBe(gflops)
})

it.each(['NVIDIA GeForce RTX 4090 Laptop GPU', 'NVIDIA GeForce RTX 4090 D', 'SwiftShader', 'Intel Arc A770'])(
  'expects nothing of a %s',
  (model) => {
    expect(referenceGflops(model)).toBeUndefined()
    expect(speedMarks(model, { fp32Gflops: 1 })).toEqual([])
  },
)

it('marks a device that is far below its model, and no other', () => {
  expect(speedMarks('NVIDIA GeForce RTX 4090', { fp32Gflops: 5_000 })).toEqual(['slow-for-model'])
  expect(speedMarks('NVIDIA GeForce RTX 4090', { fp32Gflops: 30_000 })).toEqual([])
})
