import { epochStart, type Hex, reportDeadline, slotCount, slotsInside } from '@souk/protocol'
import type { Requester } from '@souk/requester'
import { readJob } from '@souk/requester/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { delegateKey, newParty, startBuyer } from './support/buyer.ts'
import { Courtroom } from './support/court.ts'
import { HostileProvider } from './support/hostile-provider.ts'
import { hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TOKEN = 10n ** 18n
/** Whole slots that a killed provider stays away at least. */
const AWAY_SLOTS = 8
/** Slots of them that its peers attest at least: on a busy machine they abstain from those that they were late in. */
const SEEN_SLOTS = 2
/** Slots in which its peers learn that it is back: it listens at another port than before. */
const RETURN_SLOTS = 4
const E12 = 10n ** 12n
/** A twentieth of a token per core-hour. */
const PER_SECOND_E12 = (TOKEN * E12) / (20n * 3_600n)

let stage: Stage
let court: Courtroom
beforeAll(async () => {
  // Eight watchers: one of them alone holds a majority of a committee once in 6,000 times.
  stage = await Stage.open(plan(3, 0.2), 5)
  court = await Courtroom.open(stage)
})
afterAll(() => stage?.stop())

test('a provider that is killed is seen to be down by its peers, and its bond pays for just that', async () => {
  const job = await stage.start(hashing(12, 24, { assurance: { k: 2, n: 3 }, leases: 3 }))
  const victim = 'provider-2'
  const lease = await leaseOf(victim)
  const quote = await court.quoteOf(lease)
  const gone = await court.head()
  await stage.market.child(victim)?.kill()
  await court.blocksPass(AWAY_SLOTS + 1)
  await stage.market.startProvider(victim)
  const back = await court.head()
  expect(await job.done).toMatchObject({ state: 'done' })

  // Nobody waits for the rest of an epoch; watchers abstain from slots that take no time.
  const epochs = await epochsBetween(gone, back)
  for (const epoch of epochs) {
    await court.endEpoch(epoch)
    await reportsAreIn(lease, epoch)
  }
  expect((await stage.reader.leaseState(lease)).downSlots).toBeGreaterThanOrEqual(SEEN_SLOTS)
  for (const epoch of epochs) {
    const { down } = await court.link.reader.downRecord(lease, epoch)
    const away = slotsInside(court.link.rules, epoch, gone, back + RETURN_SLOTS)
    expect(down & ~away).toBe(0)
  }
  await stage.settle()
  const closed = await court.closing(lease)
  const { claims } = await court.status()
  const claim = claims.find((one) => one.lease === lease)
  const slots = claim?.downSlots ?? 0
  expect(slots).toBeGreaterThanOrEqual(SEEN_SLOTS)
  const full = BigInt(slots) * quote.slotPenalty
  const penalty = full < quote.bond ? full : quote.bond
  expect(penalty).toBeGreaterThan(0n)
  expect(closed.toRequester + closed.toBurn).toBe(penalty)
  expect(closed.toBurn - closed.toRequester).toBe(penalty % 2n)
  expect(claim?.reports.reduce((sum, one) => sum + slotCount(one.slots), 0)).toBe(slots)
  // Each epoch once, however often it was looked at.
  expect((await court.eventsOf('downtimeReported')).length).toBe(claim?.reports.length)
  await nothingLocked()
})

test('a provider that only its requester cannot reach is up, say the others, and pays nothing', async () => {
  const buyer = await startBuyer(stage, await newParty(stage, 'buyer', TOKEN))
  try {
    await until('every offer is known', () => buyer.offers(hashing(1, 1).demand).candidates.length === 3)
    await buyer.run(await readJob(hashing(8, 48)), 'cut-off')
    const [runner] = buyer.leases.values()
    if (runner === undefined) throw new Error('the job holds a lease')
    const { lease, purchase } = { lease: runner.lease, purchase: runner.state.purchase }
    await until('the lease is open', async () => (await stage.reader.leaseState(lease)).status === 'open')
    const from = await court.head()
    buyer.node.ban(purchase.peerId)
    const claim = await until('the lease was given up', () => claimOf(buyer, lease))
    await court.blocksPass(2)
    const until_ = await court.head()
    for (const epoch of await epochsBetween(from, until_)) await court.endEpoch(epoch)
    expect(claim.subject).toBe(purchase.quote.resultSigner)
    await until('the lease is closed', async () => {
      const { status } = await stage.reader.leaseState(lease)
      if (status !== 'closed') await stage.market.chain.mine(4)
      return status === 'closed'
    })
    const closed = await court.closing(lease)
    expect([closed.toRequester, closed.toBurn]).toEqual([0n, 0n])
    expect(claimOf(buyer, lease)).toMatchObject({ downSlots: 0, reports: [] })
    expect((await court.eventsOf('downtimeReported')).filter((one) => one.lease === lease)).toEqual([])
  } finally {
    await buyer.stop()
  }
})

/**
 * The honest limit of watching: votes say that a process can be reached and holds its key, not that it serves anybody.
 * Who serves nobody loses what it would have earned, the lease, and the rest of the job, and keeps its bond.
 */
test('a provider that answers probes and serves nobody loses payment, lease and job, and no bond', async () => {
  const party = await newParty(stage, 'deaf', TOKEN)
  // Dear enough to be worth it, and cheaper than the others.
  const prices = {
    startFee: TOKEN / 100_000n,
    coreSecondE12: PER_SECOND_E12,
    gibSecondE12: 0n,
    gpuSecondE12: 0n,
  }
  const options = { prices, bondSeconds: 60, court: court.link.id }
  const deaf = await HostileProvider.start(stage.market.config, party, await delegateKey(party), options)
  deaf.conduct = 'deaf'
  try {
    await stage.offersFound(4)
    const job = await stage.run(hashing(6, 48, { leases: 1 }))
    expect(job).toMatchObject({ state: 'done', verified: 6 })
    expect(deaf.probes).toBeGreaterThan(0)
    // Its offer is the best, so it was asked first, and three times at most.
    expect(deaf.leases.size).toBeGreaterThan(0)
    expect(deaf.leases.size).toBeLessThanOrEqual(3)
    const lost = job.events.flatMap((event) =>
      event.kind === 'lease-over' && event.phase === 'lost' ? [event.lease] : [],
    )
    expect(new Set(lost)).toEqual(new Set(deaf.leases.keys()))
    for (const [lease, { quote, voucher }] of deaf.leases) {
      if (voucher !== null) await court.redeem({ quote, voucher, signature: voucher.signature })
      const most = quote.startFee + (quote.rate * BigInt(quote.prepay)) / E12
      expect((await stage.reader.leaseState(lease)).paid).toBeLessThanOrEqual(most)
    }
    await court.endEpoch(await court.epoch())
    await stage.settle()
    for (const lease of deaf.leases.keys()) {
      const { toRequester, toBurn } = await court.closing(lease)
      expect([toRequester, toBurn]).toEqual([0n, 0n])
    }
    const { claims } = await court.status()
    const ours = claims.filter(({ lease }) => deaf.leases.has(lease))
    expect(ours.flatMap(({ reports }) => reports)).toEqual([])
  } finally {
    await deaf.stop()
  }
})

function claimOf(buyer: Requester, lease: Hex) {
  return buyer.court?.status().claims.find((one) => one.lease === lease)
}

/** Returns the lease that a provider executes for, once it has earned something. */
async function leaseOf(name: string): Promise<Hex> {
  return until(`${name} works`, async () => {
    const { leases } = await stage.status(name)
    const open = leases.find((one) => one.running > 0 && one.earned > 0n)
    return open !== undefined && (await stage.reader.leaseState(open.lease)).status === 'open' && open.lease
  })
}

/** Waits until an epoch was reported, or no longer can be. */
async function reportsAreIn(lease: Hex, epoch: number): Promise<void> {
  const { reader, rules } = court.link
  await until(`epoch ${epoch} is reported, or too old`, async () => {
    const { down } = await reader.downRecord(lease, epoch)
    return down !== 0 || (await court.head()) >= reportDeadline(rules, epoch)
  })
}

async function epochsBetween(from: number, to: number): Promise<number[]> {
  const { rules } = court.link
  const epochs: number[] = []
  for (let epoch = Math.floor(from / epochStart(rules, 1)); epochStart(rules, epoch) <= to; epoch++)
    epochs.push(epoch)
  return epochs
}

async function nothingLocked(): Promise<void> {
  const { conserved, accounts } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter((one) => one.locked !== 0n)).toEqual([])
}
