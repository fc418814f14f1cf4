import {
  type Context,
  earnestOf,
  keep,
  keySigner,
  newHost,
  passTime,
  type Sale,
  sales,
  type VoucherRow,
} from '@souk/engine'
import {
  type Frame,
  type FrameOf,
  type Hex,
  LIMITS,
  leaseOf,
  type NetworkId,
  type Resources,
} from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { readHold } from './reservation-book.ts'
import { Reservations, type ReservationsOptions } from './reservations.ts'

const NETWORK: NetworkId = { name: 'sim', chainId: 31_337, escrow: `0x${'01'.repeat(20)}` }
const TOTAL: Resources = { millicores: 1_000, memoryBytes: 2 ** 30, diskBytes: 0, gpus: [] }
const BUYER = context(1)
const SELLER = context(2)
/** Unix seconds at which each test begins. */
const NOW = 1_800_000_000
const PRICES = { startFee: 1n, coreSecondE12: 10n ** 15n, gibSecondE12: 0n, gpuSecondE12: 0n }

/** A provider with one core for sale whose time is set by hand, over a journal. */
function world(journal = createMemoryJournal()) {
  const time = { seconds: NOW, isRight: true }
  const followed: { sale: Sale; voucher: () => VoucherRow | null }[] = []
  const drained: Hex[] = []
  const host = newHost(TOTAL)
  const account = SELLER.signer.address
  const options: ReservationsOptions = {
    ...{ context: SELLER, journal, host, known: new Set() },
    policy: {
      ...{ account, subject: account, prices: PRICES, blockSeconds: 2, slotSeconds: 2, bondSeconds: 60 },
      ...{ resultBondSeconds: 30, prepaySeconds: 10, noticeBlocks: 1 },
    },
    log: { info: () => {}, warn: (sentence) => expect.fail(sentence) },
    ...{ dateMs: () => time.seconds * 1000, isDateRight: () => time.isRight },
    random: (bytes) => `0x${'07'.repeat(bytes)}`,
    head: () => ({ number: 1, timestampSeconds: time.seconds }),
    cover: async () => ({ lockable: 10n ** 12n, authorised: true }),
    follow: (sale, voucher) => followed.push({ sale, voucher }),
    ...{ changed: () => {}, settle: () => {}, drain: (lease) => drained.push(lease) },
    fatal: (error) => expect.fail(String(error)),
  }
  passTime(host, NOW)
  return { time, journal, host, followed, drained, desk: new Reservations(options) }
}

type World = ReturnType<typeof world>

/** Reserves the whole core for ten minutes, a hundred seconds ahead. */
async function booked(at: World): Promise<{ lease: Hex; sale: Sale }> {
  const { address: requester } = BUYER.signer
  const demand: FrameOf<'demand'>['demand'] = {
    resources: { millicores: 1_000, memoryBytes: 2 ** 20, diskBytes: 0, gpu: null },
    ...{ runtime: 'wasm/1', network: 'none', region: null, maxRoundTripMs: null, maxRateE12: null },
    durationSeconds: 600,
  }
  const parties = { requester, voucherSigner: requester }
  const quoted = at.desk.quote({ t: 'reserve', demand, ...parties, from: NOW + 100, seconds: 600 })
  if (quoted.t !== 'quote') throw new Error(`a quote, not ${JSON.stringify(quoted)}`)
  const lease = leaseOf(NETWORK, quoted.quote)
  const own = new Map([[lease, SELLER.signer.sign('Quote', quoted.quote)]])
  const signature = BUYER.signer.sign('Open', { lease })
  const accept: FrameOf<'accept'> = { ...quoted, t: 'accept', signature }
  expect(await at.desk.book('peer', accept, own)).toMatchObject({ t: 'started', credit: 0 })
  const sale = at.followed.at(-1)?.sale
  if (sale === undefined) throw new Error('a reservation is followed')
  return { lease, sale }
}

function voucher(lease: Hex, cumulative: bigint): FrameOf<'hold'> {
  const stated = { cumulative, ackFrom: 0, ackUntil: 0 }
  return { t: 'hold', lease, ...stated, signature: BUYER.signer.sign('Voucher', { lease, ...stated }) }
}

function end(lease: Hex, paid: bigint): FrameOf<'unhold'> {
  return { t: 'unhold', lease, paid, signature: BUYER.signer.sign('Close', { lease, paid }) }
}

async function rowOf({ journal }: World, lease: Hex): Promise<Sale> {
  const bytes = await journal.get(sales.table, lease)
  if (bytes === undefined) throw new Error('a reservation has a row')
  return sales.codec.decode(bytes)
}

test('capacity that is not paid for in time is let go', async () => {
  const at = world()
  await booked(at)
  expect(at.host.free.millicores).toBe(0)
  at.time.seconds += 10
  at.desk.tick()
  expect(at.host.free.millicores).toBe(0)
  at.time.seconds += 1
  at.desk.tick()
  expect(at.host.free.millicores).toBe(1_000)
})

