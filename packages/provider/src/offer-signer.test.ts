import { generateKeyPair } from '@libp2p/crypto/keys'
import { keySigner } from '@souk/engine'
import { openAnnouncement } from '@souk/network'
import { type GpuMark, LIMITS, type NetworkId, type Resources } from '@souk/protocol'
import { type GpuDevice, gpuOf } from '@souk/runtime'
import { expect, test } from 'vitest'
import { GpuBook } from './gpu-book.ts'
import { OfferSigner } from './offer-signer.ts'

const NETWORK: NetworkId = { name: 'test', chainId: 1, escrow: `0x${'11'.repeat(20)}` }
const speed = {
  ...{ measured: 2 ** 31, fp32Gflops: 66_900, fp16Gflops: 989_000 },
  ...{ memoryMbPerSecond: 3_350_000, transferMbPerSecond: 55_000 },
}

function card(index: number): GpuDevice {
  const model = ['NVIDIA H100 80GB HBM3', 'NVIDIA GeForce RTX 4090 Laptop GPU'][index % 2] ?? ''
  return {
    ...{
      id: `GPU-8f6d3c1e-2b7a-4c55-9e10-6d1f0a2b3c${10 + index}`,
      family: 'nvidia',
      model,
      vramBytes: 85_520_809_984,
    },
    ...{
      driver: '550.54.15',
      api: 'CUDA 12.4',
      sharing: 'exclusive',
      link: 'NVLink x18',
      files: [],
      index,
      bus: null,
    },
  }
}

async function offerOf(cards: readonly GpuDevice[], addresses = 2) {
  const nodeKey = await generateKeyPair('Ed25519')
  const book = new GpuBook(cards)
  for (const { id } of cards) book.measured(id, { speed, proof: { proven: 2 ** 31, size: 4_096, ms: 900 } })
  book.note(cards.map(({ id }) => ({ kind: 'silent', id, why: 'busy' })))
  const resources: Resources = {
    millicores: 64_000,
    memoryBytes: 2 ** 40,
    diskBytes: 2 ** 42,
    gpus: cards.map(gpuOf),
  }
  const signer = new OfferSigner(
    {
      ...{
        account: `0x${'22'.repeat(20)}`,
        coreMibPerSecond: 400,
        resources,
        nodeKey,
        dateMs: () => 2 ** 40,
      },
      prices: {
        startFee: 10n ** 14n,
        coreSecondE12: 10n ** 26n,
        gibSecondE12: 10n ** 25n,
        gpuSecondE12: 10n ** 27n,
      },
      runtimes: {
        offered: [{ name: 'webgpu/1', sandbox: 'process' }],
        refused: [],
        start: () => Promise.reject(),
      },
    },
    { network: NETWORK, signer: keySigner(NETWORK, new Uint8Array(32).fill(7)), boot: '0x00' },
    {
      peerId: '12D3KooWS3CShFgz5NMdZRBq6PGhwaSV8rM4TetRWT7pgJsP7G3R',
      addresses: () =>
        Array(addresses).fill(
          `/ip4/203.0.113.250/tcp/40000/p2p/12D3KooWS3CShFgz5NMdZRBq6PGhwaSV8rM4TetRWT7pgJsP7G3R`,
        ),
    },
    book,
  )
  const sealed = await signer.seal(resources, 90)
  expect(sealed.byteLength).toBeLessThanOrEqual(LIMITS.offerBytes)
  const { announcement } = await openAnnouncement(sealed)
  if (announcement.kind !== 'offer') throw new Error('an offer was sealed')
  return announcement
}

test('an offer tells what is known of its GPUs', async () => {
  const offer = await offerOf([card(0), card(1)])
  expect(offer.free.gpus).toEqual([card(0), card(1)].map(gpuOf))
  const marks: GpuMark[] = ['unhealthy']
  expect(offer.gpuClasses).toMatchObject([card(0), card(1)].map(({ model }) => ({ model, speed, marks })))
})

test('a machine of eight fits, and addresses give way to GPUs', async () => {
  const eight = Array.from({ length: 8 }, (_, i) => card(2 * i))
  expect((await offerOf(eight)).free.gpus).toHaveLength(8)
  const crowded = await offerOf(eight, 8)
  expect(crowded.free.gpus).toHaveLength(8)
  expect(crowded.addresses.length).toBeLessThan(8)
})

test('of more GPUs than fit, an offer shows as many as do', async () => {
  const offer = await offerOf(
    Array.from({ length: LIMITS.offerGpus }, (_, i) => card(i)),
    8,
  )
  const shown = offer.free.gpus.length
  expect(shown).toBeGreaterThan(2)
  expect(shown).toBeLessThan(LIMITS.offerGpus)
  expect(offer.free.gpus).toEqual(Array.from({ length: shown }, (_, i) => gpuOf(card(i))))
  expect(offer.addresses).toHaveLength(2)
  expect(offer.gpuClasses).toHaveLength(2)
})
