import { judgeEpoch } from '@souk/engine'
import { fetchUptimePage, serveUptimeBook } from '@souk/network'
import {
  addressOf,
  type BookVote,
  downtimeSubject,
  epochOf,
  epochStart,
  type Hex,
  observationValue,
  PAGE_EPOCHS,
  signCourtStruct,
  slotCount,
} from '@souk/protocol'
import type { VerifiedUptime } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { delegateKey, newParty, startBuyer } from './support/buyer.ts'
import { Courtroom } from './support/court.ts'
import { HostileProvider } from './support/hostile-provider.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TOKEN = 10n ** 18n
/** Slots that pass before a provider is killed, and while it is away. */
const [UP_SLOTS, AWAY_SLOTS] = [6, 8]
/** Slots of them that its peers attest at least: on a busy machine they abstain from those that they were late in. */
const SEEN_SLOTS = 2
/** Slots in which its peers learn that it is back: it listens at another port than before. */
const RETURN_SLOTS = 4
const ALL_SLOTS = 0xffff

let stage: Stage
let court: Courtroom
beforeAll(async () => {
  // Eight watchers: one of them alone holds a majority of a committee once in 6,000 times.
  stage = await Stage.open(plan(3, 0.2), 5)
  court = await Courtroom.open(stage)
})
afterAll(() => stage?.stop())

/** Waits until the agent's look at the book of a key is as it should be. */
async function bookOf(subject: Hex, is: (book: VerifiedUptime) => boolean): Promise<VerifiedUptime> {
  let book: VerifiedUptime | null = null
  const look = async () => {
    // A chain that is busy answers late: then it is looked again.
    book = await stage.ask<VerifiedUptime | null>('agent', 'uptime', { subject }).catch(() => null)
    return book !== null && is(book) && book
  }
  return until('its book says so', look).catch((error) => {
    throw new Error(`the book says ${JSON.stringify(book)}`, { cause: error })
  })
}

/** Ends the epoch of now and the next: what was seen until now is due in every book. */
async function bringDue(): Promise<void> {
  const epoch = await court.epoch()
  await court.endEpoch(epoch)
  await court.blocksPass(1)
  await court.endEpoch(epoch + 1)
  await court.blocksPass(1)
}

/** Waits until a provider's own book proves so many slots of an epoch down: its watchers keep their votes for two epochs. */
async function provenDown(name: string, epoch: number, slots: number): Promise<void> {
  const reader = await startBuyer(stage, await newParty(stage, 'reader', 0n))
  try {
    await until(`the book of ${name} shows epoch ${epoch}`, async () => {
      await court.blocksPass(1)
      // A machine that is busy answers late: then it is asked again.
      const page = await fetchUptimePage(reader.node, await stage.status(name), epoch).catch(() => null)
      const entry = page?.entries.find((one) => one.epoch === epoch) ?? null
      const draw = await court.link.drawOfEpoch(epoch)
      if (draw === null) return false
      const { rules, id } = court.link
      const context = { rules, court: id, subject: stage.party(name).delegate }
      return slotCount(judgeEpoch(context, { epoch, ...draw, bonded: 0, entry }).down) >= slots
    })
  } finally {
    await reader.stop()
  }
}

test('a provider that was away brings a book that says so, and one that stayed has no slot down', async () => {
  const { rules } = court.link
  const head = await court.head()
  const start = epochStart(rules, epochOf(rules, head) + 1)
  await until('an epoch begins', async () => (await court.head()) >= start)
  await court.blocksPass(UP_SLOTS)
  const gone = await court.head()
  await stage.market.child('provider-2')?.kill()
  await court.blocksPass(AWAY_SLOTS)
  await stage.market.startProvider('provider-2')
  const back = await court.head()
  const epoch = epochOf(rules, gone)
  await court.endEpoch(epoch)
  await provenDown('provider-2', epoch, SEEN_SLOTS)
  await bringDue()

  const left = await bookOf(stage.party('provider-2').delegate, ({ downSlots }) => downSlots >= SEEN_SLOTS)
  expect(left.lies).toEqual([])
  expect(left.upSlots).toBeGreaterThan(0)
  expect(left.downSlots).toBeLessThanOrEqual(back + RETURN_SLOTS - gone)
  const stayed = await bookOf(stage.party('provider-1').delegate, ({ upSlots }) => upSlots > 0)
  expect(stayed).toMatchObject({ downSlots: 0, lies: [] })
})

/** Says in everybody's name that its owner was always up: it has the keys of none of them. */
function forgedVotes(owner: Uint8Array, keys: Iterable<Hex>, epoch: number): BookVote[] {
  const subject = downtimeSubject(addressOf(owner), epoch)
  const value = observationValue({ seen: ALL_SLOTS, up: ALL_SLOTS })
  const signature = signCourtStruct(owner, court.link.id, 'Vote', { subject, value })
  return [...keys].map((key) => ({ key, value, signature }))
}

test('a book that its owner made up says nothing, and is known for what it is', async () => {
  const party = await newParty(stage, 'liar', TOKEN)
  const key = await delegateKey(party)
  const liar = await HostileProvider.start(stage.market.config, party, key, { court: court.link.id })
  try {
    const watchers = [...(await court.watcherKeys()).keys()]
    await serveUptimeBook(liar.node, (from) => {
      const epochs = Array.from({ length: PAGE_EPOCHS }, (_, i) => from + i)
      const entries = epochs.map((epoch) => ({ epoch, votes: forgedVotes(key, watchers, epoch) }))
      return { entries, more: true }
    })
    await stage.offersFound(4)
    await bringDue()
    const book = await bookOf(addressOf(key), ({ lies }) => lies.some(({ code }) => code === 'FORGED'))
    expect(book).toMatchObject({ subject: addressOf(key), upSlots: 0 })
  } finally {
    await liar.stop()
  }
})

test('a watcher that signed two things about one epoch loses its stake to who holds both', async () => {
  const party = await newParty(stage, 'two-faced', TOKEN)
  const key = await delegateKey(party)
  const owner = await HostileProvider.start(stage.market.config, party, key, { court: court.link.id })
  try {
    const [watcher] = stage.market.watchers
    if (watcher === undefined) throw new Error('the market has watchers that sell nothing')
    const hand = await delegateKey(watcher)
    await serveUptimeBook(owner.node, (from) => {
      const epochs = Array.from({ length: PAGE_EPOCHS }, (_, i) => from + i)
      const entries = epochs.map((epoch) => ({ epoch, votes: twoVotes(hand, addressOf(key), epoch) }))
      return { entries, more: true }
    })
    await stage.offersFound(4)
    await bringDue()
    const book = await bookOf(addressOf(key), ({ lies }) => lies.some(({ code }) => code === 'TWICE'))
    expect(book.upSlots).toBe(0)
    await until('the stake is gone', async () => (await court.eventsOf('slashed')).length > 0)
    const agent = stage.market.requester.delegate
    expect(await court.eventsOf('slashed')).toMatchObject([{ key: addressOf(hand), reporter: agent }])
  } finally {
    await owner.stop()
  }
})

/** Says of an epoch that its subject was up, and that it was down. */
function twoVotes(watcher: Uint8Array, about: Hex, epoch: number): BookVote[] {
  const subject = downtimeSubject(about, epoch)
  return [ALL_SLOTS, 0].map((up) => {
    const value = observationValue({ seen: ALL_SLOTS, up })
    const signature = signCourtStruct(watcher, court.link.id, 'Vote', { subject, value })
    return { key: addressOf(watcher), value, signature }
  })
}
