import { type Hex, signStruct, slotCount, slotsInside } from '@souk/protocol'
import { networkId } from '@souk/settlement'
import { Courtroom, courtOf, delegateKey, type Served } from '../courtroom.ts'
import { type JobPlan, type PlayedJob, playJob, WHOLE, working } from '../job.ts'
import type { Facts, Scenario } from '../scenario.ts'
import { failed, until } from '../until.ts'
import type { World } from '../world.ts'

/** Long enough to be accused while it runs. */
const PLAN: JobPlan = { tasks: 50, mebibytes: 48, k: 1, n: 1, leases: 1 }
/** Whole slots that a provider which lies about its uptime is away at least. */
const AWAY_SLOTS = 8
/** Slots of them that its peers attest at least: they abstain from those in which they were late themselves. */
const SEEN_SLOTS = 2
/** Slots that a voucher must acknowledge before somebody lies about them. */
const SERVED_SLOTS = 3
/** Slots for which a requester stands still: its provider gives up the connection after five seconds. */
const FROZEN_SLOTS = 14
const KEYS = 'signatures with the watchers’ own keys'

/** Lies before the court: of a provider about its uptime, of watchers about a provider. */
export const COURT_LIES: readonly Scenario[] = [
  {
    name: 'lie-uptime',
    what: 'a provider that was away proves by a voucher of its own making that it served',
    means: 'SIGKILL, and a signature with its own key',
    world: 'crowd',
    expected: {
      ...WHOLE,
      'slots found down': { atLeast: SEEN_SLOTS },
      'own voucher': 'refused',
      'bond pays': 'each slot once',
    },
    play: lieAboutUptime,
  },
  {
    name: 'collude-below-quorum',
    what: 'watchers with fewer seats than the quorum say that a provider was down which served',
    means: KEYS,
    world: 'crowd',
    expected: { ...WHOLE, report: 'refused', 'bond lost': 0 },
    play: (world, tell) => collude(world, tell, 'below'),
  },
  {
    name: 'collude-above-quorum',
    what: 'all watchers together say that a provider was down which served and has vouchers for it',
    means: KEYS,
    world: 'crowd',
    expected: { ...WHOLE, report: 'accepted', 'slots struck by its vouchers': { atLeast: SERVED_SLOTS } },
    play: (world, tell) => collude(world, tell, 'above'),
  },
  {
    name: 'collude-beyond-vouchers',
    what: 'all watchers together lie about slots in which the requester stood still and acknowledged nothing',
    means: `${KEYS}; SIGSTOP, SIGCONT to the requester`,
    world: 'crowd',
    expected: { ...WHOLE, report: 'accepted', 'slots lost': { atLeast: 1 }, 'bond pays': 'each slot once' },
    play: loseUnacknowledged,
  },
]

async function lieAboutUptime(world: World, tell: (sentence: string) => void): Promise<Facts> {
  const court = new Courtroom(world, await courtOf(world))
  let lease: Hex | undefined
  const facts = await playJob(world, { ...PLAN, tasks: 30, leases: 3 }, async (job) => {
    const open = await leaseInUse(world, job)
    lease = open.lease
    const quote = await court.quoteOf(lease)
    const gone = await court.head()
    tell(`killing ${open.name} for ${AWAY_SLOTS} slots`)
    await world.child(open.name).kill()
    await court.blocksPass(AWAY_SLOTS + 1)
    await world.restart(open.name)
    const back = await court.head()
    await until('every result is accepted', () => job.accepted() === job.plan.tasks)
    for (const epoch of court.epochsBetween(gone, back)) {
      await court.endEpoch(epoch)
      await court.reportsAreIn(lease, epoch)
    }
    const epochs = court.epochsBetween(gone, back)
    const down = await court.downSlots(lease, epochs)
    tell(`${open.name} signs a voucher for itself that acknowledges all of it`)
    const voucher = { lease, cumulative: quote.startFee, ackFrom: gone, ackUntil: back }
    const key = await delegateKey(world.party(open.name))
    const signature = signStruct(key, networkId(world.market.config), 'Voucher', voucher)
    const [epoch = 0] = epochs
    const isRefused = await court.refuses(court.refutation(quote, epoch, voucher, signature))
    return { 'slots found down': down, 'own voucher': isRefused ? 'refused' : 'accepted' }
  })
  return { ...facts, 'bond pays': await bondPays(court, lease) }
}

