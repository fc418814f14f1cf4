import {
  type FrameOf,
  type Hex,
  LIMITS,
  type Quote,
  type Resources,
  type Terms,
  termsDigest,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkHold, earnestOf, MOST_HOLDS, makeHoldQuote, refuseClaim, takeHold } from './hold.ts'
import { type Cover, capacityFor, type Host, newHost, passTime, release, secured, take } from './host.ts'
import { claimable, leasesAmong, overdue } from './host-holds.ts'
import { makeQuote, type SellingPolicy } from './quoting.ts'
import { refuseAccept } from './refuse-accept.ts'
import { contextOf, numbered } from './testing/parties.ts'

const BUYER = contextOf(1, 1).signer.address
const SELLER = contextOf(2, 1).signer.address
const HEAD = { number: 1, timestampSeconds: 1_000 }
const COVER: Cover = { lockable: 10n ** 30n, authorised: true }
const NOW = 1_000_000
const TOTAL: Resources = {
  millicores: 8_000,
  memoryBytes: 8 * 2 ** 30,
  diskBytes: 1_000,
  gpus: ['a', 'b'].map((id) => ({ id, family: 'nvidia', model: 'H200', vramBytes: 1 })),
}
const POLICY: SellingPolicy = {
  ...{ account: SELLER, subject: SELLER, blockSeconds: 2, slotSeconds: 2, bondSeconds: 60 },
  prices: { startFee: 1n, coreSecondE12: 10n ** 15n, gibSecondE12: 10n ** 14n, gpuSecondE12: 10n ** 16n },
  ...{ resultBondSeconds: 30, prepaySeconds: 10, noticeBlocks: 1 },
}

interface Wish {
  readonly millicores: number
  readonly gpus: number
}

function demandOf({ millicores, gpus }: Wish, seconds: number): FrameOf<'demand'>['demand'] {
  const gpu = gpus === 0 ? null : { count: gpus, family: 'nvidia' as const, model: '*', vramBytes: 0 }
  return {
    resources: { millicores, memoryBytes: millicores * 2 ** 15, diskBytes: 0, gpu },
    ...{ runtime: 'wasm/1', network: 'none', region: null, maxRoundTripMs: null, maxRateE12: null },
    durationSeconds: Math.min(seconds, LIMITS.leaseSeconds),
  }
}

function reserveFrame(wish: Wish, from: number, seconds: number): FrameOf<'reserve'> {
  const parties = { requester: BUYER, voucherSigner: BUYER }
  return { t: 'reserve', demand: demandOf(wish, seconds), ...parties, from, seconds }
}

/** Makes and takes a reservation; `undefined` where the provider refuses. */
function reserve(host: Host, salt: number, wish: Wish, from: number, seconds: number): Hex | undefined {
  const made = makeHoldQuote(POLICY, host, reserveFrame(wish, from, seconds), HEAD, numbered(salt, 32))
  if ('code' in made) return undefined
  const lease = numbered(salt, 32)
  expect(refuseAccept(host, POLICY, lease, made.quote, made.terms, COVER, HEAD)).toBeUndefined()
  takeHold(host, lease, made.quote, made.terms)
  secured(host, lease)
  return lease
}

/** Leases, of a reservation where one is named; `undefined` where the provider refuses. */
function lease(host: Host, salt: number, wish: Wish, seconds: number, of: Hex | null): Hex | undefined {
  const parties = { requester: BUYER, voucherSigner: BUYER }
  const request = { t: 'demand' as const, demand: demandOf(wish, seconds), ...parties, predecessor: of }
  const made = makeQuote(POLICY, capacityFor(host, parties, of), request, HEAD, numbered(salt, 32))
  if ('code' in made) return undefined
  const name = numbered(salt, 32)
  if (refuseAccept(host, POLICY, name, made.quote, made.terms, COVER, HEAD) !== undefined) return undefined
  take(host, name, made.quote, made.terms, seconds)
  secured(host, name)
  return name
}

const seconds = fc.integer({ min: 1, max: 3_600 })
const wish = fc.record({
  millicores: fc.integer({ min: 10, max: 8_000 }),
  gpus: fc.integer({ min: 0, max: 2 }),
})
const step = fc.oneof(
  fc.record({
    do: fc.constant('reserve' as const),
    wish,
    ahead: fc.integer({ min: 0, max: 9_000 }),
    seconds,
  }),
  fc.record({ do: fc.constant('lease' as const), wish, seconds }),
  fc.record({ do: fc.constant('claim' as const), wish, seconds, at: fc.nat(8) }),
  fc.record({ do: fc.constant('release' as const), at: fc.nat(8) }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 2_000 }) }),
)

