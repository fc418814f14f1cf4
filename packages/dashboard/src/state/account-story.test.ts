import type { EscrowEvent } from '@souk/settlement'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keysOfOpenLeases, lockedInAll, penaltyOf, stageOf, tellStory } from './account-story.ts'
import { describeEvent } from './event-words.ts'
import { leaseName, NETWORK, OTHER, place, quoteOf, SELF } from './events.fixture.ts'

/** One lease's life in numbers. */
interface Life {
  buying: boolean
  redeemed: number
  slots: number
  seized: boolean
  rest: number
  closes: boolean
}

const lives = fc.array(
  fc.record<Life>({
    buying: fc.boolean(),
    redeemed: fc.nat(500),
    slots: fc.nat(5),
    seized: fc.boolean(),
    rest: fc.nat(500),
    closes: fc.boolean(),
  }),
  { maxLength: 8 },
)

/** The escrow's own bookkeeping of one account, done the slow way, and the events it would tell. */
function playOut(all: readonly Life[]): { events: EscrowEvent[]; free: bigint; locked: bigint } {
  const events: EscrowEvent[] = [{ kind: 'deposited', account: SELF, amount: 20_000n }]
  let [free, locked] = [20_000n, 0n]
  for (const [number, life] of all.entries()) {
    const lease = leaseName(number + 1)
    const quote = quoteOf(life.buying)
    const { provider, requester, deposit, bond, resultBond } = quote
    const [redeemed, rest] = [BigInt(life.redeemed), BigInt(life.rest)]
    const ours = life.buying ? deposit : bond + resultBond
    const penalty = [BigInt(life.slots) * quote.slotPenalty, bond].reduce((a, b) => (a < b ? a : b))
    free -= ours
    locked += ours
    events.push({ kind: 'opened', lease, provider, requester, quote })
    events.push({ kind: 'redeemed', lease, provider, amount: redeemed, paid: redeemed })
    if (life.buying) locked -= redeemed
    else free += redeemed
    events.push({ kind: 'downAdjusted', lease, change: BigInt(life.slots), downSlots: life.slots })
    if (life.seized) events.push({ kind: 'seized', lease, amount: resultBond })
    if (life.seized && !life.buying) locked -= resultBond
    if (!life.closes) continue
    const [paid, toRequester] = [redeemed + rest, penalty / 2n]
    const amounts = { paid, refund: deposit - paid, toRequester, toBurn: penalty - toRequester }
    events.push({ kind: 'closed', lease, provider, requester, ...amounts })
    if (life.buying) {
      locked -= deposit - redeemed
      free += deposit - paid + toRequester
    } else {
      const bonds = bond + (life.seized ? 0n : resultBond)
      locked -= bonds
      free += bonds - penalty + rest
    }
  }
  return { events, free, locked }
}

describe('an account', () => {
  test('has locked what its leases hold, and the changes told add up to all it has', () => {
    fc.assert(
      fc.property(lives, (all) => {
        const { events, free, locked } = playOut(all)
        const story = tellStory(place(events), SELF)
        expect(lockedInAll(story)).toBe(locked)
        const told = events.map((event) => {
          const lease = 'lease' in event ? story.leases.get(event.lease) : undefined
          return describeEvent(event, SELF, lease, NETWORK).change
        })
        expect(told.reduce((sum, change) => sum + change, 0n)).toBe(free + locked)
      }),
    )
  })

  test('remembers each key it ever authorised once, and no key of others', () => {
    const set = { kind: 'delegateSet', limit: 1n, expiry: 9 } as const
    const [a, b] = [leaseName(1), leaseName(2)]
    const events: EscrowEvent[] = [
      { ...set, account: SELF, key: a },
      { ...set, account: SELF, key: b },
      { ...set, account: SELF, key: a, expiry: 0 },
      { ...set, account: OTHER, key: SELF },
    ]
    expect(tellStory(place(events), SELF).delegates).toEqual([a, b])
  })
})

describe('a lease', () => {
  const quote = quoteOf(true)
  const opened: EscrowEvent = { kind: 'opened', lease: leaseName(1), provider: OTHER, requester: SELF, quote }

  test('runs for its blocks, unless it is ended earlier', () => {
    const lease = (events: EscrowEvent[]) => {
      const story = tellStory(place(events), SELF).leases.get(leaseName(1))
      if (story === undefined) throw new Error('it was opened')
      return story
    }
    expect(stageOf(lease([opened]), 59)).toBe('open')
    expect(stageOf(lease([opened]), 60)).toBe('ended')
    const ending: EscrowEvent = { kind: 'ending', lease: leaseName(1), endBlock: 20, byRequester: true }
    expect(stageOf(lease([opened, ending]), 20)).toBe('ended')
  })

  test('costs its provider no more than the bond', () => {
    expect(penaltyOf({ quote, downSlots: 2 })).toBe(300n)
    expect(penaltyOf({ quote, downSlots: 200 })).toBe(400n)
  })

  test('keeps its key working until it closes', () => {
    expect([...keysOfOpenLeases(tellStory(place([opened]), SELF))]).toEqual([quote.voucherSigner])
  })

  test('that was opened before the first event is told without its terms', () => {
    const closed: EscrowEvent = {
      ...{ kind: 'closed', lease: leaseName(9), provider: OTHER, requester: SELF },
      ...{ paid: 5n, refund: 7n, toRequester: 0n, toBurn: 0n },
    }
    expect(tellStory(place([closed]), SELF).leases.size).toBe(0)
    expect(describeEvent(closed, SELF, undefined, NETWORK).title).toBe('Lease closed')
  })
})
