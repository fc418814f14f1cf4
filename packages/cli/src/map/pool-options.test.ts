import { describe, expect, it } from 'vitest'
import { type PoolOptions, readInstant, readPool } from './pool-options.ts'

const NOW_MS = Date.parse('2030-01-01T00:00:00Z')
const read = (options: Partial<PoolOptions>) =>
  readPool({ cores: '1', ...options }, { kind: 'none' }, { tokenDecimals: 6 }, NOW_MS)

describe('the options of a pool', () => {
  it('are a pool with a budget, and none without', () => {
    expect(read({})).toBeUndefined()
    expect(read({ budget: '2', maxRate: '0.5', min: '2', max: '5', cores: '4' })).toMatchObject({
      ...{ min: 2, max: 5, slots: 4, budget: { amount: 2_000_000n, ratePerHour: 500_000n } },
      target: { kind: 'queue-time' },
    })
    const target = { kind: 'deadline', atMs: NOW_MS + 7_200_000 }
    expect(read({ budget: '1', deadlineAt: '2h' })).toMatchObject({ target })
  })

  it.each<Partial<PoolOptions>>([
    { max: '4' },
    { maxRate: '1' },
    { deadlineAt: '2h' },
    { budget: '0' },
    { budget: '1', max: '0' },
    { budget: '1', min: 'some' },
    { budget: '1', maxRate: '0' },
    { budget: '1', deadlineAt: 'soon' },
  ])('are not %j', (options) => {
    expect(() => read(options)).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }))
  })

  it('name an instant, or how far away it is', () => {
    expect(readInstant('2030-01-01T01:00:00Z', 0)).toBe(NOW_MS + 3_600_000)
    expect(readInstant('1.5d', NOW_MS)).toBe(NOW_MS + 129_600_000)
  })
})
