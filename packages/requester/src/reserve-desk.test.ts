import { type Purchase, purchases, put, reservations, vouchers } from '@souk/engine'
import { codec, type Hex, type Offer, offer } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { contextOf, leaseRows, NETWORK, numbered, quoteOf } from '../../engine/src/testing/parties.ts'
import { SilenceError } from './next-frame.ts'
import { readRow } from './read-rows.ts'
import { ReserveDesk, type ReserveServices } from './reserve-desk.ts'
import { holdVoucher } from './reserve-talk.ts'

const [BUYER, SELLER] = [contextOf(1, 1), contextOf(2, 1)]
/** Unix seconds of a reservation. */
const HOLD = { from: 1_000, claimBy: 1_600, until: 2_000 }
const PRICES = { startFee: 1n, coreSecondE12: 1n, gibSecondE12: 0n, gpuSecondE12: 0n }
/** As long as any test may take. */
const PATIENCE = { timeout: 60_000 }
const AWAY = new SilenceError('expected an answer, none came', { code: 'NO_ANSWER' })

/** The reservations of a requester over its journal, whose provider cannot be asked: there is no node. */
function world(journal = createMemoryJournal()) {
  const broke: Hex[] = []
  const followed: Purchase[] = []
  const opened: ((block: number, timestampSeconds: number) => void)[] = []
  const time = { seconds: HOLD.from }
  const problems: unknown[] = []
  const negotiation = {
    ...{ context: BUYER, journal, clock: () => time.seconds * 1_000, dateMs: () => time.seconds * 1_000 },
    fatal: (error: unknown) => expect.fail(String(error)),
  }
  const services = {
    parts: { court: { broke: ({ lease }: Purchase) => broke.push(lease) } },
    negotiation: () => negotiation,
    follow: (purchase: Purchase, _: unknown, told: (typeof opened)[number]) => {
      followed.push(purchase)
      opened.push(told)
    },
    ...{ refused: () => {}, look: () => {} },
    onProblem: (_: string, error: unknown) => problems.push(error),
  } as unknown as ReserveServices
  return { journal, broke, followed, opened, time, problems, desk: new ReserveDesk(services) }
}

type World = ReturnType<typeof world>

/** A reservation that began, with half of its fee promised. */
async function begun({ journal }: World): Promise<Purchase> {
  const { purchase: row } = leaseRows(
    BUYER,
    SELLER,
    quoteOf(BUYER, SELLER, 1, { bond: 10n, slotPenalty: 1n }),
  )
  const hold = { ...HOLD, prices: PRICES }
  const purchase: Purchase = { ...row, phase: 'active', terms: { ...row.terms, hold } }
  const record = { offer: offerOf(row), claimed: false, failure: '', broke: false }
  const { lease } = purchase
  const rows = [put(purchases, lease, purchase), put(reservations, lease, record)]
  await journal.commit([...rows, put(vouchers, lease, holdVoucher(BUYER, lease, 250n))], 'synced')
  return purchase
}

async function resumed(at: World, { lease }: Purchase): Promise<void> {
  const purchase = await readRow(at.journal, purchases, lease)
  if (purchase === undefined) throw new Error('a reservation has a row')
  await at.desk.resume(purchase, (await readRow(at.journal, vouchers, lease)) ?? null)
}

test('nothing is signed at the end where its provider was away: its bond is claimed, also after a restart', async () => {
  const first = world()
  const purchase = await begun(first)
  await resumed(first, purchase)
  await first.desk.failed(purchase.lease, AWAY)
  expect(first.broke).toEqual([purchase.lease])
  // It is back, and refuses: that takes nothing back.
  await first.desk.failed(purchase.lease, new Error('refused'))

  const second = world(first.journal)
  await resumed(second, purchase)
  expect(second.broke).toEqual([purchase.lease])
  second.time.seconds = HOLD.claimBy
  second.desk.tick()
  await expect
    .poll(() => readRow(second.journal, purchases, purchase.lease), PATIENCE)
    .toMatchObject({ phase: 'lost', agreement: null })
  expect(await second.desk.list()).toMatchObject([{ state: 'broken', paid: 250n }])
  expect(second.problems).toEqual([])
})

test('one that is cancelled after its provider was away is not agreed on either', async () => {
  const at = world()
  const purchase = await begun(at)
  await resumed(at, purchase)
  await at.desk.failed(purchase.lease, AWAY)
  expect(await at.desk.cancel(purchase.lease)).toMatchObject({ state: 'broken', paid: 250n })
  const row = await readRow(at.journal, purchases, purchase.lease)
  expect(row).toMatchObject({ phase: 'lost', agreement: null })
})

test('a booking that was given up is followed on the chain after a restart', async () => {
  const at = world()
  const purchase: Purchase = { ...(await begun(at)), phase: 'lost' }
  const { lease } = purchase
  const gone = { table: reservations.table, key: lease, value: null }
  await at.journal.commit([put(purchases, lease, purchase), gone], 'committed')
  await resumed(at, purchase)
  expect(at.followed).toMatchObject([{ lease, phase: 'lost' }])
  at.opened[0]?.(7, HOLD.from)
  await expect
    .poll(async () => (await readRow(at.journal, purchases, lease))?.opening, PATIENCE)
    .toEqual({ block: 7, timestampSeconds: HOLD.from })
  expect(await at.desk.list()).toEqual([])
})

test('a row that says nothing of that is of a provider that was not away', async () => {
  const at = world()
  const { lease } = await begun(at)
  const record = await readRow(at.journal, reservations, lease)
  if (record === undefined) throw new Error('a reservation has a record')
  const { broke: _, ...old } = record
  const before = z.strictObject({ offer, claimed: z.boolean(), failure: z.string() })
  const bytes = codec('old row', before, 4_096).encode(old)
  expect(reservations.codec.decode(bytes)).toEqual({ ...old, broke: false })
})

function offerOf({ quote, terms }: Purchase): Offer {
  return {
    ...{ kind: 'offer', network: NETWORK.name, seq: 1, expires: 3_000, account: quote.provider },
    ...{ subject: quote.resultSigner, binding: { expires: 3_000, signature: numbered(1, 64) } },
    ...{ addresses: [], free: terms.resources, coreMibPerSecond: 200, prices: PRICES },
    ...{ gpuClasses: [], runtimes: [{ name: 'wasm/1', sandbox: 'process' }], region: null },
  }
}