describe('the books of a provider with reservations', () => {
  test('never sell what is kept: every reservation is there in its time, and all fits into the machine', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const host = newHost(TOTAL)
        passTime(host, NOW)
        for (const [salt, one] of steps.entries()) {
          act(host, salt + 1, one)
          expectHonest(host)
        }
      }),
    )
  })

  test('are as they were when all is over', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    const kept = reserve(host, 1, { millicores: 8_000, gpus: 2 }, NOW + 100, 600)
    expect(host.free).toMatchObject({ millicores: 0, gpus: [] })
    release(host, kept ?? '0x')
    expect(host.free).toEqual(TOTAL)
  })

  test('sell now what is reserved for a time beyond the longest lease, and not what is reserved before', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    reserve(host, 1, { millicores: 8_000, gpus: 0 }, NOW + 10_000, 600)
    expect(host.free.millicores).toBe(8_000)
    const sold = lease(host, 2, { millicores: 8_000, gpus: 0 }, 3_600, null)
    expect(sold).toBeDefined()
    release(host, sold ?? '0x')
    expect(passTime(host, NOW + 6_500)).toBe(true)
    expect(host.free.millicores).toBe(0)
  })

  test('reserve over a lease that ends before, and not over one that does not', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    lease(host, 1, { millicores: 8_000, gpus: 0 }, 60, null)
    expect(reserve(host, 2, { millicores: 100, gpus: 0 }, NOW + 300, 600)).toBeUndefined()
    expect(reserve(host, 3, { millicores: 8_000, gpus: 0 }, NOW + 1_000, 600)).toBeDefined()
    expect(reserve(host, 4, { millicores: 100, gpus: 0 }, NOW + 1_100, 60)).toBeUndefined()
  })

  test('name a lease that stays too long as soon as it is in the way of a reservation', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    const late = lease(host, 1, { millicores: 8_000, gpus: 0 }, 60, null)
    reserve(host, 2, { millicores: 8_000, gpus: 0 }, NOW + 1_000, 600)
    passTime(host, NOW + 999)
    expect(overdue(host)).toEqual([])
    passTime(host, NOW + 1_000)
    expect(overdue(host)).toEqual([late])
  })

  test('tell what is leased and what is reserved of what is not free', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    lease(host, 1, { millicores: 1_000, gpus: 1 }, 900, null)
    reserve(host, 2, { millicores: 2_000, gpus: 1 }, NOW + 1_000, 600)
    const { leased, reserved } = leasesAmong(host)
    expect([host.free.millicores, leased.millicores, reserved.millicores]).toEqual([5_000, 1_000, 2_000])
    expect([host.free.gpus.length, leased.gpus.length, reserved.gpus.length]).toEqual([0, 1, 1])
  })

  test('give a reservation to nobody else, and only so much of it as it has', () => {
    const host = newHost(TOTAL)
    passTime(host, NOW)
    const kept = reserve(host, 1, { millicores: 8_000, gpus: 0 }, NOW, 600) ?? null
    expect(lease(host, 2, { millicores: 10, gpus: 0 }, 60, null)).toBeUndefined()
    const stranger = { requester: SELLER, voucherSigner: SELLER }
    expect(capacityFor(host, stranger, kept).millicores).toBe(0)
    expect(lease(host, 3, { millicores: 5_000, gpus: 0 }, 60, kept)).toBeDefined()
    expect(lease(host, 4, { millicores: 5_000, gpus: 0 }, 60, kept)).toBeUndefined()
    expect(lease(host, 5, { millicores: 3_000, gpus: 0 }, 60, kept)).toBeDefined()
  })

  test('take no more reservations than they say', () => {
    const host = newHost({ ...TOTAL, millicores: 10_000_000, diskBytes: 10_000, memoryBytes: 2 ** 40 })
    passTime(host, NOW)
    for (let salt = 1; salt <= MOST_HOLDS; salt++) {
      expect(reserve(host, salt, { millicores: 10, gpus: 0 }, NOW + 10, 60)).toBeDefined()
    }
    expect(reserve(host, MOST_HOLDS + 1, { millicores: 10, gpus: 0 }, NOW + 10, 60)).toBeUndefined()
  })
})

