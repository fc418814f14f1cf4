import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClockBook, judgeClock } from './health-clock.ts'

const MINUTE = 60_000
const DATE = 1_800_000_000_000

/** A machine whose date can be set, and others whose is right. */
function machine() {
  let monotonicMs = 0
  let wrongMs = 0
  let block = 0
  const now = () => ({ monotonicMs, dateMs: DATE + monotonicMs + wrongMs })
  const book = new ClockBook(now())
  return {
    book,
    wait(ms: number) {
      monotonicMs += ms
    },
    set(ms: number) {
      wrongMs = ms
    },
    look: () => book.look(now()),
    head(lateMs = 0) {
      block += 1
      book.head({ number: block, timestampSeconds: Math.floor((DATE + monotonicMs - lateMs) / 1_000) }, now())
    },
    announce: (peer: string, lateMs = 0) => book.heard(peer, DATE + monotonicMs - lateMs, now()),
    level: (before: 'ok' | 'degraded' | 'failing' = 'ok') =>
      judgeClock(before, book.reading(monotonicMs)).level,
    reading: () => book.reading(monotonicMs),
  }
}

describe('the clock', () => {
  test('is well while both clocks go alike, however rarely they are looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10 * MINUTE)), (pauses) => {
        const one = machine()
        for (const ms of pauses) {
          one.wait(ms)
          one.look()
        }
        expect(one.level()).toBe('ok')
      }),
    )
  })

  test('has jumped, and is well again once it was steady', () => {
    const one = machine()
    one.set(7_200_000)
    one.wait(5_000)
    one.look()
    expect(one.reading().jumpMs).toBe(7_200_000)
    expect(one.level()).toBe('degraded')
    one.wait(MINUTE)
    one.look()
    expect(one.level('degraded')).toBe('ok')
  })

  test('is wrong where each new block says so, and one that comes late does not', () => {
    const one = machine()
    one.head()
    for (const late of [300_000, 2_000, 200_000]) {
      one.wait(12_000)
      one.head(late)
    }
    expect(one.level()).toBe('ok')
    one.set(-3 * MINUTE)
    one.wait(5_000)
    one.look()
    one.wait(MINUTE)
    one.head(1_000)
    one.head(2_000)
    expect(one.level()).toBe('failing')
    expect(one.reading().aheadOfChainMs).toBeLessThan(-2 * MINUTE)
  })

  test('is not judged by the first block, which may be old', () => {
    const one = machine()
    one.head(3_600_000)
    expect(one.reading().aheadOfChainMs).toBeNull()
  })

  test('is wrong where most peers say so, and neither few nor one announcement of each are heard', () => {
    const one = machine()
    one.set(10 * MINUTE)
    one.wait(5_000)
    one.look()
    one.wait(2 * MINUTE)
    for (const peer of ['a', 'b']) for (const late of [0, 0]) one.announce(peer, late)
    one.announce('c')
    expect(one.level()).toBe('ok')
    one.announce('c')
    expect(one.level()).toBe('failing')
    expect(one.reading().aheadOfPeersMs).toBe(10 * MINUTE)
  })

  test('is right where the chain says so, whatever peers say', () => {
    const one = machine()
    one.head()
    one.head()
    for (const peer of ['a', 'b', 'c', 'd']) for (const _ of [1, 2]) one.announce(peer, 2 * 60 * MINUTE)
    expect(one.reading().aheadOfPeersMs).toBe(2 * 60 * MINUTE)
    expect(one.level()).toBe('ok')
  })

  test('is not set by a minority of peers, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e12, max: 1e12 }), { maxLength: 4 }), (lies) => {
        const one = machine()
        for (const [i, ms] of lies.entries()) for (const _ of [1, 2]) one.announce(`liar ${i}`, ms)
        for (let i = 0; i <= lies.length; i++) {
          one.announce(`peer ${i}`, 600_000)
          one.announce(`peer ${i}`)
        }
        expect(one.level()).toBe('ok')
      }),
    )
  })

  test('forgets what others said before it jumped, and what is old', () => {
    const one = machine()
    one.head()
    one.head(10 * MINUTE)
    expect(one.level()).toBe('failing')
    one.wait(20 * MINUTE)
    expect(one.level()).toBe('ok')
    one.head(10 * MINUTE)
    one.set(10_000)
    one.look()
    expect(one.reading().aheadOfChainMs).toBeNull()
  })
})
