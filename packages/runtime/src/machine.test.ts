import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { resources } from '@souk/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { device, gpuOf } from './gpu/inventory.ts'
import { softwareGpus } from './gpu/software-gpus.ts'
import { type Machine, measureMachine } from './machine.ts'
import { shareOf } from './share.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-machine-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the machine is measured as it is, and its speed once', async () => {
  const cacheFile = join(folder, 'speed.json')
  const machine = await measureMachine({ diskPath: folder, cacheFile })
  expect(machine.cores).toBe(availableParallelism())
  expect(machine.memoryBytes).toBeLessThanOrEqual(totalmem())
  expect(machine.coreMibPerSecond).toBeGreaterThan(1)
  const kept = await readFile(cacheFile, 'utf8')
  expect(await measureMachine({ diskPath: folder, cacheFile })).toMatchObject({
    coreMibPerSecond: machine.coreMibPerSecond,
  })
  expect(await readFile(cacheFile, 'utf8')).toBe(kept)
})

test('a damaged measurement is made again', async () => {
  const cacheFile = join(folder, 'damaged.json')
  await writeFile(cacheFile, '{"cpu": 3')
  const { coreMibPerSecond } = await measureMachine({ diskPath: folder, cacheFile })
  expect(JSON.parse(await readFile(cacheFile, 'utf8')).mibPerSecond).toBe(coreMibPerSecond)
})

const card = device({ id: 'GPU-1', family: 'nvidia', model: 'NVIDIA L4', vramBytes: 23034 * 2 ** 20 })
const adapter = {
  ...{ name: 'SwiftShader Device', vendor: 'google', architecture: 'swiftshader', driver: 'SwiftShader 5.0' },
  ...{ isSoftware: true, maxBufferBytes: 2 ** 28, features: [] },
}
const [software = card] = softwareGpus([{ ...adapter, isSoftware: false }, adapter], 1_000)
const gpus = [card, software]
const machines: fc.Arbitrary<Machine> = fc.record({
  cores: fc.integer({ min: 1, max: 512 }),
  memoryBytes: fc.nat(2 ** 31 - 1),
  diskBytes: fc.nat(2 ** 31 - 1),
  gpus: fc.constant(gpus),
  coreMibPerSecond: fc.nat(1000),
})

test('equal shares never add up to more than the machine, and are what the wire takes', () => {
  fc.assert(
    fc.property(machines, fc.integer({ min: 2, max: 50 }), (machine, parts) => {
      const share = shareOf(machine, 1 / parts)
      expect(share.millicores * parts).toBeLessThanOrEqual(machine.cores * 1000)
      expect(share.memoryBytes * parts).toBeLessThanOrEqual(machine.memoryBytes)
      expect(share.diskBytes * parts).toBeLessThanOrEqual(machine.diskBytes)
      expect(share.gpus).toEqual([])
      expect(resources.parse(share)).toEqual(share)
    }),
  )
})

test('GPUs go whole, to the whole machine or to who names them', () => {
  const machine: Machine = { cores: 2, memoryBytes: 1_000, diskBytes: 10, gpus, coreMibPerSecond: 1 }
  // As the wire has it: nothing of how the machine reaches the card.
  expect(shareOf(machine, 1).gpus).toEqual([gpuOf(card)])
  expect(shareOf(machine, 0.2, ['GPU-1']).gpus).toEqual([gpuOf(card)])
  expect(shareOf(machine, 0.2, ['nvidia', 'GPU-1', 'all']).gpus).toEqual([gpuOf(card)])
  expect(shareOf(machine, 1, []).gpus).toEqual([])
  expect(shareOf(machine, 1, ['none']).gpus).toEqual([])
  expect(shareOf(machine, 0.5).gpus).toEqual([])
  for (const missing of ['GPU-2', 'amd', '']) {
    expect(() => shareOf(machine, 0.5, [missing])).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  }
  for (const share of [0, -1, 1.1, Number.NaN]) {
    expect(() => shareOf(machine, share)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  }
})

test('a software adapter is sold only when it is asked for, with memory of its provider alone', () => {
  const machine: Machine = { cores: 2, memoryBytes: 1_000, diskBytes: 10, gpus, coreMibPerSecond: 1 }
  expect(shareOf(machine, 0.2, ['software']).gpus).toEqual([
    { id: 'software-0', family: 'software', model: 'SwiftShader Device', vramBytes: 200 },
  ])
  expect(software).toMatchObject({ driver: 'SwiftShader 5.0', sharing: 'exclusive' })
})