/** Has watchers lie about slots that a provider served, with fewer seats than decide, or with all. */
async function collude(
  world: World,
  tell: (sentence: string) => void,
  how: 'below' | 'above',
): Promise<Facts> {
  const court = new Courtroom(world, await courtOf(world))
  let lease: Hex | undefined
  const facts = await playJob(world, PLAN, async (job) => {
    const open = await leaseInUse(world, job)
    lease = open.lease
    const served = await servedSince(court, (await world.reader.leaseState(lease)).openBlock)
    tell(
      `${how === 'below' ? 'some' : 'all'} watchers sign that ${open.name} was down in ${slotCount(served.slots)} slots`,
    )
    await court.endEpoch(served.epoch)
    const seats = how === 'below' ? court.rules.quorum - 1 : court.rules.seats
    const isRefused = await court.refuses(
      await court.accusation(await court.quoteOf(lease), served.epoch, served.slots, seats),
    )
    if (how === 'below') return { report: isRefused ? 'refused' : 'accepted' }
    tell('the provider answers with the vouchers of its requester')
    const struck = await strikes(court, lease, served)
    return { report: isRefused ? 'refused' : 'accepted', 'slots struck by its vouchers': struck }
  })
  const { toRequester, toBurn } = await court.closing(lease)
  return how === 'below' ? { ...facts, 'bond lost': Number(toRequester + toBurn) } : facts
}

async function loseUnacknowledged(world: World, tell: (sentence: string) => void): Promise<Facts> {
  const court = new Courtroom(world, await courtOf(world))
  let lease: Hex | undefined
  let lost = 0
  const facts = await playJob(world, PLAN, async (job) => {
    const open = await leaseInUse(world, job)
    lease = open.lease
    const from = (await court.head()) + 1
    tell('the requester stands still, and acknowledges nothing meanwhile')
    world.signal('agent', 'SIGSTOP')
    try {
      await court.blocksPass(FROZEN_SLOTS)
    } finally {
      world.signal('agent', 'SIGCONT')
    }
    const to = (await court.head()) - 1
    const whole = court
      .epochsBetween(from, to)
      .map((one) => [one, slotsInside(court.rules, one, from, to)] as const)
    const [epoch, slots] = whole.toSorted((a, b) => slotCount(b[1]) - slotCount(a[1]))[0] ?? [0, 0]
    if (slots === 0) throw failed('no slot was whole')
    tell(`all watchers sign that ${open.name} was down in ${slotCount(slots)} slots`)
    await court.endEpoch(epoch)
    const report = await court.accusation(await court.quoteOf(lease), epoch, slots, court.rules.seats)
    const isRefused = await court.refuses(report)
    return { report: isRefused ? 'refused' : 'accepted' }
  })
  lost = lease === undefined ? 0 : (await world.reader.leaseState(lease)).downSlots
  return { ...facts, 'slots lost': lost, 'bond pays': await bondPays(court, lease) }
}

/** Tells whether a closed lease's bond paid its penalty for each slot that stayed down, all of it at most. */
async function bondPays(court: Courtroom, lease: Hex | undefined): Promise<string> {
  const { toRequester, toBurn } = await court.closing(lease)
  if (lease === undefined) throw failed('there is no lease')
  const { bond, slotPenalty } = await court.quoteOf(lease)
  const full = BigInt((await court.leaseState(lease)).downSlots) * slotPenalty
  return toRequester + toBurn === (full < bond ? full : bond) ? 'each slot once' : `${toRequester + toBurn}`
}

/** Waits until a provider works for a lease of this job that the chain knows. */
async function leaseInUse(world: World, job: PlayedJob): Promise<{ name: string; lease: Hex }> {
  const given = await until('a lease is active', () => job.of('dispatched')[0]?.lease)
  const subject = job.of('lease').find((one) => one.lease === given)?.subject
  if (subject === undefined) throw failed('nobody was leased')
  const name = world.nameOf(subject)
  const lease = await working(world, name)
  await until('the lease is open', async () => (await world.reader.leaseState(lease)).status === 'open')
  return { name, lease }
}

/** Waits until a voucher surely acknowledges some slots of one epoch from a block on. */
function servedSince(court: Courtroom, block: number): Promise<Served> {
  return until('some slots were served', async () => {
    const head = await court.head()
    // The newest voucher may be some seconds old.
    return court.slotsBetween(block + 1, head - 3, SERVED_SLOTS)
  })
}

/** Waits until every slot that was lied about is struck; returns how many. */
async function strikes(court: Courtroom, lease: Hex, { epoch, slots }: Served): Promise<number> {
  return until('the lie was struck', async () => {
    const { down, refuted } = await court.link.reader.downRecord(lease, epoch)
    return (refuted & slots) === slots && (down & slots) === 0 && slotCount(refuted & slots)
  })
}
