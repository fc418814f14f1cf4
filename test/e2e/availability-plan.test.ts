import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobEventReport, ReservationRow, ReserveWish } from '@souk/requester'
import type { OfferRow } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soukIn } from './support/cli.ts'
import { CONDUCT, demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

/** Places of this machine's own addresses, as an operator of a private network would name them. */
const PLACES = { '127.0.0.1': 'north', '127.0.0.2': 'south', '127.0.0.3': 'east' } as const
const DOMAINS = Object.entries(PLACES).map(([address, region]) => ({
  ...{ prefix: `${address}/32`, region, asn: null },
}))
/** Where each provider listens: the two cheapest share a place. */
const LISTEN = ['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.3']
/** Milliseconds that a reservation's time, and what follows from it, may take to come on a busy machine. */
const PATIENCE_MS = 120_000
const WANTED = ['run', CONDUCT, 'nothing', '--assurance', 'none', '--duration', '60s', '--json']

// Only Linux answers on all of 127.0.0.0/8.
describe.skipIf(process.platform !== 'linux')('a job that wants availability', () => {
  let stage: Stage
  let folder = ''
  let mapping = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'souk-domains-'))
    mapping = join(folder, 'domains.csv')
    const lines = DOMAINS.map(({ prefix, region }) => `${prefix},${region},`)
    writeFileSync(mapping, ['prefix,region,asn', ...lines, ''].join('\n'))
    stage = await Stage.open(plan(LISTEN.length).map((one, i) => ({ ...one, listen: LISTEN[i] ?? '' })))
  })
  afterAll(async () => {
    await stage?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const offersByName = async () => {
    const { offers } = await stage.ask<{ offers: OfferRow[] }>('agent', 'offers', { demand: demandOf() })
    return new Map(offers.map((offer) => [stage.market.partyOf(offer.account)?.name ?? '', offer]))
  }
  const peersOf = async (...names: string[]) => {
    const offers = await offersByName()
    return names.map((name) => offers.get(name)?.peerId).toSorted()
  }

  test('hears what the market lacks, and what to do, before anything is bought', async () => {
    const { code, stderr } = await soukIn(stage).run([...WANTED, '--availability', '98'])
    expect(stderr).toContain('[AVAILABILITY_SHORT]')
    expect(stderr).toContain('--domains')
    expect(code).toBe(4)
    expect(await stage.leases()).toEqual([])
  })

  test('leases the cheapest set that is spread, and shows it with its price and its chance', async () => {
    const wanted = [...WANTED, '--availability', '98', '--domains', mapping]
    const { code, stdout, stderr } = await soukIn(stage).run(wanted)
    expect(stderr).not.toContain('souk:')
    expect(code).toBe(0)
    const shown = JSON.parse(stdout)
    expect(shown.plan).toMatchObject({ target: 0.98, k: 1, seconds: 60, chosen: { unknown: 0 } })
    const { peers, survival, rateE12 } = shown.plan.chosen
    expect(peers.toSorted()).toEqual(await peersOf('provider-1', 'provider-3'))
    expect(survival).toBeGreaterThanOrEqual(0.98)
    const leases = await stage.leases()
    expect(leases.map(({ peerId }) => peerId).toSorted()).toEqual(peers.toSorted())
    expect(leases.reduce((sum, lease) => sum + lease.rateE12, 0n)).toBe(BigInt(rateE12))
  })

  test('is seen in what is known of its providers', async () => {
    const offers = await offersByName()
    const [used, unused] = [offers.get('provider-1'), offers.get('provider-2')]
    expect(used?.reliability.evidence.leases).toMatchObject({ finished: 1, lost: 0 })
    expect(unused?.reliability.evidence.leases).toMatchObject({ finished: 0, lost: 0 })
    for (const bound of ['availability', 'completion', 'correctness', 'truthfulness'] as const) {
      expect(unused?.reliability[bound]).toBeGreaterThan(0)
      expect(used?.reliability[bound]).toBeGreaterThanOrEqual(unused?.reliability[bound] ?? 1)
    }
    expect(used?.reliability.truthfulness).toBeGreaterThan(unused?.reliability.truthfulness ?? 1)
  })

  test('has a lost lease replaced elsewhere while it runs, and remembers who was lost', async () => {
    const job = await stage.start(
      requestOf(CONDUCT, [['spin']], {
        ...{ demand: demandOf({ durationSeconds: 60 }), deadlineMs: 600_000 },
        ...{ availability: 0.98, domains: DOMAINS },
      }),
    )
    const leased = (events = job.events) => of(events, 'lease').map(({ peerId }) => peerId)
    await until('both leases are there', () => leased().length === 2)
    const [gone] = await peersOf('provider-3')
    await stage.market.child('provider-3')?.kill()
    await until('another lease is there', () => leased().length === 3)
    expect(leased().toSorted()).toEqual(await peersOf('provider-1', 'provider-3', 'provider-4'))
    const plans = of(job.events, 'plan').map(({ peers }) => peers.toSorted())
    expect(plans.at(-1)).toEqual(await peersOf('provider-1', 'provider-4'))
    const lost = of(job.events, 'lease-over').map(({ phase }) => phase)
    expect(lost).toEqual(['lost'])
    await stage.ask('agent', 'cancel', { job: await job.id })
    expect(await job.done).toMatchObject({ state: 'cancelled' })

    const offer = [...(await offersByName()).values()].find(({ peerId }) => peerId === gone)
    expect(offer?.reliability.evidence.leases).toMatchObject({ finished: 1, lost: 1 })
  })

  test('takes what is kept for it before what is cheaper, and the rest where it is spread', async () => {
    for (const name of ['provider-1', 'provider-2'])
      await until('what was leased is free', async () => {
        const { free, total } = await stage.status(name)
        return free.millicores === total.millicores
      })
    const reserve = async () => {
      const { total } = await stage.status('provider-1')
      const wish: ReserveWish = {
        demand: demandOf({}, { millicores: total.millicores }),
        ...{ from: Math.ceil(Date.now() / 1000) + 15, seconds: 600, maxFee: null },
      }
      return stage.ask<ReservationRow>('agent', 'reserve', wish)
    }
    // The cheapest keeps it, and when that has no more the next, in the same place.
    const [first, second] = [await reserve(), await reserve()]
    await stage.ask('agent', 'unreserve', { lease: first.lease })
    const row = async () => {
      const rows = await stage.ask<ReservationRow[]>('agent', 'reservations')
      return rows.find(({ lease }) => lease === second.lease)
    }
    await until('its time has come', async () => (await row())?.state === 'due', PATIENCE_MS)
    const job = await stage.start(
      requestOf(CONDUCT, [['nothing']], {
        ...{ demand: demandOf({ durationSeconds: 60 }), deadlineMs: 600_000 },
        ...{ availability: 0.98, domains: DOMAINS },
      }),
    )
    expect(await job.done).toMatchObject({ state: 'done' })
    const leased = of(job.events, 'lease').map(({ peerId }) => peerId)
    expect(leased.toSorted()).toEqual(await peersOf('provider-2', 'provider-4'))
    await until('it was had', async () => (await row())?.state === 'used', PATIENCE_MS)
  })
})

function of<K extends JobEventReport['kind']>(events: readonly JobEventReport[], kind: K) {
  return events.filter((event): event is Extract<JobEventReport, { kind: K }> => event.kind === kind)
}