test('capacity that nobody comes for is let go when that was said, and closes at half of the fee', async () => {
  const at = world()
  const { lease, sale } = await booked(at)
  const earnest = earnestOf(sale.quote)
  expect(await at.desk.answer(voucher(lease, earnest))).toMatchObject({ state: 'held', cumulative: earnest })
  at.time.seconds = NOW + 100 + LIMITS.claimSeconds - 1
  at.desk.opened(lease, 1, NOW)
  at.desk.tick()
  expect(at.host.free.millicores).toBe(0)
  at.time.seconds += 1
  at.desk.tick()
  expect(at.host.free.millicores).toBe(1_000)
  expect(await at.desk.answer(voucher(lease, earnest))).toMatchObject({ state: 'over' })
  expect(await at.desk.answer(end(lease, earnest))).toMatchObject({ t: 'ended', code: 'closed' })
  expect(await rowOf(at, lease)).toMatchObject({ phase: 'closed', agreement: { paid: earnest } })
})

test('what was promised is the least that is agreed to; a lower close leaves the vouchers to the chain', async () => {
  const at = world()
  const { lease, sale } = await booked(at)
  const earnest = earnestOf(sale.quote)
  await at.desk.answer(voucher(lease, earnest))
  const answer = await at.desk.answer(end(lease, earnest - 1n))
  expect(answer).toMatchObject({ t: 'ended', code: 'expired', close: null } satisfies Partial<Frame>)
  expect(await rowOf(at, lease)).toMatchObject({ phase: 'lost', agreement: null })
  expect(at.followed[0]?.voucher()?.cumulative).toBe(earnest)
  expect(at.host.free.millicores).toBe(1_000)
})

test('vouchers beyond the fee, and those that say less than the last, change nothing', async () => {
  const at = world()
  const { lease, sale } = await booked(at)
  const { startFee } = sale.quote
  for (const [told, kept] of [
    [2n, 2n],
    [1n, 2n],
    [startFee + 1n, 2n],
    [startFee, startFee],
  ] as const) {
    expect(await at.desk.answer(voucher(lease, told))).toMatchObject({ cumulative: kept })
  }
  const forged = { ...voucher(lease, startFee), signature: SELLER.signer.sign('Open', { lease }) }
  await expect(at.desk.answer(forged)).rejects.toMatchObject({ data: { code: 'BAD_SIGNATURE' } })
})

test('a date that jumps lets no capacity go and ends no lease; once it is right, time goes on', async () => {
  const at = world()
  const { lease, sale } = await booked(at)
  await at.desk.answer(voucher(lease, earnestOf(sale.quote)))
  at.desk.opened(lease, 1, NOW)
  // A lease that stays too long is in its way.
  const late: Hex = `0x${'08'.repeat(32)}`
  const { resources } = sale.terms
  keep(at.host, late, sale.quote, sale.terms, { untilSeconds: NOW + 50, hold: null, of: null })
  Object.assign(at.time, { seconds: NOW + 150, isRight: false })
  at.desk.tick()
  expect(at.drained).toEqual([])
  at.time.isRight = true
  at.desk.tick()
  expect(at.drained).toEqual([late])
  Object.assign(at.time, { seconds: NOW + 10 ** 6, isRight: false })
  at.desk.tick()
  expect(at.desk.status()).toMatchObject([{ lease, resources }])
  at.time.isRight = true
  at.desk.tick()
  expect(at.desk.status()).toEqual([])
})

test('a restart changes nothing: the capacity is kept, with what was paid, until it is let go', async () => {
  const first = world()
  const { lease, sale } = await booked(first)
  const earnest = earnestOf(sale.quote)
  await first.desk.answer(voucher(lease, earnest))
  const second = world(first.journal)
  const row = await rowOf(second, lease)
  const found = await readHold(second.journal, row, [row])
  if (found === null) throw new Error('a reservation goes on')
  second.desk.resume(found.sale, found.voucher, found.claimed)
  expect(second.host.free.millicores).toBe(0)
  expect(second.desk.status()).toMatchObject([{ lease, earned: earnest, claimed: false }])
  const claimed = { ...row, terms: { ...row.terms, predecessor: lease } }
  expect(await readHold(second.journal, row, [row, claimed])).toMatchObject({ claimed: true })
  // Anybody can name it: that is no lease of it.
  for (const who of ['requester', 'voucherSigner'] as const) {
    const other = { ...claimed, quote: { ...row.quote, [who]: SELLER.signer.address } }
    expect(await readHold(second.journal, row, [row, other])).toMatchObject({ claimed: false })
  }
  expect(await readHold(second.journal, { ...row, phase: 'lost' }, [])).toBeNull()
})

test('who asks about a reservation that is over hears what was agreed, and of none that there never was', async () => {
  const at = world()
  const { lease, sale } = await booked(at)
  await at.desk.answer(voucher(lease, sale.quote.startFee))
  const agreed = await at.desk.answer(end(lease, sale.quote.startFee))
  expect(await at.desk.answer(end(lease, sale.quote.startFee))).toEqual(agreed)
  const none = await at.desk.answer(voucher(`0x${'09'.repeat(32)}`, 1n))
  expect(none).toMatchObject({ t: 'ended', code: 'unknown-lease', close: null })
})

function context(key: number): Context {
  return {
    network: NETWORK,
    signer: keySigner(NETWORK, new Uint8Array(32).fill(key)),
    boot: `0x${'00'.repeat(16)}`,
  }
}
