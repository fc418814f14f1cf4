import type { OfferEntry } from '@souk/market'
import type { SoukNode } from '@souk/network'
import type { Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode, testOffer } from '../../network/src/testing/market.ts'
import { AvailabilityDesk, type PlannedJob } from './availability-desk.ts'
import type { Report } from './job-reports.ts'
import type { JobSpec } from './job-spec.ts'
import { ReliabilityBook } from './reliability-book.ts'

const DOMAINS = [1, 2, 3].map((i) => ({ prefix: `127.0.0.${i}/32`, region: `r${i}`, asn: null }))

interface Offered {
  readonly entry: OfferEntry
  readonly rateE12: bigint
}

// Only Linux answers on all of 127.0.0.0/8.
describe.skipIf(process.platform !== 'linux')('plans of jobs', () => {
  const nodes: SoukNode[] = []
  afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())))

  /** A requester, and offers of peers at these addresses, the first the cheapest. */
  const stage = async (...hosts: number[]) => {
    const network = testNetwork()
    const node = await testNode(network)
    nodes.push(node)
    const offers: Offered[] = []
    for (const [i, host] of hosts.entries()) {
      const peer = await testNode(network, [], { listen: [`/ip4/127.0.0.${host}/tcp/0`] })
      nodes.push(peer)
      const entry = { peerId: peer.peerId, offer: testOffer(peer) } as OfferEntry
      offers.push({ entry, rateE12: BigInt(10 + i) })
    }
    const journal = createMemoryJournal()
    const reliability = new ReliabilityBook({ journal, dateMs: () => 0, onProblem: () => {} })
    const desk = () => new AvailabilityDesk({ node, journal, reliability })
    return { desk, offers, peers: offers.map(({ entry }) => entry.peerId) }
  }
  const spec = (availability?: number): JobSpec =>
    ({
      ...{ assurance: { k: 1, n: 1 }, demand: { durationSeconds: 60 }, domains: DOMAINS },
      ...(availability === undefined ? {} : { availability }),
    }) as unknown as JobSpec
  /** A job, and what it is told. */
  const jobWith = () => {
    const told: Report[] = []
    const leases = new Map<Hex, PlannedJob['leases'] extends ReadonlyMap<Hex, infer R> ? R : never>()
    const runner: PlannedJob = { job: { row: { id: 'job' } }, leases, report: (one) => void told.push(one) }
    const lease = ({ entry: { peerId, offer }, rateE12 }: Offered) => {
      const quote = { provider: offer.account, resultSigner: offer.subject, rate: rateE12 }
      const state = { purchase: { peerId, addresses: offer.addresses, quote } }
      leases.set(`0x${peerId}`, { state } as never)
    }
    return { runner, told, leases, lease }
  }
  const sorted = (peers: readonly string[] = []) => [...peers].sort()

  it('are for jobs that want some, of peers that answer, and go on after a restart', async () => {
    const { desk, offers, peers } = await stage(1, 1, 2, 3)
    const first = desk()
    expect(await first.plan(spec(), offers)).toBeNull()
    await nodes[3]?.stop()
    const row = await first.plan(spec(0.98), offers)
    if (row === null) throw new Error('a plan was asked for')
    expect(sorted(row.chosen.peers)).toEqual(sorted([peers[0] ?? '', peers[3] ?? '']))
    const { runner, told, leases, lease } = jobWith()
    await first.adopt(runner, row)
    expect(told).toEqual([
      expect.objectContaining({ kind: 'plan', target: 0.98, k: 1, seconds: 60, rateE12: 23n }),
    ])
    const next = desk()
    await next.takeUp('job')
    expect(next.has('job')).toBe(true)
    for (const one of offers) if (row.chosen.peers.includes(one.entry.peerId)) lease(one)
    expect(await next.lacks(runner)).toBeNull()
    leases.delete(`0x${peers[0]}`)
    expect((await next.lacks(runner))?.data.best).toBeLessThan(0.98)
    next.forget('job')
    expect(await next.lacks(runner)).toBeNull()
  })

  it('are made without who refuses, and buy only what is missing', async () => {
    const { desk, offers, peers } = await stage(1, 2, 3)
    const one = desk()
    const row = await one.plan(spec(0.98), offers)
    if (row === null) throw new Error('a plan was asked for')
    const { runner, told, leases, lease } = jobWith()
    await one.adopt(runner, row)
    const asked: string[][] = []
    const acquire = (refusing: readonly string[]) =>
      one.acquire(
        runner,
        (refused) =>
          offers.filter(({ entry: { peerId } }) => !refused.has(peerId) && !leases.has(`0x${peerId}`)),
        async (wanted) => {
          asked.push(wanted.map(({ entry }) => entry.peerId))
          const bought = wanted.filter(({ entry }) => !refusing.includes(entry.peerId))
          for (const each of bought) lease(each)
          return bought.map(({ entry }) => entry.peerId)
        },
      )
    const [a = '', b = '', c = ''] = peers
    expect(await acquire([b])).toBe(2)
    expect(asked.map(sorted)).toEqual([sorted([a, b]), [c]])
    expect(
      sorted(told.flatMap((event) => (event.kind === 'plan' ? event.peers.slice() : [])).slice(-2)),
    ).toEqual(sorted([a, c]))
    expect(await one.lacks(runner)).toBeNull()
    expect(await acquire([])).toBe(0)
    leases.delete(`0x${a}`)
    expect(await acquire([a])).toBe(1)
    expect(asked.slice(3)).toEqual([[a], [b]])
  })

  it('take what is kept for them first, where it is spread as they want', async () => {
    const { desk, offers, peers } = await stage(1, 1, 2, 3)
    const [a, b = '', c, d = ''] = peers
    const keeping = (...kept: string[]) =>
      offers.map((one) => ({ ...one, kept: kept.includes(one.entry.peerId) }))
    const chosen = async (...kept: string[]) => (await desk().plan(spec(0.98), keeping(...kept)))?.chosen
    expect(sorted((await chosen())?.peers)).toEqual(sorted([a ?? '', c ?? '']))
    const one = await chosen(d)
    expect(one?.peers).toContain(d)
    expect(one?.rateE12).toBe(23n)
    // The two in one place are no set, so that only one of them is taken.
    expect(sorted((await chosen(a ?? '', b))?.peers)).toHaveLength(2)
    expect(sorted((await chosen(b, d))?.peers)).toEqual(sorted([b, d]))
  })
})
