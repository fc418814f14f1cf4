import { randomBytes } from 'node:crypto'
import type { Candidate } from '@souk/market'
import { type AskedProof, type SoukNode, serveGpuProofs } from '@souk/network'
import type { Gpu, GpuProofFact, Hex, Offer, Quote, Terms } from '@souk/protocol'
import { protocolId, toHex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { testNetwork, testNode, testOffer } from '../../network/src/testing/market.ts'
import { GpuChecker, type ProofReport, type ProvableLease } from './gpu-checker.ts'
import { type Prover, proverOf } from './prover.fixture.ts'

const SUBJECT = toHex(new Uint8Array(20).fill(1))
const ACCOUNT = toHex(new Uint8Array(20).fill(2))
const LEASE = toHex(new Uint8Array(32).fill(3))
const GPU: Gpu = { id: 'software-0', family: 'software', model: 'SwiftShader', vramBytes: 2 ** 30 }
const PROOFS = { perHour: 20, seconds: 60 }
const FACT: GpuProofFact = { proven: 1, size: 512, ms: 1_000 }
const MINUTE_MS = 60_000
const FORGED: Prover = { seed: (honest) => ({ ...honest, nonce: LEASE }) }

describe('the checks of leased GPUs', () => {
  const network = testNetwork()
  let provider: SoukNode
  let requester: SoukNode
  const stops: (() => Promise<void>)[] = []
  beforeAll(async () => {
    ;[provider, requester] = await Promise.all([testNode(network), testNode(network)])
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    vi.useRealTimers()
  })
  afterAll(() => Promise.all([provider, requester].map((node) => node.stop())))

  /** A checker, and a provider that proves as honestly as `conduct` says. */
  const checking = async () => {
    const all = {
      ...{ nowMs: 0, conduct: {} as Prover, asked: [] as AskedProof[], reports: [] as ProofReport[] },
      leases: new Map<Hex, ProvableLease>(),
    }
    stops.push(
      await serveGpuProofs(provider, async (asked) => {
        all.asked.push(asked)
        return proverOf(network, SUBJECT, asked, all.conduct)
      }),
    )
    const checker = new GpuChecker({
      ...{ node: requester, journal: createMemoryJournal(), leases: all.leases },
      clock: () => all.nowMs,
      dateMs: () => 1_000,
      random: (bytes) => randomBytes(bytes),
      report: (_, report) => all.reports.push(report),
      onProblem: (_, error) => {
        throw error
      },
    })
    stops.push(() => checker.stop())
    return Object.assign(all, { checker })
  }
  const lease = (proofs: Terms['proofs'] = PROOFS): ProvableLease & { closed: number } => {
    const resources = { millicores: 1_000, memoryBytes: 1, diskBytes: 1, gpus: [GPU] }
    const terms = {
      v: 1,
      resources,
      runtime: 'webgpu/1',
      network: 'none',
      proofs,
      predecessor: null,
    } as const
    const made = {
      lease: LEASE,
      closed: 0,
      state: {
        purchase: {
          ...{ lease: LEASE, peerId: provider.peerId, addresses: provider.addresses(), terms, job: 'job' },
          quote: { provider: ACCOUNT, resultSigner: SUBJECT } as Quote,
          ...{ openSignature: LEASE, providerSignature: null, phase: 'active', boot: null, opening: null },
          ...{ agreement: null, acceptedAtMs: 0, negotiatedMs: null, settled: false },
        },
        inFlight: new Map(),
        connected: true,
      } satisfies ProvableLease['state'],
      close: async () => {
        made.closed += 1
      },
    }
    return made
  }
  const offer = (proof: GpuProofFact | null = FACT): { offer: Offer } => {
    const { family, model } = GPU
    const told = { family, model, driver: null, api: null, speed: null, proof, marks: [] }
    return { offer: testOffer(provider, 90, { gpuClasses: [told] }) }
  }

  it('let a lease be used whose GPU proves itself, and note that', async () => {
    const all = await checking()
    const one = lease()
    await all.checker.first(one, offer())
    expect(all.asked).toEqual([{ lease: LEASE, gpu: GPU.id, work: { size: 512, rounds: 1 } }])
    expect(all.reports).toMatchObject([{ kind: 'proof', lease: LEASE, subject: SUBJECT, code: 'proven' }])
    expect(all.checker.records.of({ account: ACCOUNT, subject: SUBJECT })).toMatchObject({
      proven: 1,
      failed: 0,
    })
    expect([one.closed, all.checker.records.avoids(ACCOUNT)]).toEqual([0, false])
  })

  it('close the lease of a forger before it is used, and avoid its account', async () => {
    const all = await checking()
    all.conduct = FORGED
    const one = lease()
    await expect(all.checker.first(one, offer())).rejects.toMatchObject({
      data: { code: 'GPU_NOT_PROVEN', reason: 'wrong', lease: LEASE, gpu: GPU.id },
    })
    expect([one.closed, all.checker.records.avoids(ACCOUNT)]).toEqual([1, true])
    expect(all.reports).toMatchObject([{ kind: 'proof', code: 'wrong' }])
    const failures: unknown[] = []
    const { offer: told } = offer()
    const entry = (account: Hex) =>
      ({ entry: { peerId: provider.peerId, offer: { ...told, account } } }) as Candidate
    expect(all.checker.honest([entry(ACCOUNT), entry(SUBJECT)], failures)).toEqual([entry(SUBJECT)])
    expect(failures).toEqual([])
    expect(all.checker.honest([entry(ACCOUNT)], failures)).toEqual([])
    expect(failures).toMatchObject([{ data: { code: 'ACCOUNT_AVOIDED', account: ACCOUNT } }])
  })

  it('ask nothing of a lease whose terms allow no proofs', async () => {
    const all = await checking()
    await all.checker.first(lease(null), offer(null))
    expect([all.asked, all.reports]).toEqual([[], []])
  })

  it.each([
    ['while its GPU proves itself', PROOFS, 1],
    ['before, and whose terms allow no proofs', null, 0],
  ])('let no lease be used that ended %s', async (_, proofs, asked) => {
    const all = await checking()
    const one = lease(proofs)
    const end = () => {
      one.state.purchase.phase = 'lost'
    }
    if (proofs === null) end()
    all.conduct = {
      commit: async (root) => {
        end()
        return root
      },
    }
    await expect(all.checker.first(one, offer())).rejects.toMatchObject({
      data: { code: 'GPU_NOT_PROVEN', reason: 'unreachable', lease: LEASE, gpu: GPU.id },
    })
    expect(all.asked).toHaveLength(asked)
    expect(all.checker.records.avoids(ACCOUNT)).toBe(false)
  })

  it('blame nobody for a proof that is refused because the lease ends', async () => {
    const all = await checking()
    const one = lease()
    all.conduct = {
      commit: () => {
        one.state.purchase.phase = 'closing'
        return Promise.reject(new Error('the lease ends'))
      },
    }
    await all.checker.check(one)
    expect(all.reports).toMatchObject([{ code: 'unreachable' }])
    expect([one.closed, all.checker.records.avoids(ACCOUNT)]).toEqual([0, false])
  })

  it('do not blame a device for being slow while work of ours began on it', async () => {
    const all = await checking()
    const one = lease({ perHour: 20, seconds: 1 })
    all.conduct = {
      commit: (root) => {
        one.state.inFlight.set('attempt', {} as never)
        return new Promise((resolve) => setTimeout(() => resolve(root), 60_000).unref())
      },
    }
    await all.checker.check(one)
    expect(all.reports).toMatchObject([{ code: 'unreachable' }])
    expect([one.closed, all.checker.records.avoids(ACCOUNT)]).toEqual([0, false])
  })

  it('asks again at random times, and closes the lease of who forges by then', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const all = await checking()
    await all.checker.begin()
    const one = lease()
    all.leases.set(LEASE, one)
    const at = (minutes: number) => {
      all.nowMs = minutes * MINUTE_MS
      vi.advanceTimersByTime(5_000)
    }
    at(0)
    at(3.9)
    expect(all.asked).toEqual([])
    all.conduct = FORGED
    at(12)
    await vi.waitFor(() => expect(one.closed).toBe(1), { timeout: 30_000 })
    expect(all.asked).toHaveLength(1)
    expect(all.reports).toMatchObject([{ kind: 'proof', code: 'wrong' }])
    all.leases.delete(LEASE)
    at(60)
    expect(all.asked).toHaveLength(1)
  })

  it('asks again soon after a missed proof, and closes the lease at the second in a row', async () => {
    const all = await checking()
    const one = lease()
    const crash = { commit: () => Promise.reject(new Error('no memory is left')) }
    one.state.inFlight.set('attempt', {} as never)
    const check = async (conduct: Prover) => {
      all.conduct = conduct
      await all.checker.check(one)
    }
    await check(crash)
    await check({})
    await check(crash)
    expect(one.closed).toBe(0)
    one.state.connected = false
    await check(crash)
    expect(one.closed).toBe(0)
    one.state.connected = true
    await check(crash)
    expect(one.closed).toBe(1)
    const [no, yes] = ['unreachable', 'proven']
    expect(all.reports.map(({ code }) => code)).toEqual([no, yes, no, no, no])
    expect(all.checker.records.avoids(ACCOUNT)).toBe(false)
  })

  it('asks a lease of an earlier run at once, and again half a minute after a stream that was reset', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const all = await checking()
    await all.checker.begin()
    const one = lease()
    all.leases.set(LEASE, one)
    all.checker.resumed(one)
    let resets = 0
    await stops.splice(0, 1)[0]?.()
    const id = protocolId(provider.network, 'gpu-proof')
    await provider.libp2p.handle(id, (stream) => {
      resets += 1
      stream.abort(new Error('reset'))
    })
    stops.push(() => provider.libp2p.unhandle(id))
    const at = (ms: number) => {
      all.nowMs = ms
      vi.advanceTimersByTime(5_000)
    }
    at(5_000)
    await vi.waitFor(() => expect(all.reports).toHaveLength(1), { timeout: 30_000 })
    at(34_000)
    expect([resets, one.closed]).toEqual([1, 0])
    at(36_000)
    await vi.waitFor(() => expect(one.closed).toBe(1), { timeout: 30_000 })
    expect([resets, all.checker.records.avoids(ACCOUNT)]).toEqual([2, false])
    expect(all.reports).toMatchObject([{ code: 'unreachable' }, { code: 'unreachable' }])
  })
})
