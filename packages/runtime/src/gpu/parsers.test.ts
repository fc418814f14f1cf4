import { gpu, gpuHealth, LIMITS } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from './gpu-list.ts'
import { parseAccelerators } from './health-apple.ts'
import { parseNvidiaHealth } from './health-nvidia.ts'
import { device, type GpuDevice, gpuOf } from './inventory.ts'
import { parseAmdFiles, parseAmdSmi, parseRocmSmi } from './parse-amd.ts'
import { parseSystemProfiler } from './parse-apple.ts'
import { parseNvidia, parseNvidiaInformation, parseNvidiaVersion } from './parse-nvidia.ts'
import { well } from './reading.ts'
import { MACHINES, recorded, said } from './recorded.fixture.ts'

const GIB = 2 ** 30

function mac(name: string): GpuDevice[] {
  return parseSystemProfiler(said(name, 'system_profiler'), 32 * GIB, said(name, 'sw_vers'))
}

test.each([
  ['apple-m1', 'Apple M1', 'macOS 13.6.4', 'Metal 3'],
  ['apple-m1-macos11', 'Apple M1', 'macOS 11.7', 'Metal'],
  ['apple-m2-pro', 'Apple M2 Pro', 'macOS 14.5', 'Metal 3'],
  ['apple-m3-max', 'Apple M3 Max', 'macOS 15.1.1', 'Metal 3'],
  ['apple-m4', 'Apple M4', 'macOS 26.3.1', 'Metal 4'],
])("%s: a Mac's own GPU shares its memory", (name, model, driver, api) => {
  const id = 'apple-0'
  expect(mac(name)).toEqual([
    device({ id, family: 'apple', model, vramBytes: 32 * GIB, driver, api, index: 0 }),
  ])
})

test("older Macs: AMD's cards have memory of their own, Intel's are left out", () => {
  expect(mac('apple-intel-amd').map(({ id, model, vramBytes }) => [id, model, vramBytes / GIB])).toEqual([
    ['amd-1', 'AMD Radeon Pro 5500M', 8],
  ])
  expect(mac('apple-imac-vega')).toMatchObject([
    { model: 'Radeon Pro Vega 64', vramBytes: 16 * GIB, api: 'Metal 3' },
  ])
})

test('software and virtual adapters are no GPUs', () => {
  expect(mac('apple-virtual')).toEqual([])
  const models = ['llvmpipe (LLVM 15.0.7, 256 bits)', 'SwiftShader Device (Subzero)', 'VMware SVGA 3D']
  const entries = models.map((sppci_model) => ({ sppci_model, spdisplays_vendor: 'sppci_vendor_Apple' }))
  expect(parseSystemProfiler(JSON.stringify({ SPDisplaysDataType: entries }), GIB)).toEqual([])
})

test("the versions of NVIDIA's drivers, closed and open", () => {
  expect(parseNvidiaVersion(said('nvidia-proc', 'cat /proc/driver/nvidia/version'))).toBe('550.54.14')
  const open =
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build  (dvs-builder)\n'
  expect(parseNvidiaVersion(open)).toBe('560.35.03')
  expect(parseNvidiaVersion('NVRM: none')).toBeNull()
})

test('JSON is found behind warnings, also behind one in brackets', () => {
  expect(parseJson('[AMD] warning\nand more\n {"a": 1}')).toEqual({ a: 1 })
  expect(parseJson('nothing {"a": 1}')).toBeUndefined()
})

const texts = MACHINES.flatMap((name) => [...recorded(name).values()])
/** Any text, and what a tool prints with a piece of it replaced by another. */
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(2_000),
      fc.nat(400),
      fc.oneof(fc.string(), fc.constantFrom(',', '\n', '9'.repeat(400), '-1', 'null', '[]', '{}')),
    )
    .map(([text, at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length)),
)

test('no text makes a parser throw, or list what is out of bounds', () => {
  fc.assert(
    fc.property(anything, anything, anything, (text, other, third) => {
      const files = {
        bus: text,
        deviceId: text,
        revision: other,
        productName: other,
        uniqueId: third,
        vramTotal: third,
      }
      const lists = [
        parseNvidia({ table: text, listing: other, about: third, links: other }),
        parseAmdSmi(text, other),
        parseRocmSmi(text),
        parseSystemProfiler(text, GIB, other),
        [parseNvidiaInformation(text, parseNvidiaVersion(other))].filter((one) => one !== null),
        [parseAmdFiles(files, other, third)].filter((one) => one !== null),
      ]
      for (const list of lists) {
        expect(list.length).toBeLessThanOrEqual(LIMITS.offerGpus)
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
        for (const one of list) expectBounded(one)
      }
    }),
    { numRuns: 400 },
  )
})

function expectBounded(one: GpuDevice): void {
  expect(gpu.parse(gpuOf(one))).toEqual(gpuOf(one))
  expect(one.driver?.length ?? 1).toBeLessThanOrEqual(48)
  expect(one.api?.length ?? 1).toBeLessThanOrEqual(32)
  expect(one.driver).not.toBe('')
  expect(one.files.every((file) => /^\/dev\/[\w/]+$/.test(file))).toBe(true)
}

test('no text makes a look at health throw, or tell what a beat cannot carry', () => {
  const apple = [device({ id: 'apple-0', family: 'apple', model: 'Apple M2 Pro', vramBytes: 1 })]
  fc.assert(
    fc.property(anything, (text) => {
      for (const row of parseNvidiaHealth(text).values()) {
        if (typeof row === 'object')
          expect(gpuHealth.safeParse({ ...healthOf('x'), ...row }).success).toBe(true)
      }
      for (const reading of parseAccelerators(text, apple)) {
        if (reading.kind === 'well') expect(gpuHealth.safeParse(reading.health).success).toBe(true)
      }
    }),
    { numRuns: 400 },
  )
})

function healthOf(id: string) {
  const reading = well(id)
  return reading.kind === 'well' ? reading.health : {}
}

test("a Mac's load and memory", () => {
  const [one] = mac('apple-m2-pro')
  const readings = parseAccelerators(said('apple-m2-pro', 'ioreg'), one === undefined ? [] : [one])
  expect(readings).toEqual([well('apple-0', { busy: 90, usedBytes: 584_597_504 })])
  expect(parseAccelerators('', one === undefined ? [] : [one])).toMatchObject([{ kind: 'gone' }])
})
