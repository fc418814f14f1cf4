import { type Hex, type Quote, toHex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { describe, expect, it } from 'vitest'
import { ReliabilityBook } from './reliability-book.ts'
import { ChainHistory, type ChainHistoryServices } from './reliability-chain.ts'

const FOR_MS = 600_000
const [US, FRIEND, STRANGER, PROVIDER, SUBJECT] = [1, 2, 3, 4, 5].map((byte) =>
  toHex(new Uint8Array(20).fill(byte)),
) as [Hex, Hex, Hex, Hex, Hex]
const PARTY = { account: PROVIDER, subject: SUBJECT }

type Told = Parameters<ChainHistory['onEvent']>[0]
type Event = Told['event']

function stage(journal = createMemoryJournal(), bounds?: ChainHistoryServices['bounds']) {
  const chain = new ChainHistory({
    ...{ journal, account: US, blockSeconds: 1, dateMs: () => 10_000_000 },
    knows: (account) => account === FRIEND,
    ...(bounds === undefined ? {} : { bounds }),
  })
  const book = new ReliabilityBook({ journal, dateMs: () => 10_000_000, onProblem: () => {} })
  Object.assign(book.sources, { chain })
  const say = (event: unknown, block: number, kind: Told['kind'] = 'event') =>
    chain.onEvent({ kind, event: event as Event, at: { block } as Told['at'] })
  return {
    ...{ chain, journal, say },
    score: () => book.score(PARTY, FOR_MS),
    open: (lease: Hex, requester: Hex, kind?: Told['kind']) =>
      say(
        { kind: 'opened', lease, quote: { provider: PROVIDER, resultSigner: SUBJECT, requester } as Quote },
        10,
        kind,
      ),
    close: (lease: Hex, kind?: Told['kind']) => say({ kind: 'closed', lease }, 3_610, kind),
    down: (lease: Hex, change: number, downSlots: number, kind?: Told['kind']) =>
      say({ kind: 'downAdjusted', lease, change: BigInt(change), downSlots }, 100, kind),
    seize: (lease: Hex, kind?: Told['kind']) => say({ kind: 'seized', lease, amount: 1n }, 200, kind),
    passes: () => chain.onHead({ number: 3_610 + 64, timestampSeconds: 0 }),
  }
}

function lease(at: number): Hex {
  return toHex(new Uint8Array(32).fill(at))
}

describe('what the chain tells of the leases of others', () => {
  const fresh = stage().score()

  it('counts for nothing between strangers, however many there are', async () => {
    const { open, close, passes, score } = stage()
    for (let i = 1; i <= 50; i++) {
      await open(lease(i), STRANGER)
      await close(lease(i))
    }
    await passes()
    const { evidence, ...bounds } = score()
    expect(bounds).toEqual(
      expect.objectContaining({ overall: fresh.overall, availability: fresh.availability }),
    )
    expect(evidence.chain).toEqual({ known: 0, strangers: 50, down: 0, seized: 0 })
  })

  it('counts with accounts that we know', async () => {
    const { open, close, passes, score } = stage()
    for (let i = 1; i <= 50; i++) {
      await open(lease(i), FRIEND)
      await close(lease(i))
    }
    await passes()
    expect(score().availability).toBeGreaterThan(fresh.availability)
    expect(score().evidence.chain.known).toBe(50)
  })

  it('counts verdicts of the court whoever leased', async () => {
    const { open, close, down, seize, passes, score } = stage()
    await open(lease(1), STRANGER)
    await down(lease(1), 3, 3)
    await seize(lease(1))
    await close(lease(1))
    await passes()
    expect(score().availability).toBeLessThan(fresh.availability)
    expect(score().correctness).toBeLessThan(fresh.correctness)
    expect(score().evidence.chain).toEqual({ known: 0, strangers: 1, down: 1, seized: 1 })
  })

  it('counts neither what was refuted nor what was taken back', async () => {
    const { open, close, down, seize, passes, score } = stage()
    await open(lease(1), STRANGER)
    await down(lease(1), 3, 3)
    await down(lease(1), -3, 0)
    await seize(lease(1))
    await seize(lease(1), 'removed')
    await open(lease(2), STRANGER)
    await down(lease(2), 3, 3)
    await down(lease(2), 3, 3, 'removed')
    for (const one of [1, 2]) await close(lease(one))
    await open(lease(3), STRANGER)
    await open(lease(3), STRANGER, 'removed')
    await passes()
    expect(score().overall).toBe(fresh.overall)
    expect(score().evidence.chain).toEqual({ known: 0, strangers: 2, down: 0, seized: 0 })
  })

  it('counts a lease once whose closing is told twice, taken back and told again, and not before it is sure', async () => {
    const { chain, open, close, passes, score } = stage()
    await open(lease(1), FRIEND)
    await close(lease(1))
    await close(lease(1))
    await close(lease(1), 'removed')
    await passes()
    expect(score().evidence.chain.known).toBe(0)
    await close(lease(1))
    await chain.onHead({ number: 3_610 + 63, timestampSeconds: 0 })
    expect(score().evidence.chain.known).toBe(0)
    await passes()
    await passes()
    await close(lease(1))
    await passes()
    expect(score().evidence.chain.known).toBe(1)
  })

  it('leaves out our own leases, which we saw ourselves', async () => {
    const { open, close, passes, score } = stage()
    await open(lease(1), US)
    await close(lease(1))
    await passes()
    expect(score().evidence.chain).toEqual({ known: 0, strangers: 0, down: 0, seized: 0 })
  })

  it('goes on after a restart with what it followed', async () => {
    const first = stage()
    await first.open(lease(1), FRIEND)
    await first.open(lease(2), STRANGER)
    await first.seize(lease(2))
    await first.close(lease(2))
    await first.passes()
    const next = stage(first.journal)
    await next.chain.load()
    expect(next.score()).toEqual(first.score())
    await next.close(lease(1))
    await next.passes()
    expect(next.score().evidence.chain).toEqual({ known: 1, strangers: 1, down: 0, seized: 1 })
  })

  it('follows no more leases than it may', async () => {
    const { open, close, passes, score } = stage(createMemoryJournal(), { sightings: 2, histories: 1 })
    for (const one of [1, 2, 3]) await open(lease(one), FRIEND)
    for (const one of [1, 2, 3]) await close(lease(one))
    await passes()
    expect(score().evidence.chain.known).toBe(2)
  })
})
