import type { Hex, Quote } from '@souk/protocol'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lockedMoney } from './conservation.ts'
import type { EscrowEvent } from './escrow-events.ts'
import type { PlacedEvent } from './escrow-history.ts'
import { walletHistory } from './wallet-history.ts'
import { runningLeases } from './wallet-state.ts'

const REQUESTER: Hex = `0x${'a1'.repeat(20)}`
const PROVIDER: Hex = `0x${'b2'.repeat(20)}`
const KEY: Hex = `0x${'c3'.repeat(20)}`

const small = fc.bigInt({ min: 0n, max: 1_000n })
/** A lease's life: what is redeemed and paid is a share of the deposit, the penalty at most the bond. */
const life = fc.record({
  ...{ deposit: small, bond: small, resultBond: small, slotPenalty: small },
  redeemed: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }),
  ...{ seized: fc.boolean(), closed: fc.boolean(), rest: fc.integer({ min: 0, max: 20 }) },
  downSlots: fc.integer({ min: 0, max: 3 }),
})
const transfer = fc.record({ kind: fc.constantFrom('deposited', 'withdrawn', 'moved'), amount: small })

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never

/** Plays a life by the escrow's rules; returns its events and what it changes of both free balances. */
function play({ deposit, bond, resultBond, slotPenalty, ...course }: Life, salt: number) {
  const lease: Hex = `0x${salt.toString(16).padStart(64, '0')}`
  const quote = quoteOf({ deposit, bond, resultBond, slotPenalty }, lease)
  const events: EscrowEvent[] = [{ kind: 'opened', lease, provider: PROVIDER, requester: REQUESTER, quote }]
  let requester = -deposit
  let provider = -bond - resultBond
  let paid = 0n
  for (const percent of course.redeemed) {
    const amount = (deposit * BigInt(percent)) / 100n
    paid += amount
    provider += amount
    events.push({ kind: 'redeemed', lease, provider: PROVIDER, amount, paid })
  }
  if (course.downSlots > 0) {
    const { downSlots } = course
    events.push({ kind: 'downAdjusted', lease, change: BigInt(downSlots), downSlots })
  }
  if (course.seized) events.push({ kind: 'seized', lease, amount: resultBond })
  if (course.closed) {
    const rest = (deposit * BigInt(course.rest)) / 100n
    const due = BigInt(course.downSlots) * slotPenalty
    const penalty = due < bond ? due : bond
    const toRequester = penalty / 2n
    const refund = deposit - paid - rest
    requester += refund + toRequester
    provider += bond + (course.seized ? 0n : resultBond) - penalty + rest
    const parties = { provider: PROVIDER, requester: REQUESTER }
    const sums = { paid: paid + rest, refund, toRequester, toBurn: penalty - toRequester }
    events.push({ kind: 'closed', lease, ...parties, ...sums })
  }
  return { events, requester, provider }
}

function place(events: readonly EscrowEvent[]): PlacedEvent[] {
  const hash: Hex = `0x${'00'.repeat(32)}`
  return events.map((event, index) => ({
    event,
    at: { block: index + 1, blockHash: hash, transaction: hash, index },
  }))
}

const changes = (account: Hex, events: readonly EscrowEvent[]) =>
  walletHistory(account, place(events)).reduce((sum, { change }) => sum + (change ?? 0n), 0n)

describe('a wallet’s history', () => {
  test('adds up to the free balance, on both sides of every lease', () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 6 }), (lives) => {
        const played = lives.map(play)
        const events = played.flatMap((one) => one.events)
        const sum = (side: 'requester' | 'provider') => played.reduce((total, one) => total + one[side], 0n)
        expect(changes(REQUESTER, events)).toBe(sum('requester'))
        expect(changes(PROVIDER, events)).toBe(sum('provider'))
      }),
    )
  })

  test('adds up over deposits, withdrawals and payments between accounts', () => {
    fc.assert(
      fc.property(fc.array(transfer), (transfers) => {
        const events = transfers.map(({ kind, amount }): EscrowEvent => {
          if (kind === 'deposited') return { kind, account: REQUESTER, amount }
          if (kind === 'withdrawn') return { kind, account: REQUESTER, to: KEY, amount }
          return { kind: 'moved', from: PROVIDER, to: REQUESTER, amount }
        })
        const expected = transfers.reduce(
          (sum, { kind, amount }) => sum + (kind === 'withdrawn' ? -amount : amount),
          0n,
        )
        expect(changes(REQUESTER, events)).toBe(expected)
      }),
    )
  })

  test('calls the running leases what is locked and neither closed nor over', () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 6 }), (lives) => {
        const events = place(lives.map(play).flatMap((one) => one.events))
        const { running, committed } = runningLeases(REQUESTER, events, 0)
        expect(running).toBe(lives.filter(({ closed }) => !closed).length)
        expect(committed).toBe(lockedMoney(events).get(REQUESTER) ?? 0n)
        expect(runningLeases(REQUESTER, events, 10_000)).toEqual({ running: 0, committed: 0n, rateE12: 0n })
      }),
    )
  })

  test('tells a penalty, a delegate set and one revoked', () => {
    const one = { deposit: 100n, bond: 10n, resultBond: 5n, slotPenalty: 3n, redeemed: [], seized: false }
    const { events } = play({ ...one, closed: true, rest: 10, downSlots: 2 }, 1)
    expect(walletHistory(REQUESTER, place(events)).at(-1)).toMatchObject({
      ...{ kind: 'lease-closed', side: 'requester', with: PROVIDER },
      ...{ amount: 10n, penalty: 6n, change: 93n },
    })
    const set = { kind: 'delegateSet', account: REQUESTER, key: KEY, limit: 5n } as const
    const kinds = walletHistory(
      REQUESTER,
      place([
        { ...set, expiry: 9 },
        { ...set, limit: 0n, expiry: 0 },
      ]),
    )
    expect(kinds.map(({ kind }) => kind)).toEqual(['delegate-set', 'delegate-revoked'])
  })

  test('says that a change is unknown where the lease was opened before the range', () => {
    const one = { deposit: 100n, bond: 10n, resultBond: 5n, slotPenalty: 0n, redeemed: [], seized: false }
    const { events } = play({ ...one, closed: true, rest: 10, downSlots: 0 }, 1)
    const late = place(events).slice(1)
    expect(walletHistory(PROVIDER, late)).toMatchObject([{ kind: 'lease-closed', change: null }])
    expect(walletHistory(REQUESTER, late)).toMatchObject([{ kind: 'lease-closed', change: 90n }])
  })
})

function quoteOf(money: Pick<Quote, 'deposit' | 'bond' | 'resultBond' | 'slotPenalty'>, salt: Hex): Quote {
  return {
    ...{ provider: PROVIDER, requester: REQUESTER, resultSigner: KEY, voucherSigner: KEY },
    ...{ rate: 0n, startFee: 0n, openBefore: 0, blocks: 50, notice: 0, prepay: 0, terms: salt, salt },
    ...money,
  }
}
