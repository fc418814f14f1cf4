import { COURT_PRESETS, epochStart, type Hex, type Quote } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BondedStretches } from './uptime-bonds.ts'

const rules = { ...COURT_PRESETS.dev, slotBlocks: 2 }
const key = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const name = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`

function opened(lease: number, subject: number, block: number, blocks: number, bond = 1n) {
  const quote = { resultSigner: key(subject), bond, blocks } as Quote
  const sides = { provider: key(1), requester: key(2) }
  return { event: { kind: 'opened', lease: name(lease), ...sides, quote } as const, at: { block } }
}

function ending(lease: number, block: number, endBlock: number) {
  return {
    event: { kind: 'ending', lease: name(lease), endBlock, byRequester: true } as const,
    at: { block },
  }
}

/** Blocks [from, until) of each lease of one subject with a bond. */
const lease = fc.record({
  from: fc.nat(200),
  blocks: fc.integer({ min: 1, max: 100 }),
  cut: fc.nat(150),
  subject: fc.nat(1),
  bond: fc.constantFrom(0n, 5n),
})

describe('bonded stretches', () => {
  test('hold a slot that lies wholly inside a lease, and no other', () => {
    const bonds = new BondedStretches()
    const start = epochStart(rules, 3)
    bonds.take(opened(1, 1, start + 1, 6))
    expect(bonds.slots(rules, key(1), 3)).toBe(0b110)
    expect(bonds.slots(rules, key(2), 3)).toBe(0)
    expect(bonds.slots(rules, key(1), 2)).toBe(0)
    bonds.take(ending(1, start + 3, start + 4))
    expect(bonds.slots(rules, key(1), 3)).toBe(0b10)
    bonds.forgetFrom(start)
    expect(bonds.slots(rules, key(1), 3)).toBe(0)
  })

  test('agree with looking at every block', () => {
    fc.assert(
      fc.property(fc.array(lease, { maxLength: 6 }), fc.nat(8), (leases, epoch) => {
        const bonds = new BondedStretches()
        const blocks = leases.map(({ from, blocks, cut, subject, bond }, i) => {
          bonds.take(opened(i, subject, from, blocks, bond))
          bonds.take(ending(i, from, from + cut))
          return { subject, bond, from, until: from + Math.min(blocks, cut) }
        })
        const isHeld = (block: number, until: number) =>
          blocks.some((one) => one.subject === 1 && one.bond > 0n && one.from <= block && until <= one.until)
        const expected = Array.from({ length: 16 }, (_, slot) => {
          const first = epochStart(rules, epoch) + 2 * slot
          return isHeld(first, first + 2) ? 1 << slot : 0
        })
        expect(bonds.slots(rules, key(1), epoch)).toBe(expected.reduce((map, bit) => map | bit, 0))
      }),
    )
  })
})
