import { describe, expect, it } from 'vitest'
import { type DemandOptions, readDemand, readDuration, readSize } from './demand.ts'

const BASE: DemandOptions = { cores: '1.5', memory: '512MiB', disk: '1GiB', duration: '10m' }

describe('readDemand', () => {
  it('reads cores, sizes and times in their units', () => {
    expect(readDemand(BASE, 18)).toMatchObject({
      resources: { millicores: 1500, memoryBytes: 512 * 1024 ** 2, diskBytes: 1024 ** 3, gpu: null },
      durationSeconds: 600,
      maxRateE12: null,
    })
  })

  it('turns a price per hour into a rate per second, rounded down', () => {
    expect(readDemand({ ...BASE, maxPrice: '0.0036' }, 18).maxRateE12).toBe(10n ** 24n)
  })

  it.each([
    ['nvidia', { count: 1, family: 'nvidia', model: '*', vramBytes: 0 }],
    ['nvidia:*A100*', { count: 1, family: 'nvidia', model: '*A100*', vramBytes: 0 }],
    ['nvidia:*A100*:40GiBx2', { count: 2, family: 'nvidia', model: '*A100*', vramBytes: 40 * 1024 ** 3 }],
    ['amdx4', { count: 4, family: 'amd', model: '*', vramBytes: 0 }],
  ])('reads the GPUs of %s', (gpu, expected) => {
    expect(readDemand({ ...BASE, gpu }, 18).resources.gpu).toEqual(expected)
  })

  it('asks for GPUs that proved themselves where that was said, and for them alone', () => {
    const wish = (options: Partial<DemandOptions>) => readDemand({ ...BASE, ...options }, 18).resources.gpu
    expect(wish({ gpu: 'nvidia', requireProof: true })).toEqual({
      ...{ count: 1, family: 'nvidia', model: '*', vramBytes: 0, proven: true },
    })
    expect(wish({ gpu: 'nvidia', requireProof: false })).not.toHaveProperty('proven')
  })

  it.each([
    ['--require-proof', { requireProof: true }],
    ['--cores', { cores: '0' }],
    ['--cores', { cores: 'two' }],
    ['--memory', { memory: '1 elephant' }],
    ['--disk', { disk: '-1' }],
    ['--gpu', { gpu: 'abacus' }],
    ['--duration', { duration: '2h' }],
    ['--duration', { duration: '0s' }],
    ['--max-rtt', { maxRtt: 'soon' }],
  ])('names %s when it cannot be read', (option, wrong) => {
    expect(() => readDemand({ ...BASE, ...wrong }, 18)).toThrow(
      expect.objectContaining({
        data: { code: 'BAD_OPTION', option },
        message: expect.stringMatching(/expected .*, got/),
      }),
    )
  })
})

describe('the engine', () => {
  it.each([
    [undefined, 'wasm/1'],
    ['wasm', 'wasm/1'],
    ['wasm-det', 'wasm-det/1'],
    ['container/1', 'container/1'],
  ])('of %s is %s', (engine, runtime) => {
    expect(readDemand({ ...BASE, ...(engine === undefined ? {} : { engine }) }, 18).runtime).toBe(runtime)
  })

  it('is refused where there is no such engine', () => {
    expect(() => readDemand({ ...BASE, engine: 'abacus' }, 18)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_OPTION', option: '--engine' } }),
    )
  })
})

describe('readSize', () => {
  it.each([
    ['100', 100],
    ['1KiB', 1024],
    ['1.5mib', 1.5 * 1024 ** 2],
    ['2 GiB', 2 * 1024 ** 3],
  ])('reads %s', (text, bytes) => expect(readSize('--memory', text)).toBe(bytes))
})

describe('readDuration', () => {
  it.each([
    ['30', 30],
    ['90s', 90],
    ['1.5m', 90],
    ['1h', 3600],
  ])('reads %s', (text, seconds) => expect(readDuration(text)).toBe(seconds))
})
