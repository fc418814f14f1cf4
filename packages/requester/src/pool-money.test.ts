import type { Purchase } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PoolMoney } from './pool-money.ts'

type Step =
  | { kind: 'reserve'; deposit: bigint; rateE12: bigint }
  | { kind: 'know' | 'refuse' | 'over' | 'settle' | 'never'; which: number; paid: bigint }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('reserve' as const),
    deposit: fc.bigInt(1n, 400n),
    rateE12: fc.bigInt(1n, 10n ** 12n),
  }),
  fc.record({
    kind: fc.constantFrom(
      'know' as const,
      'refuse' as const,
      'over' as const,
      'settle' as const,
      'never' as const,
    ),
    which: fc.nat(20),
    paid: fc.bigInt(0n, 400n),
  }),
)

interface Model {
  readonly deposit: bigint
  readonly rateE12: bigint
  purchase: Purchase | null
  paid: bigint
}

function purchaseOf(lease: Hex, { deposit, rateE12: rate }: Model): Purchase {
  const base = { lease, quote: { deposit, rate }, phase: 'active', opening: { block: 1 }, agreement: null }
  return { ...base, settled: false } as unknown as Purchase
}

describe('the money of a pool', () => {
  it('is never committed beyond the budget and never costs more an hour, whatever happens to leases', () => {
    const run = (amount: bigint, ratePerHour: bigint | null, steps: readonly Step[]) => {
      const money = new PoolMoney({ amount, ratePerHour })
      const leases = new Map<Hex, Model>()
      for (const [at, one] of steps.entries()) {
        apply(money, leases, one, at)
        const paid = [...leases.values()].reduce((sum, each) => sum + each.paid, 0n)
        expect(money.committed).toBeLessThanOrEqual(amount)
        expect(money.spent).toBeLessThanOrEqual(money.committed)
        expect(money.spent).toBe(paid)
        expect(money.left).toBe(amount - money.committed)
        if (ratePerHour !== null) expect(money.rateE12 * 3_600n).toBeLessThanOrEqual(ratePerHour * 10n ** 12n)
      }
    }
    fc.assert(
      fc.property(
        fc.bigInt(1n, 1_000n),
        fc.option(fc.bigInt(1n, 10_000n), { nil: null }),
        fc.array(step, { maxLength: 60 }),
        run,
      ),
    )
  })

  it('says whether it is the amount or the rate that keeps a lease away', () => {
    const money = new PoolMoney({ amount: 100n, ratePerHour: 3_600n })
    money.reserve('0x01', 60n, 10n ** 12n / 2n)
    const refused = (deposit: bigint, rate: bigint) => expect(() => money.reserve('0x02', deposit, rate))
    refused(41n, 1n).toThrowError(
      expect.objectContaining({ data: expect.objectContaining({ lacks: 'amount' }) }),
    )
    refused(40n, 10n ** 12n).toThrowError(
      expect.objectContaining({ data: expect.objectContaining({ lacks: 'rate', left: 1_800n }) }),
    )
    money.reserve('0x02', 40n, 10n ** 12n / 2n)
    expect(money.left).toBe(0n)
  })
})

function apply(money: PoolMoney, leases: Map<Hex, Model>, one: Step, at: number): void {
  if (one.kind === 'reserve') {
    const lease: Hex = `0x${at}`
    try {
      money.reserve(lease, one.deposit, one.rateE12)
      leases.set(lease, { deposit: one.deposit, rateE12: one.rateE12, purchase: null, paid: 0n })
    } catch (error) {
      expect(error).toMatchObject({ code: 'POOL_BUDGET' })
    }
    return
  }
  const [lease, model] = [...leases][one.which % Math.max(1, leases.size)] ?? []
  if (lease === undefined || model === undefined) return
  if (one.kind === 'refuse' && model.purchase === null) {
    money.forget(lease)
    leases.delete(lease)
  } else if (one.kind === 'know' && model.purchase === null) {
    model.purchase = purchaseOf(lease, model)
    money.know(model.purchase, () => model.paid)
  } else if (model.purchase !== null && !model.purchase.settled) {
    if (one.kind === 'never') Object.assign(model.purchase, { phase: 'lost', opening: null, settled: true })
    else if (one.kind !== 'know' && one.kind !== 'refuse') {
      model.paid = model.paid > one.paid ? model.paid : one.paid < model.deposit ? one.paid : model.deposit
      Object.assign(model.purchase, { phase: 'closed', settled: one.kind === 'settle' })
    }
    if (one.kind === 'never') model.paid = 0n
  }
}
