import { setTimeout as pause } from 'node:timers/promises'
import type { Candidate } from '@souk/market'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buyLeases } from './buy-leases.ts'

/** Buying needs nothing of a candidate; this one carries its number. */
function numbered(i: number): Candidate {
  return { i } as unknown as Candidate
}

describe('buying leases', () => {
  test('buys as many as are wanted and there are, and asks everyone before it gives up', async () => {
    const market = fc.array(fc.record({ sells: fc.boolean(), ms: fc.nat(3) }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(market, fc.nat(6), async (sellers, count) => {
        const asked: number[] = []
        const { found, failures } = await buyLeases(
          sellers.map((_, i) => numbered(i)),
          count,
          async (one) => {
            const { i } = one as unknown as { i: number }
            asked.push(i)
            await pause(sellers[i]?.ms ?? 0)
            if (sellers[i]?.sells !== true) throw new Error(`${i}`)
          },
        )
        const willing = sellers.filter((seller) => seller.sells).length
        expect(found).toBe(Math.min(count, willing))
        expect(failures).toHaveLength(asked.length - found)
        expect(asked).toEqual([...asked.keys()])
        if (found < count) expect(asked).toHaveLength(count === 0 ? 0 : sellers.length)
      }),
      { numRuns: 60 },
    )
  })
})