describe('the quote of a reservation', () => {
  const request = reserveFrame({ millicores: 1_000, gpus: 0 }, NOW + 7_200, 600)
  const made = quoted(request)
  const expected = {
    ...{ request, provider: SELLER, subject: SELLER, prices: POLICY.prices, maxFee: null },
    ...{ blockSeconds: 2, head: HEAD, nowSeconds: NOW },
  }

  test('bounds what either side can lose', () => {
    const { quote, terms } = made
    expect(quote).toMatchObject({ rate: 0n, prepay: 0, resultBond: 0n, deposit: quote.startFee })
    // A tenth of what 600 s would cost, and the 3,960 s in which no lease could end before: 1.00305… a second.
    expect(quote.startFee).toBe(457_392n)
    expect(earnestOf(quote) * 2n - quote.startFee).toBeLessThan(2n)
    expect(terms.hold).toEqual({
      ...{ from: NOW + 7_200, claimBy: NOW + 7_200 + LIMITS.claimSeconds, until: NOW + 7_800 },
      prices: POLICY.prices,
    })
    expect(() => checkHold(expected, quote, terms)).not.toThrow()
  })

  test.each<[string, Partial<Quote>]>([
    ['rate', { rate: 1n }],
    ['startFee', { startFee: 10n ** 9n, deposit: 10n ** 9n }],
    ['deposit', { deposit: made.quote.startFee + 1n }],
    ['bond', { bond: 0n }],
    ['blocks', { blocks: 1 }],
    ['provider', { provider: BUYER }],
    ['openBefore', { openBefore: HEAD.timestampSeconds }],
  ])('with another %s is not taken', (field, change) => {
    const check = () => checkHold(expected, { ...made.quote, ...change }, made.terms)
    expect(check).toThrow(expect.objectContaining({ data: { code: 'BAD_QUOTE', field } }))
  })

  test('with other times or prices is not taken, nor above what the user would pay', () => {
    const { hold, ...rest } = made.terms
    if (hold === undefined) throw new Error('a reservation has terms of one')
    const changed = (field: string, terms: Terms) => {
      const check = () => checkHold(expected, { ...made.quote, terms: termsDigest(terms) }, terms)
      expect(check).toThrow(expect.objectContaining({ data: { code: 'BAD_QUOTE', field } }))
    }
    changed('hold', rest)
    changed('hold', { ...rest, hold: { ...hold, until: hold.until - 1 } })
    changed('claimBy', { ...rest, hold: { ...hold, claimBy: hold.from + 1 } })
    changed('prices', { ...rest, hold: { ...hold, prices: { ...hold.prices, coreSecondE12: 10n ** 18n } } })
    expect(() => checkHold({ ...expected, maxFee: 1n }, made.quote, made.terms)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_QUOTE', field: 'startFee' } }),
    )
  })

  test.each([
    ['expired', NOW - 60],
    ['duration-too-long', NOW + LIMITS.reserveAheadSeconds + 1],
  ])('is refused as %s', (code, from) => {
    expect(quotedOr(reserveFrame({ millicores: 1_000, gpus: 0 }, from, 60))).toMatchObject({ code })
  })

  test('lets leases in from its begin to its end alone, and none beyond it', () => {
    const { hold } = made.terms
    if (hold === undefined) throw new Error('a reservation has terms of one')
    expect(refuseClaim(hold, hold.from - 6, 60)).toMatchObject({ code: 'expired' })
    expect(refuseClaim(hold, hold.from, 600)).toBeUndefined()
    expect(refuseClaim(hold, hold.from + 100, 600)).toMatchObject({ code: 'duration-too-long' })
    expect(refuseClaim(hold, hold.until, 1)).toMatchObject({ code: 'expired' })
  })
})

function quotedOr(request: FrameOf<'reserve'>) {
  const host = newHost(TOTAL)
  passTime(host, NOW)
  return makeHoldQuote(POLICY, host, request, HEAD, numbered(1, 32))
}

function quoted(request: FrameOf<'reserve'>): { quote: Quote; terms: Terms } {
  const made = quotedOr(request)
  if ('code' in made) throw new Error(made.message)
  return made
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function act(host: Host, salt: number, one: Step): void {
  const held = [...host.held]
  switch (one.do) {
    case 'reserve':
      reserve(host, salt, one.wish, host.nowSeconds + one.ahead, one.seconds)
      return
    case 'lease':
      lease(host, salt, one.wish, one.seconds, null)
      return
    case 'claim': {
      const [id, holding] = held[one.at % Math.max(1, held.length)] ?? []
      const hold = holding?.hold ?? null
      if (id === undefined || hold === null) return
      if (refuseClaim(hold, host.nowSeconds, one.seconds) === undefined)
        lease(host, salt, one.wish, one.seconds, id)
      return
    }
    case 'release': {
      const [id] = held[one.at % Math.max(1, held.length)] ?? []
      if (id !== undefined) release(host, id)
      return
    }
    case 'pass':
      passTime(host, host.nowSeconds + one.seconds)
      for (const [id, { untilSeconds }] of held) if (untilSeconds <= host.nowSeconds) release(host, id)
  }
}

/** Counts again, slowly: at each moment from now on, what is leased and kept fits into the machine. */
function expectHonest(host: Host): void {
  const all = [...host.held]
  const unclaimed = (id: Hex, amount: (of: Resources) => number) => {
    const own = host.held.get(id)
    const claimed = all
      .filter(([, { of }]) => of === id)
      .reduce((sum, [, { resources }]) => sum + amount(resources), 0)
    return own === undefined ? 0 : amount(own.resources) - claimed
  }
  const moments = [host.nowSeconds, ...all.flatMap(([, { hold }]) => hold?.from ?? [])]
  for (const at of moments.filter((moment) => moment >= host.nowSeconds)) {
    for (const amount of [(of: Resources) => of.millicores, (of: Resources) => of.gpus.length]) {
      const taken = all.map(([id, { hold, untilSeconds, resources }]) => {
        if (hold === null) return untilSeconds > at ? amount(resources) : 0
        return hold.from <= at && at < hold.until ? unclaimed(id, amount) : 0
      })
      expect(taken.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(amount(TOTAL))
    }
  }
  for (const [id, { hold }] of all) {
    if (hold === null || host.nowSeconds < hold.from || host.nowSeconds >= hold.until) continue
    expect(claimable(host, id).millicores).toBe(unclaimed(id, (of) => of.millicores))
    expect(claimable(host, id).gpus).toHaveLength(unclaimed(id, (of) => of.gpus.length))
  }
}
