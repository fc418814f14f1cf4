import { randomBytes } from 'node:crypto'
import type { AskedProof, ProofRefusal, ReadyProof } from '@souk/network'
import {
  checkBytes,
  type Hex,
  isRowRight,
  matrixKeys,
  prepareCheck,
  proofSeed,
  rootOfRow,
  type Terms,
  toHex,
} from '@souk/protocol'
import { findAdapters, type GpuDevice, prepareGpuProof, seeAlone } from '@souk/runtime'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { NO_VULKAN, useSoftwareVulkan } from '../../runtime/src/testing/software-vulkan.ts'
import { GpuBook } from './gpu-book.ts'
import { GpuProver } from './gpu-prover.ts'
import { createLog } from './log.ts'

const NETWORK = { name: 'test', chainId: 1, escrow: toHex(new Uint8Array(20)) }
const SUBJECT = toHex(new Uint8Array(20).fill(1))
const LEASE = toHex(new Uint8Array(32).fill(2))
const NONCE = toHex(new Uint8Array(32).fill(3))
const HOUR_MS = 3_600_000
/** Milliseconds for devices to stand ready several times on a machine that is very busy. */
const BUSY_MS = 180_000
const SMALL = { size: 64, rounds: 1 }
const DEVICE: GpuDevice = {
  ...{ id: 'software-0', family: 'software', model: 'SwiftShader', vramBytes: 2 ** 30 },
  ...{ driver: null, api: null, sharing: 'exclusive', link: null, bus: null, files: [], index: 0 },
}
const PROOFS = { perHour: 3, seconds: 60 }

