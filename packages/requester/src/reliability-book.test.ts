import { type Hex, toHex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReliabilityBook } from './reliability-book.ts'
import type { Happening } from './reliability-evidence.ts'
import { uptimeEvidence } from './reliability-uptime.ts'

const FOR_MS = 600_000
const KINDS = [
  'finished',
  'lost',
  'left',
  'degraded',
  'verified',
  'unchecked',
  'failed',
  'convicted',
] as const
const BAD = ['lost', 'left', 'degraded', 'failed', 'convicted'] as const

function hex(byte: number): Hex {
  return toHex(new Uint8Array(20).fill(byte))
}

function party(account: number, subject = account) {
  return { account: hex(account), subject: hex(subject) }
}

function seen(kind: Happening['kind'], ageMs = 600_000): Happening {
  return { kind, ageMs } as Happening
}

function bookAt(journal = createMemoryJournal(), most?: number) {
  const time = { nowMs: 1_000_000 }
  const onProblem = (_: string, error: unknown) => {
    throw error
  }
  const bound = most === undefined ? {} : { most }
  const book = new ReliabilityBook({ journal, dateMs: () => time.nowMs, onProblem, ...bound })
  return { book, journal, time }
}

describe('the book of reliability', () => {
  it('counts what was seen, and has it after a restart', async () => {
    const { book, journal } = bookAt()
    for (const kind of KINDS) book.note(party(1), seen(kind))
    book.note(party(1), seen('verified'))
    await book.close()
    const next = bookAt(journal).book
    await next.load()
    expect(next.score(party(1), FOR_MS)).toEqual(book.score(party(1), FOR_MS))
    expect(next.score(party(1), FOR_MS).evidence).toMatchObject({
      leases: { finished: 1, lost: 1, left: 1, degraded: 1 },
      results: { verified: 2, unchecked: 1, failed: 1, convicted: 1 },
    })
  })

  it('gives everybody whom nobody has seen the same bounds, neither nothing nor everything', () => {
    const { book, time } = bookAt()
    const score = book.score(party(1), FOR_MS)
    time.nowMs += 86_400_000
    expect(book.score(party(2), FOR_MS)).toEqual(score)
    expect(score.overall).toBeGreaterThan(0.05)
    expect(score.overall).toBeLessThan(0.5)
  })

  it('believes who did well more than a newcomer, and who did not less', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BAD), fc.integer({ min: 20, max: 60 }), (bad, times) => {
        const { book } = bookAt()
        for (let i = 0; i < times; i++) {
          book.note(party(1), seen('finished', 3_600_000))
          book.note(party(1), seen('verified'))
          book.note(party(2), seen(bad, 1_000))
        }
        const [good, fresh, worse] = [1, 3, 2].map((one) => book.score(party(one), FOR_MS).overall)
        expect(good).toBeGreaterThan(fresh ?? 1)
        expect(worse).toBeLessThan(fresh ?? 0)
      }),
      { numRuns: 30 },
    )
  })

  it('holds a wrong result against every process of an account, and an outage against the one', () => {
    const { book } = bookAt()
    book.note(party(1, 11), seen('convicted'))
    book.note(party(1, 11), seen('lost', 1_000))
    const [sibling, stranger] = [book.score(party(1, 12), FOR_MS), book.score(party(2), FOR_MS)]
    expect(sibling.correctness).toBeLessThan(stranger.correctness)
    expect(sibling.availability).toBe(stranger.availability)
    expect(book.score(party(1, 11), FOR_MS).availability).toBeLessThan(stranger.availability)
  })

  it('knows accounts that it had a lease of which lasted', () => {
    const { book } = bookAt()
    book.note(party(1), seen('finished'))
    book.note(party(2), seen('lost'))
    expect([1, 2, 3].map((one) => book.knows(hex(one)))).toEqual([true, false, false])
  })

  it('keeps no more processes than it may: who was not seen for longest goes, from the journal, too', async () => {
    const { book, journal } = bookAt(createMemoryJournal(), 2)
    for (const one of [1, 2, 1, 3]) book.note(party(one), seen('finished'))
    await book.close()
    expect([1, 2, 3].map((one) => book.knows(hex(one)))).toEqual([true, false, true])
    const next = bookAt(journal).book
    await next.load()
    expect([1, 2, 3].map((one) => next.knows(hex(one)))).toEqual([true, false, true])
  })

  it('takes proofs of GPUs for claims that were true or not', () => {
    const { book } = bookAt()
    const last = { atMs: 0, gpu: 'GPU-1', code: 'proven' as const, ms: 5, marks: [], why: '' }
    const [before, proofs] = [book.score(party(1), FOR_MS), { last, avoidedUntilMs: 0 }]
    book.sources.proofsOf = ({ account }) => {
      const isGood = account === party(1).account
      return { ...proofs, proven: isGood ? 9 : 0, failed: isGood ? 0 : 1 }
    }
    expect(book.score(party(1), FOR_MS).truthfulness).toBeGreaterThan(before.truthfulness)
    expect(book.score(party(2), FOR_MS).truthfulness).toBeLessThan(before.truthfulness)
  })
})

describe('uptime that watchers proved', () => {
  const proven = { subject: hex(1), unknownSlots: 0, atMs: 1_000_000 }
  const scoreWith = (upSlots: number, downSlots: number, lies = 0) => {
    const { book } = bookAt()
    book.sources.uptime = { slotMs: 60_000, of: () => ({ ...proven, upSlots, downSlots, lies }) }
    return book.score(party(1), FOR_MS)
  }

  it('lifts the bound of availability by time up, lowers it by slots down, and a lie that of truth', () => {
    const none = scoreWith(0, 0)
    expect(scoreWith(2_000, 0).availability).toBeGreaterThan(none.availability)
    expect(scoreWith(2_000, 40).availability).toBeLessThan(scoreWith(2_000, 0).availability)
    expect(scoreWith(0, 0, 1).truthfulness).toBeLessThan(none.truthfulness)
    expect(scoreWith(2_000, 40).evidence.uptime).toEqual({ upSlots: 2_000, downSlots: 40, unknownSlots: 0 })
  })

  it('is bounded, whatever a book says', () => {
    const endless = { ...proven, upSlots: 2 ** 40, downSlots: 2 ** 40, lies: 2 ** 40 }
    expect(uptimeEvidence(endless, 60_000).length).toBeLessThan(1_100)
  })
})
