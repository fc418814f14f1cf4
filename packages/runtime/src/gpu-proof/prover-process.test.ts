import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  checkBytes,
  type GpuProofWork,
  isRowRight,
  matrixKeys,
  type ProofCheck,
  prepareCheck,
  proofRoot,
  rootOfRow,
} from '@souk/protocol'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { digestsOf, referenceProduct } from '../../../protocol/src/gpu-proof.fixture.ts'
import { namespaceWrapper } from '../runner-namespaces.ts'
import { descendants } from '../testing/descendants.ts'
import { NO_VULKAN, useSoftwareVulkan } from '../testing/software-vulkan.ts'
import { listAdapters } from '../webgpu/adapters.ts'
import { hidingWrapper } from '../webgpu/hide-devices.ts'
import { hashConstants } from './guest/kernels.ts'
import { type GpuProof, prepareGpuProof } from './prover-process.ts'

const SEED = new Uint8Array(32).fill(5)
/** Milliseconds for a device to stand ready twice on a machine that is very busy. */
const BUSY_MS = 180_000
/** Milliseconds for a product on a processor that others use. */
const LONG_MS = 50_000

const namespaces = await namespaceWrapper()

function checkOf(work: GpuProofWork): ProofCheck {
  const steps = prepareCheck(matrixKeys(SEED, work.rounds), work, randomBytes(checkBytes(work)))
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

it('knows the constants of SHA-256', () => {
  const constants = hashConstants()
  expect(constants).toHaveLength(64)
  expect([...constants.subarray(0, 2)]).toEqual([0x428a2f98, 0x71374491])
  expect(constants[63]).toBe(0xc67178f2)
})

describe.skipIf(!useSoftwareVulkan())(`a prover on WebGPU (${NO_VULKAN})`, { timeout: BUSY_MS }, () => {
  let adapter = ''
  let proof: GpuProof | undefined
  beforeAll(async () => {
    adapter = (await listAdapters()).find(({ isSoftware }) => isSoftware)?.name ?? ''
  })
  afterEach(async () => {
    await proof?.stop()
  })

  it.each([
    { size: 64, rounds: 1 },
    { size: 192, rounds: 2 },
  ])('commits to the product as its definition says: %o', async (work) => {
    proof = await prepareGpuProof(adapter, work)
    const product = referenceProduct(matrixKeys(SEED, work.rounds), work)
    expect(await proof.prove(SEED, LONG_MS)).toBe(proofRoot(digestsOf(product)))
  })

  it('opens every row to its root, and each passes the check; a second proof is another', async () => {
    const work = { size: 128, rounds: 3 }
    proof = await prepareGpuProof(adapter, work)
    expect(await proof.prove(new Uint8Array(32), LONG_MS)).not.toBe(await proof.prove(SEED, LONG_MS))
    const root = await proof.prove(SEED, LONG_MS)
    const check = checkOf(work)
    const opened = await proof.open([0, 77, 127])
    expect(opened.map(({ row }) => row)).toEqual([0, 77, 127])
    for (const { row, values, path } of opened) {
      expect(rootOfRow(values, row, work.size, path)).toBe(root)
      expect(isRowRight(check, row, values)).toBe(true)
    }
  })

  it('ends with its time, and says so from then on', async () => {
    proof = await prepareGpuProof(adapter, { size: 512, rounds: 4 })
    await expect(proof.prove(SEED, 1)).rejects.toMatchObject({ code: 'NOT_MEASURED' })
    await expect(proof.prove(SEED, LONG_MS)).rejects.toMatchObject({ code: 'NOT_MEASURED' })
  })

  it('ends with its signal, whatever it does', async () => {
    const over = new AbortController()
    proof = await prepareGpuProof(adapter, { size: 512, rounds: 4 }, over.signal)
    const proving = proof.prove(SEED, LONG_MS)
    over.abort()
    await expect(proving).rejects.toMatchObject({ code: 'NOT_MEASURED' })
    const late = prepareGpuProof(adapter, { size: 64, rounds: 1 }, over.signal)
    await expect(late).rejects.toMatchObject({ code: 'NOT_MEASURED' })
  })

  it('says so where a matrix is more than the device has', async () => {
    // 260 MiB, above what WebGPU's standard limits let one buffer be.
    const preparing = prepareGpuProof(adapter, { size: 8_256, rounds: 1 })
    await expect(preparing).rejects.toMatchObject({
      code: 'NOT_MEASURED',
      message: expect.stringMatching(/the device takes|enough memory/),
    })
  })

  it('says so where the device does not compute, instead of committing to zeros', async () => {
    // 130 MiB: a buffer that can be made, and above what a shader may be given.
    proof = await prepareGpuProof(adapter, { size: 5_888, rounds: 1 })
    await expect(proof.prove(SEED, LONG_MS)).rejects.toMatchObject({
      code: 'NOT_MEASURED',
      message: expect.stringMatching(/the device takes|enough memory/),
    })
  })

  it.skipIf(namespaces === null)(
    'proves itself where other devices are hidden, and leaves nothing',
    async () => {
      const work = { size: 64, rounds: 1 }
      const hiding = hidingWrapper(namespaces ?? [], ['/dev/full'])
      const before = descendants(process.pid)
      proof = await prepareGpuProof(adapter, work, undefined, hiding)
      const product = referenceProduct(matrixKeys(SEED, work.rounds), work)
      expect(await proof.prove(SEED, LONG_MS)).toBe(proofRoot(digestsOf(product)))
      const during = descendants(process.pid).filter((pid) => !before.includes(pid))
      expect(during.length).toBeGreaterThan(1)
      await proof.stop()
      const isThere = (pid: number) => existsSync(`/proc/${pid}`)
      await vi.waitFor(() => expect(during.filter(isThere)).toEqual([]), { timeout: LONG_MS })
    },
  )

  it('is not to be had of an adapter that is not there', async () => {
    const preparing = prepareGpuProof('no such adapter', { size: 64, rounds: 1 })
    await expect(preparing).rejects.toMatchObject({
      code: 'NOT_MEASURED',
      message: expect.stringContaining('no such adapter'),
    })
  })
})
