import { randomBytes } from 'node:crypto'
import { type SoukNode, serveGpuProofs } from '@souk/network'
import { type Gpu, type GpuProofWork, type GpuSpeed, toHex } from '@souk/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { isLie, judgeGpu, type ProofCase, type ProofVerdict } from './gpu-verdict.ts'
import { type Prover, proverOf } from './prover.fixture.ts'

const WORK: GpuProofWork = { size: 128, rounds: 1 }
const SUBJECT = toHex(new Uint8Array(20).fill(1))
const LEASE = toHex(new Uint8Array(32).fill(2))
const OTHER = toHex(new Uint8Array(32).fill(3))
const GPU: Gpu = { id: 'GPU-1', family: 'nvidia', model: 'SwiftShader', vramBytes: 2 ** 30 }

const SPEED: GpuSpeed = {
  ...{ measured: 1, fp32Gflops: 0, fp16Gflops: 0, memoryMbPerSecond: 0, transferMbPerSecond: 0 },
}

/** What an offer tells of a device that proves itself in so many milliseconds, and computes so fast. */
function toldOf(ms: number, fp32Gflops = 0): ProofCase['told'] {
  return { proof: { proven: 1, size: WORK.size, ms }, speed: { ...SPEED, fp32Gflops } }
}

describe('a proof of GPU', () => {
  const network = testNetwork()
  let provider: SoukNode
  let requester: SoukNode
  let unserve = async () => {}
  beforeAll(async () => {
    ;[provider, requester] = await Promise.all([testNode(network), testNode(network)])
  })
  afterEach(() => unserve())
  afterAll(() => Promise.all([provider, requester].map((node) => node.stop())))

  /** Serves a prover that computes here; it answers as honestly as `change` lets it. */
  const serve = async (change: Prover) => {
    unserve = await serveGpuProofs(provider, async (asked) => proverOf(network, SUBJECT, asked, change))
  }
  const judge = (
    change: Partial<ProofCase> = {},
    signal = new AbortController().signal,
  ): Promise<ProofVerdict> => {
    const services = {
      node: requester,
      clock: () => performance.now(),
      random: (n: number) => randomBytes(n),
    }
    const target = { peerId: provider.peerId, addresses: provider.addresses() }
    const honest = {
      target,
      lease: LEASE,
      subject: SUBJECT,
      gpu: GPU,
      told: toldOf(3_000),
      seconds: 20,
      isUsed: false,
    }
    return judgeGpu(services, { ...honest, work: WORK, ...change }, signal)
  }

  it('is believed where it is right', async () => {
    await serve({})
    const verdict = await judge()
    expect(verdict).toMatchObject({ gpu: 'GPU-1', code: 'proven', marks: [] })
    expect(verdict.ms).toBeLessThan(verdict.limitMs)
    expect(isLie(verdict)).toBe(false)
  })

  test.each<[string, Prover, string]>([
    [
      'rows that are not of the product',
      { compute: (rows) => rows.map((row) => row.map((n) => n ^ 1)) },
      'of the product',
    ],
    [
      'rows computed in part',
      { compute: (rows) => rows.map((row, at) => (at % 4 ? row : new Int32Array(row.length))) },
      'of the product',
    ],
    [
      'every row in part',
      { compute: (rows) => rows.map((row) => row.map((n, at) => (at < 120 ? n : at))) },
      'of the product',
    ],
    [
      'a product computed before, of an older nonce',
      { seed: (honest) => ({ ...honest, nonce: OTHER }) },
      'of the product',
    ],
    [
      'what another machine answers for itself',
      { seed: (honest) => ({ ...honest, subject: toHex(new Uint8Array(20)) }) },
      'of the product',
    ],
    [
      'what another of its devices answers',
      { seed: (honest) => ({ ...honest, gpu: 'GPU-2' }) },
      'of the product',
    ],
    [
      'what it answered on another lease',
      { seed: (honest) => ({ ...honest, lease: OTHER }) },
      'of the product',
    ],
    ['rows that were computed after it committed', { commit: async () => OTHER }, 'committed to'],
    [
      'the one right row that it has, for all',
      { open: (rows) => rows.flatMap(() => rows[0] ?? []) },
      'than were asked for',
    ],
    [
      'paths of another length',
      { open: (rows) => rows.map((one) => ({ ...one, path: one.path.slice(1) })) },
      'committed to',
    ],
    [
      'rows of another length',
      { open: (rows) => rows.map((one) => ({ ...one, values: one.values.slice(4) })) },
      'committed to',
    ],
  ])('is not made of %s', async (_, prover, why) => {
    await serve(prover)
    const verdict = await judge()
    expect(verdict).toMatchObject({ code: 'wrong', why: expect.stringContaining(why) })
    expect(isLie(verdict)).toBe(true)
  })

  it('comes too late from a device that is slower than it is said to be', async () => {
    const late = Promise.withResolvers<typeof OTHER>()
    await serve({ commit: () => late.promise })
    const verdict = await judge({ told: toldOf(1) })
    late.resolve(OTHER)
    expect(verdict).toMatchObject({ code: 'slow', ms: null })
    expect(isLie(verdict)).toBe(true)
    // Its own millisecond three times, a second for what is no computing, and the way there and back.
    expect(verdict.limitMs).toBeGreaterThanOrEqual(1_003)
    expect(verdict.limitMs).toBeLessThan(5_000)
  })

  it('comes too late from a device that proves itself slowly, and is said to compute fast', async () => {
    const late = Promise.withResolvers<typeof OTHER>()
    await serve({ commit: () => late.promise })
    const verdict = await judge({ told: toldOf(15_000, 60_000) })
    late.resolve(OTHER)
    expect(verdict).toMatchObject({ code: 'slow' })
    // A hundredth of 60 TFLOPS is through in less than a millisecond.
    expect(verdict.limitMs).toBeLessThan(4_000)
  })

  it('has half a minute from a device of which nothing is told, and a processor all of the terms', async () => {
    await serve({})
    const untold = await judge({ told: null, seconds: 300 })
    expect(untold.limitMs).toBeGreaterThanOrEqual(31_000)
    expect(untold.limitMs).toBeLessThan(34_000)
    const processor = await judge({ gpu: { ...GPU, family: 'software' }, told: toldOf(1, 60_000) })
    expect(processor.limitMs).toBeGreaterThanOrEqual(21_000)
  })

  it.each([
    ['eight times as long', 500, 20, 12_000],
    ['five seconds at the least', 1, 20, 6_000],
    ['never more than the terms say', 3_000, 4, 5_000],
  ])('has %s where work of ours uses the device', async (_, toldMs, seconds, limitMs) => {
    await serve({})
    const verdict = await judge({ isUsed: true, told: toldOf(toldMs), seconds })
    expect(verdict.code).toBe('proven')
    expect(verdict.limitMs).toBeGreaterThanOrEqual(limitMs)
    // Beside that there is the round trip, a second each way at the most.
    expect(verdict.limitMs).toBeLessThanOrEqual(limitMs + 2_000 + 1_000)
  })

  it.each([
    ['already', { isUsed: true }],
    ['by now', { isUsedNow: () => true }],
  ])('that fails where work of ours is there %s says nothing', async (_, used) => {
    unserve = await serveGpuProofs(provider, async () => ({ code: 'failed', message: 'no memory is left' }))
    const verdict = await judge(used)
    expect(verdict).toMatchObject({ code: 'unreachable', why: expect.stringContaining('no memory') })
    unserve()
    unserve = await serveGpuProofs(provider, async () => ({ code: 'no-gpu', message: 'none' }))
    expect(await judge(used)).toMatchObject({ code: 'refused' })
  })

  it('that is put off for ever ends, and says nothing', async () => {
    unserve = await serveGpuProofs(provider, () => new Promise(() => {}))
    const verdict = await judge({ seconds: 1, told: toldOf(1), aroundMs: 100 })
    expect(verdict).toMatchObject({ code: 'unreachable', why: expect.stringContaining('too long') })
  })

  it('marks a device that is far from the model that it is said to be', async () => {
    await serve({})
    expect(await judge({ gpu: { ...GPU, model: 'NVIDIA H200' } })).toMatchObject({
      code: 'proven',
      marks: ['slow-for-model'],
    })
  })

  it('that is refused speaks against its provider', async () => {
    unserve = await serveGpuProofs(provider, async () => ({ code: 'failed', message: 'the driver crashed' }))
    const verdict = await judge()
    expect(verdict).toMatchObject({ code: 'refused', why: expect.stringContaining('the driver crashed') })
    expect(isLie(verdict)).toBe(true)
    await unserve()
    expect(await judge()).toMatchObject({ code: 'refused' })
  })

  it('of a provider that cannot be reached says nothing', async () => {
    const gone = await testNode(network)
    const target = { peerId: gone.peerId, addresses: gone.addresses() }
    await gone.stop()
    const verdict = await judge({ target })
    expect(verdict).toMatchObject({ code: 'unreachable' })
    expect(isLie(verdict)).toBe(false)
  })

  it('ends with its caller', async () => {
    await serve({ commit: () => new Promise(() => {}) })
    const caller = new AbortController()
    const judging = judge({}, caller.signal)
    caller.abort(new Error('enough'))
    await expect(judging).rejects.toThrow('enough')
  })
})
