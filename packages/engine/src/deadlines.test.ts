import { LIMITS } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { PAYMENT } from './payment.ts'
import { framesOf, LeasePair, SELLER } from './testing/lease-pair.ts'

const HEAD = { number: 1, timestampSeconds: 1_000 }

/** Returns how the requester's side ended. */
function bought(pair: LeasePair): string | undefined {
  return pair.buyerEffects.flatMap((effect) => (effect.do === 'settle' ? [effect.why] : [])).at(-1)
}

/** Returns how the provider's side ended. */
function sold(pair: LeasePair): string | undefined {
  return pair.sellerEffects.flatMap((effect) => (effect.do === 'settle' ? [effect.code] : [])).at(-1)
}

describe('the requester waits no longer than', () => {
  test('two steps for the start', () => {
    const pair = new LeasePair()
    pair.pass(2 * LIMITS.negotiationMs - 100, false)
    expect(bought(pair)).toBeUndefined()
    pair.pass(100, false)
    expect(bought(pair)).toBe('the provider did not start the lease')
  })

  test('5 s in silence, and then 10 s for a way back', () => {
    const pair = new LeasePair().start()
    pair.pass(5_000, false)
    expect(pair.buyer.connected).toBe(true)
    pair.pass(100, false)
    expect(pair.buyer.connected).toBe(false)
    pair.pass(9_900, false)
    expect(bought(pair)).toBeUndefined()
    pair.pass(100, false)
    expect(bought(pair)).toBe('the provider cannot be reached')
  })

  test('30 s in silence where somebody watches, who may say earlier that it is dead', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'watched' })
    pair.pass(30_000, false)
    expect(pair.buyer.connected).toBe(true)
    pair.pass(100, false)
    expect(pair.buyer.connected).toBe(false)
    const other = new LeasePair().start()
    other.buy({ type: 'watched' })
    other.pass(3_000, false)
    other.buy({ type: 'dead', why: 'silence' })
    expect(bought(other)).toBe('silence')
  })

  test('10 s for a way back to an attempt that somebody is inside of, also where it is dead', () => {
    const pair = new LeasePair().start()
    pair.toSeller(pair.dispatch('a'))
    pair.buy({ type: 'hold', attempt: 'a', by: 1 })
    pair.buy({ type: 'dead', why: 'silence' })
    expect(pair.buyer.connected).toBe(false)
    expect(pair.buyer.inFlight.has('a')).toBe(true)
    pair.pass(10_000, false)
    expect(bought(pair)).toBe('the provider cannot be reached')
  })

  test('nothing for whom others reach: it dials, and what is dead is left to that', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'unheard' })
    expect(pair.buyer.connected).toBe(false)
    expect(pair.buyerEffects).toContainEqual({ do: 'hang-up', why: 'others reach the provider' })
    pair.buy({ type: 'dead', why: 'silence' })
    expect(bought(pair)).toBeUndefined()
  })

  test('5 s for the signature under a close', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'close' })
    pair.pass(4_900, false)
    expect(bought(pair)).toBeUndefined()
    pair.pass(100, false)
    expect(bought(pair)).toBe('the provider did not sign the close')
  })

  test('the drain that was announced, with work or without', () => {
    const pair = new LeasePair().start()
    pair.toSeller(pair.dispatch('a'))
    pair.toBuyer(pair.sell({ type: 'drain', seconds: 3_600 }))
    pair.pass(5_000)
    expect(pair.buyer.purchase.phase).toBe('draining')
    pair.toBuyer(pair.sell({ type: 'failed', attempt: 'a', code: 'internal', message: '' }))
    pair.pass(1_000)
    expect(bought(pair)).toBe('closed')
    expect(pair.buyer.purchase.agreement?.peer).not.toBeNull()
  })

  test('openBefore again for an opening that fell out of the chain', () => {
    const pair = new LeasePair({ openBefore: 1_100 }).start()
    pair.sell({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    pair.sell({ type: 'head', head: { number: 3, timestampSeconds: 1_101 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBeUndefined()
    pair.sell({ type: 'unopened' })
    pair.sell({ type: 'head', head: { number: 4, timestampSeconds: 1_102 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBe('not-opened')
  })

  test('the last block of the lease', () => {
    const pair = new LeasePair({ blocks: 5 }).start()
    pair.buy({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    pair.buy({ type: 'head', head: { number: 5, timestampSeconds: 1_010 } })
    pair.pass(1_000)
    expect(bought(pair)).toBe('closed')
  })

  test('for the close of a lease that it takes up again', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'close' })
    expect(pair.buyer.closeByMs).not.toBeNull()
  })
})

describe('the provider waits no longer than', () => {
  test('60 s for a requester that is away', () => {
    const pair = new LeasePair().start()
    pair.sell({ type: 'disconnected' })
    pair.pass(60_000, false)
    expect(sold(pair)).toBeUndefined()
    pair.pass(100, false)
    expect(sold(pair)).toBe('requester-lost')
  })

  test('the same of the time in which it hears anybody at all', () => {
    const pair = new LeasePair().start()
    const pass = (ms: number, deaf: boolean) => {
      for (const end = pair.nowMs + ms; pair.nowMs < end; ) {
        pair.nowMs += 100
        pair.sell({ type: 'tick', deaf })
      }
    }
    pass(4_000, false)
    pass(10_000, true)
    pass(1_000, false)
    expect(pair.seller.connected).toBe(true)
    pass(100, false)
    expect(pair.seller.connected).toBe(false)
    expect(sold(pair)).toBeUndefined()
  })

  test('60 s, of which those in which it hears nobody do not count', () => {
    const pair = new LeasePair().start()
    pair.sell({ type: 'disconnected' })
    for (let i = 0; i < 100; i++) {
      pair.nowMs += 100
      pair.sell({ type: 'tick', deaf: true })
    }
    pair.pass(60_000, false)
    expect(sold(pair)).toBeUndefined()
    pair.pass(100, false)
    expect(sold(pair)).toBe('requester-lost')
  })

  test('60 s beyond ten seconds on a lease in which it hears nobody', () => {
    const pair = new LeasePair().start()
    const pass = (ms: number) => {
      for (const end = pair.nowMs + ms; pair.nowMs < end; ) {
        pair.nowMs += 100
        pair.sell({ type: 'tick', deaf: true })
      }
    }
    pair.sell({ type: 'disconnected' })
    pass(7_000)
    // Being heard in between gives none of it back.
    pair.seller.connected = true
    pair.sell({ type: 'disconnected' })
    expect(pair.seller.deafMs).toBe(0)
    pass(63_000)
    expect(sold(pair)).toBeUndefined()
    pass(100)
    expect(sold(pair)).toBe('requester-lost')
  })

  test('5 s of silence since it read last: what came while it stood still is read first', () => {
    const pair = new LeasePair().start()
    pair.nowMs += 20_000
    expect(pair.sell({ type: 'tick' }).map((effect) => effect.do)).not.toContain('hang-up')
    pair.pass(5_000, false)
    expect(pair.seller.connected).toBe(true)
    pair.pass(100, false)
    expect(pair.seller.connected).toBe(false)
  })

  test('the grace for vouchers that stop', () => {
    const pair = new LeasePair()
    for (let i = 0; i < 500 && sold(pair) === undefined; i++) {
      pair.nowMs += 100
      pair.seller.heardAtMs = pair.nowMs
      pair.sell({ type: 'tick' })
    }
    expect(sold(pair)).toBe('payment-stopped')
    const most = PAYMENT.unsecuredSeconds * 1000 + PAYMENT.graceMs + 3 * LIMITS.beatMs
    expect(pair.nowMs).toBeGreaterThan(PAYMENT.graceMs)
    expect(pair.nowMs).toBeLessThanOrEqual(most)
  })

  test('the same from when it sees the chain again, where nobody knows whether the lease is open', () => {
    const pair = new LeasePair()
    const pass = (ms: number, blind: boolean) => {
      for (const end = pair.nowMs + ms; pair.nowMs < end && sold(pair) === undefined; ) {
        pair.nowMs += 100
        pair.seller.heardAtMs = pair.nowMs
        pair.sell({ type: 'tick', blind })
      }
    }
    pass(10 * PAYMENT.graceMs, true)
    expect(sold(pair)).toBeUndefined()
    pass(PAYMENT.graceMs, false)
    expect(sold(pair)).toBeUndefined()
    pass(100, false)
    expect(sold(pair)).toBe('payment-stopped')
  })

  test('the grace without a chain, too, once it knows that the lease is open', () => {
    const pair = new LeasePair()
    pair.sell({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    for (let i = 0; i < 500 && sold(pair) === undefined; i++) {
      pair.nowMs += 100
      pair.seller.heardAtMs = pair.nowMs
      pair.sell({ type: 'tick', blind: true })
    }
    expect(sold(pair)).toBe('payment-stopped')
  })

  test('openBefore for the opening', () => {
    const pair = new LeasePair({ openBefore: 1_100 }).start()
    pair.sell({ type: 'head', head: { number: 2, timestampSeconds: 1_100 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBeUndefined()
    pair.sell({ type: 'head', head: { number: 3, timestampSeconds: 1_101 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBeUndefined()
    pair.sell({ type: 'head', head: { number: 4, timestampSeconds: 1_102 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBe('not-opened')
  })

  test('for an opening of which it hears only after a chain that was away', () => {
    const pair = new LeasePair({ openBefore: 1_100 }).start()
    pair.sell({ type: 'head', head: { number: 70, timestampSeconds: 1_160 } })
    pair.sell({ type: 'tick' })
    pair.sell({ type: 'opened', block: 2, timestampSeconds: 1_001 })
    pair.sell({ type: 'head', head: { number: 71, timestampSeconds: 1_161 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBeUndefined()
  })

  test('the last block of the lease', () => {
    const pair = new LeasePair({ blocks: 5 }).start()
    pair.sell({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    pair.sell({ type: 'head', head: { ...HEAD, number: 6 } })
    pair.sell({ type: 'tick' })
    expect(sold(pair)).toBe('expired')
  })

  test('its own drain', () => {
    const pair = new LeasePair().start()
    pair.toSeller(pair.dispatch('a'))
    pair.toBuyer(pair.sell({ type: 'drain', seconds: 3 }))
    pair.pass(2_900)
    expect(sold(pair)).toBeUndefined()
    pair.pass(100)
    expect(sold(pair)).toBe('drained')
    expect(bought(pair)).toBe('drained')
  })

  test('a second with the sync of a voucher', () => {
    const pair = new LeasePair().start()
    pair.pass(100)
    expect(pair.seller.voucher).not.toBeNull()
    pair.sellerEffects.length = 0
    pair.pass(900, false)
    const synced = pair.sellerEffects.filter(
      (effect) => effect.do === 'persist' && effect.durability === 'synced',
    )
    expect(synced.length).toBe(1)
  })
})

test('a provider pauses what service is not covered for, and goes on when it is', () => {
  const pair = new LeasePair()
  for (let i = 0; i < 80; i++) {
    pair.nowMs += 100
    pair.seller.heardAtMs = pair.nowMs
    pair.sell({ type: 'tick' })
  }
  expect(pair.seller.pausedMs).not.toBeNull()
  const served = pair.seller.service.servedMs
  pair.start()
  const paused = pair.toSeller(pair.dispatch('a'))
  expect(paused.some((effect) => effect.do === 'execute')).toBe(false)
  pair.pass(2_000)
  expect(pair.sellerEffects.some((effect) => effect.do === 'execute')).toBe(true)
  expect(pair.seller.pausedMs).toBeNull()
  // The pause itself was no service.
  expect(pair.seller.service.servedMs - served).toBeLessThan(2_500)
})

test('beats say which run of which process they come from', () => {
  const pair = new LeasePair().start()
  pair.nowMs = 500
  const [beat] = framesOf(pair.sell({ type: 'tick' }))
  expect(beat).toMatchObject({ t: 'beat', boot: SELLER.boot, n: 1 })
})