describe.skipIf(!useSoftwareVulkan())(
  `the prover of a provider's GPUs (${NO_VULKAN})`,
  { timeout: BUSY_MS },
  () => {
    const book = new GpuBook([DEVICE])
    const leases = new Map<Hex, Terms>()
    let nowMs = 0
    let changes = 0
    const services = {
      ...{ book, network: NETWORK, subject: SUBJECT, adapters: findAdapters, prepare: prepareGpuProof },
      alone: seeAlone,
      termsOf: (lease: Hex, peer: string) => (peer === 'holder' ? leases.get(lease) : undefined),
      isFree: () => true,
      log: createLog(() => {}, 'text', Date.now),
      clock: () => nowMs + performance.now(),
      dateMs: Date.now,
      random: (bytes: number) => randomBytes(bytes),
      changed: () => {
        changes += 1
      },
    }
    const prover = new GpuProver(services)
    const leased = (lease: Hex, proofs: Terms['proofs']) => {
      const resources = { millicores: 1_000, memoryBytes: 1, diskBytes: 1, gpus: [DEVICE] }
      leases.set(lease, { v: 1, resources, runtime: 'webgpu/1', network: 'none', proofs, predecessor: null })
    }
    const ask = (change: Partial<AskedProof> = {}, peer = 'holder') =>
      prover.grant({ lease: LEASE, gpu: DEVICE.id, work: SMALL, ...change }, peer)
    const ready = async (asking: ReturnType<typeof ask>): Promise<ReadyProof> => {
      const granted: ReadyProof | ProofRefusal = await asking
      if ('code' in granted) throw new Error(granted.message)
      return granted
    }
    const proven = () => book.list()[0]?.proof ?? null

    beforeAll(async () => {
      expect(prover.terms([DEVICE])).toBeNull()
      prover.start()
      await vi.waitFor(() => expect(proven()).not.toBeNull(), { timeout: BUSY_MS })
    }, BUSY_MS)
    afterAll(() => prover.stop())

    it('has each device prove itself, measures it, and lets quotes allow proofs from then on', () => {
      expect(book.list()[0]).toMatchObject({ proof: { size: 512 }, marks: [] })
      expect(book.list()[0]?.speed?.fp32Gflops).toBeGreaterThan(0)
      expect(changes).toBe(1)
      expect(prover.terms([DEVICE])).toMatchObject({ perHour: 20, seconds: expect.any(Number) })
      expect(prover.terms([DEVICE])?.seconds).toBeGreaterThanOrEqual(60)
      expect(prover.terms([DEVICE, { id: 'other', family: 'nvidia' }])).toBeNull()
    })

    it('proves a leased device to its holder, for this lease, process and device', async () => {
      leased(LEASE, PROOFS)
      const proof = await ready(ask())
      const root = await proof.prove(NONCE)
      const seed = proofSeed({
        network: NETWORK,
        lease: LEASE,
        subject: SUBJECT,
        gpu: DEVICE.id,
        nonce: NONCE,
      })
      const steps = prepareCheck(matrixKeys(seed, 1), SMALL, randomBytes(checkBytes(SMALL)))
      let step = steps.next()
      while (!step.done) step = steps.next()
      const [row] = await proof.open([63])
      await proof.stop()
      if (row === undefined) throw new Error('expected a row')
      expect(rootOfRow(row.values, row.row, 64, row.path)).toBe(root)
      expect(isRowRight(step.value, 63, row.values)).toBe(true)
    })

    it('proves to nobody but its holder, and no other device or more than the standard', async () => {
      leased(LEASE, PROOFS)
      expect(await ask({}, 'another peer')).toMatchObject({ code: 'unknown-lease' })
      expect(await ask({ lease: NONCE })).toMatchObject({ code: 'unknown-lease' })
      expect(await ask({ gpu: 'software-1' })).toMatchObject({ code: 'no-gpu' })
      expect(await ask({ work: { size: 512, rounds: 2 } })).toMatchObject({ code: 'too-much' })
      leased(LEASE, null)
      expect(await ask()).toMatchObject({ code: 'no-gpu' })
    })

    it('proves no more often than the terms say, in any hour', async () => {
      const lease = toHex(new Uint8Array(32).fill(4))
      leased(lease, { ...PROOFS, perHour: 1 })
      const first = await ready(ask({ lease }))
      expect(await ask({ lease })).toMatchObject({ code: 'too-often' })
      await first.stop()
      nowMs += HOUR_MS
      await (await ready(ask({ lease }))).stop()
    })

    it('has a device prove itself to one after the other', async () => {
      const lease = toHex(new Uint8Array(32).fill(5))
      leased(lease, PROOFS)
      const first = await ready(ask({ lease }))
      let isSecond = false
      const second = ready(ask({ lease })).then((proof) => {
        isSecond = true
        return proof
      })
      await first.prove(NONCE)
      expect(isSecond).toBe(false)
      await first.stop()
      await (await second).stop()
      expect(isSecond).toBe(true)
    })

    it('says so where a device does not get to the end', async () => {
      const lease = toHex(new Uint8Array(32).fill(6))
      leased(lease, PROOFS)
      const away = new GpuProver({ ...services, adapters: async () => ({ adapters: [], why: 'no driver' }) })
      away.start()
      expect(await away.grant({ lease, gpu: DEVICE.id, work: SMALL }, 'holder')).toMatchObject({
        code: 'failed',
      })
      expect(away.terms([DEVICE])).toBeNull()
      await away.stop()
    })

    it('gives no proofs of a device that cannot be told from another', async () => {
      const twin = new GpuBook([DEVICE])
      const alone = async () => {
        throw new Error('two of that name')
      }
      const other = new GpuProver({ ...services, book: twin, alone })
      const before = changes
      other.start()
      await vi.waitFor(() => expect(changes).toBe(before + 1), { timeout: BUSY_MS })
      expect(other.terms([DEVICE])).toBeNull()
      expect(twin.list()[0]).toMatchObject({ proof: null, speed: null })
      await other.stop()
    })

    it('keeps no measurement of a device that was leased meanwhile', async () => {
      const leasedBook = new GpuBook([DEVICE])
      let looks = 0
      // Free when its round begins, and leased by the time that it has proven itself.
      const isFree = () => looks++ === 0
      const other = new GpuProver({ ...services, book: leasedBook, isFree })
      other.start()
      await vi.waitFor(() => expect(leasedBook.list()[0]?.proof).not.toBeNull(), { timeout: BUSY_MS })
      expect(leasedBook.list()[0]?.speed).toBeNull()
      await other.stop()
    })

    it('stops while a device proves itself, and while one waits for its turn', async () => {
      const lease = toHex(new Uint8Array(32).fill(7))
      leased(lease, PROOFS)
      const short = new GpuProver(services)
      short.start()
      const waiting = short.grant({ lease, gpu: DEVICE.id, work: SMALL }, 'holder')
      await short.stop()
      expect(await waiting).toMatchObject({ code: 'failed' })
      expect(short.terms([DEVICE])).toBeNull()
    })
  },
)
