import { type GpuProofAnswer, gpuProofAnswerCodec, NO_LEASE, protocolId, toHex } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { type AskedProof, askGpuProof, type GrantProof, type ProofRow, serveGpuProofs } from './gpu-proof.ts'
import { prefixed } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

const ASKED: AskedProof = { lease: NO_LEASE, gpu: 'GPU-1', work: { size: 64, rounds: 1 } }
const NONCE = toHex(new Uint8Array(32).fill(9))
const ROOT = toHex(new Uint8Array(32).fill(7))

const rowOf = (row: number): ProofRow => ({ row, values: new Uint8Array(256).fill(row), path: [ROOT] })

describe('proofs of GPU', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const pair = async () => {
    const network = testNetwork()
    const [provider, requester] = await Promise.all([testNode(network), testNode(network)])
    nodes.push(provider, requester)
    return { provider, requester, target: { peerId: provider.peerId, addresses: provider.addresses() } }
  }
  /** A provider that proves, what it was asked, and how many of its devices stand ready. */
  const proving = async (change: Partial<Awaited<ReturnType<GrantProof>>> = {}) => {
    const all = { ...(await pair()), asked: [] as unknown[], ready: 0 }
    await serveGpuProofs(all.provider, async (asked, peer) => {
      all.asked.push({ ...asked, peer })
      all.ready += 1
      return {
        prove: async (nonce) => (nonce === NONCE ? ROOT : NO_LEASE),
        open: async (rows) => rows.map(rowOf),
        stop: async () => {
          all.ready -= 1
        },
        ...change,
      }
    })
    return all
  }
  /** A provider that answers every stream with these messages. */
  const saying = async (...messages: readonly GpuProofAnswer[]) => {
    const all = await pair()
    const id = protocolId(all.provider.network, 'gpu-proof')
    await all.provider.libp2p.handle(id, (stream) => {
      for (const message of messages) stream.send(prefixed(gpuProofAnswerCodec.encode(message)))
    })
    return all
  }

  it('go from question to rows, and free the device', async () => {
    const all = await proving()
    const proof = await askGpuProof(all.requester, all.target, ASKED)
    expect(all.asked).toEqual([{ ...ASKED, peer: all.requester.peerId }])
    expect(await proof.commit(NONCE, 5_000)).toBe(ROOT)
    expect(await proof.open([5, 3, 5])).toEqual([rowOf(5), rowOf(3), rowOf(5)])
    await proof.close()
    await until('the device is free', () => all.ready === 0)
  })

  it('are refused in the provider’s words', async () => {
    const { provider, requester, target } = await pair()
    await serveGpuProofs(provider, async () => ({ code: 'unknown-lease', message: 'no such lease' }))
    await expect(askGpuProof(requester, target, ASKED)).rejects.toMatchObject({
      data: { code: 'PROOF_REFUSED', reason: 'unknown-lease' },
    })
  })

  it('fail with the device, which is freed', async () => {
    const all = await proving({ prove: () => Promise.reject(new Error('the driver crashed')) })
    const proof = await askGpuProof(all.requester, all.target, ASKED)
    await expect(proof.commit(NONCE, 5_000)).rejects.toMatchObject({
      data: { reason: 'failed' },
      message: expect.stringContaining('the driver crashed'),
    })
    await until('the device is free', () => all.ready === 0)
  })

  it('end where nothing is committed in time, and free the device', async () => {
    const late = Promise.withResolvers<typeof ROOT>()
    const all = await proving({ prove: () => late.promise })
    const proof = await askGpuProof(all.requester, all.target, ASKED)
    await expect(proof.commit(NONCE, 100)).rejects.toMatchObject({ code: 'TIMEOUT' })
    late.resolve(ROOT)
    await until('the device is free', () => all.ready === 0)
  })

  it('end where their rows trickle in, each of them in time', async () => {
    const { provider, requester, target } = await pair()
    let sent = 0
    await provider.libp2p.handle(protocolId(provider.network, 'gpu-proof'), (stream) => {
      const say = (answer: GpuProofAnswer) => stream.send(prefixed(gpuProofAnswerCodec.encode(answer)))
      say({ t: 'ready' })
      say({ t: 'committed', root: ROOT })
      const timer = setInterval(() => {
        if (stream.status !== 'open') return clearInterval(timer)
        sent += 1
        say({ t: 'row', ...rowOf(0) })
      }, 50)
    })
    const proof = await askGpuProof(requester, target, ASKED)
    await proof.commit(NONCE, 5_000)
    const rows = Array.from({ length: 32 }, () => 0)
    await expect(proof.open(rows, 300)).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(sent).toBeLessThan(32)
  })

  it('end with their caller', async () => {
    const all = await proving({ prove: () => new Promise(() => {}) })
    const caller = new AbortController()
    const proof = await askGpuProof(all.requester, all.target, ASKED, caller.signal)
    const committing = proof.commit(NONCE, 60_000)
    caller.abort()
    await expect(committing).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('free the device of a requester that leaves before it sends a nonce', async () => {
    const all = await proving()
    const proof = await askGpuProof(all.requester, all.target, ASKED)
    expect(all.ready).toBe(1)
    await proof.close()
    await until('the device is free', () => all.ready === 0)
  })

  it('take no message out of turn', async () => {
    const { requester, target } = await saying({ t: 'ready' }, { t: 'ready' })
    const proof = await askGpuProof(requester, target, ASKED)
    await expect(proof.commit(NONCE, 5_000)).rejects.toMatchObject({ code: 'MALFORMED' })
  })

  it.each([
    ['is none', prefixed(Uint8Array.of(0xa0)), 'MALFORMED'],
    ['is longer than any', Uint8Array.of(0x81, 0xa0, 0x01), 'TOO_LARGE'],
  ])('break off at an answer that %s', async (_, bytes, code) => {
    const { provider, requester, target } = await pair()
    await provider.libp2p.handle(protocolId(provider.network, 'gpu-proof'), (stream) => {
      stream.send(bytes)
    })
    await expect(askGpuProof(requester, target, ASKED)).rejects.toMatchObject({ code })
  })

  it('are not to be had of a provider without any', async () => {
    const { requester, target } = await pair()
    await expect(askGpuProof(requester, target, ASKED)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})
