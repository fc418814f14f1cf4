import { type GpuSpeed, gpuClass, LIMITS } from '@souk/protocol'
import { type GpuDevice, type GpuReading, gpuOf } from '@souk/runtime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GpuBook } from './gpu-book.ts'
import { condition, judge } from './gpu-condition.ts'

function card(id: string, change: Partial<GpuDevice> = {}): GpuDevice {
  return {
    ...{ id, family: 'nvidia', model: 'NVIDIA L4', vramBytes: 1, driver: '550', api: 'CUDA 12.4' },
    ...{ sharing: 'exclusive', link: null, files: [], index: 0, bus: null, ...change },
  }
}

function well(id: string, told: { celsius?: number; memoryErrors?: number } = {}): GpuReading {
  const unknown = { busy: null, usedBytes: null, celsius: null, watts: null, memoryErrors: null }
  return { kind: 'well', health: { id, ...unknown, ...told, present: true } }
}
const gone = (id: string): GpuReading => ({ kind: 'gone', id, why: 'it was pulled out' })
const silent = (id: string): GpuReading => ({ kind: 'silent', id, why: 'no answer' })

const speed: GpuSpeed = {
  measured: 5,
  fp32Gflops: 30_000,
  fp16Gflops: 0,
  memoryMbPerSecond: 7,
  transferMbPerSecond: 8,
}

test('what is gone is lost at once, and back as soon as it answers; the others stay', () => {
  const book = new GpuBook([card('a'), card('b')])
  expect(book.note([well('a'), well('b')])).toEqual([])
  expect(book.note([well('a'), gone('b')]).map(({ id }) => id)).toEqual(['b'])
  expect([...book.lost]).toEqual(['b'])
  expect(book.health([{ id: 'b' }, { id: 'a' }])).toMatchObject([
    { id: 'b', present: false },
    { id: 'a', present: true },
  ])
  expect(book.why('b')).toBe('it was pulled out')
  expect(book.note([well('a'), gone('b')])).toEqual([])
  expect(book.note([well('a'), silent('b')])).toEqual([])
  expect(book.note([well('a'), well('b')]).map(({ id }) => id)).toEqual(['b'])
  expect(book.lost.size).toBe(0)
  expect(book.why('b')).toBeNull()
})

test('a driver that does not answer is given three looks', () => {
  const book = new GpuBook([card('a')])
  const present = () => book.health([{ id: 'a' }])[0]?.present
  book.note([silent('a')])
  expect([present(), book.classes([card('a')])[0]?.marks]).toEqual([true, ['unhealthy']])
  book.note([silent('a')])
  expect(present()).toBe(true)
  book.note([silent('a')])
  expect(present()).toBe(false)
  book.note([well('a')])
  book.note([silent('a')])
  expect(present()).toBe(true)
})

test('heat and memory errors mark a class, and heat not at every degree', () => {
  const book = new GpuBook([card('a'), card('b')])
  const marks = () => book.classes([card('a'), card('b')])[0]?.marks
  const changes = [89, 90, 86, 85, 84, 86].map(
    (celsius) => book.note([well('a', { celsius }), well('b')]).length,
  )
  expect(changes).toEqual([0, 1, 0, 0, 1, 0])
  book.note([well('a', { celsius: 95 }), well('b', { memoryErrors: 1 })])
  expect(marks()).toEqual(['hot', 'memory-errors'])
  book.measured('b', { isSlow: true })
  expect(marks()).toEqual(['hot', 'slow-for-model', 'memory-errors'])
})

test('a class tells the worst of its GPUs', () => {
  const book = new GpuBook([card('a'), card('b'), card('c', { model: 'NVIDIA H200' })])
  const all = book.devices.map(gpuOf)
  expect(book.classes(all)).toMatchObject([
    { model: 'NVIDIA L4', driver: '550', api: 'CUDA 12.4', speed: null, proof: null, marks: [] },
    { model: 'NVIDIA H200' },
  ])
  const proof = { proven: 9, size: 4_096, ms: 100 }
  book.measured('a', { speed, proof })
  expect(book.classes(all)[0]).toMatchObject({ speed, proof: null })
  book.measured('b', {
    speed: { ...speed, fp32Gflops: 10, transferMbPerSecond: 99 },
    proof: { ...proof, proven: 3 },
  })
  const worst = { ...speed, fp32Gflops: 10 }
  expect(book.classes(all)[0]).toMatchObject({ speed: worst, proof: { proven: 3 } })
  expect(book.classes([])).toEqual([])
})

test('no order of looks makes an offer or a beat that the wire refuses, and a look that is well ends every trouble', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const devices = ids.map((id, i) => card(id, { model: `model ${i}` }))
  const readings = fc
    .constantFrom(...ids)
    .chain((id) => fc.constantFrom(well(id), well(id, { celsius: 99 }), gone(id), silent(id)))
  fc.assert(
    fc.property(fc.array(fc.array(readings, { maxLength: 6 }), { maxLength: 12 }), (looks) => {
      const book = new GpuBook(devices)
      for (const look of looks) {
        const before = [...book.lost].join()
        const changed = book.note(look)
        if ([...book.lost].join() !== before) expect(changed.length).toBeGreaterThan(0)
        const classes = book.classes(devices.map(gpuOf))
        expect(classes.length).toBeLessThanOrEqual(LIMITS.offerGpuClasses)
        for (const one of classes) expect(gpuClass.parse(one)).toEqual(one)
      }
      book.note(ids.map((id) => well(id)))
      expect(book.lost.size).toBe(0)
      expect(book.classes(devices.map(gpuOf)).flatMap(({ marks }) => marks)).toEqual([])
    }),
  )
})

test('a device that is lost is not back by silence', () => {
  const lost = judge(condition('a'), gone('a'))
  expect(judge(lost, silent('a')).health.present).toBe(false)
})
