import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import { digestsOf, referenceProduct } from './gpu-proof.fixture.ts'
import {
  type GpuProofWork,
  gpuProofAnswerCodec,
  gpuProofQuestionCodec,
  matrixKeys,
  mix,
  NO_LEASE,
  type ProofSubject,
  proofOperations,
  proofPaths,
  proofRoot,
  proofSeed,
  rootOfRow,
  rowBytes,
  rowNumbers,
  standardWork,
} from './gpu-proof.ts'
import {
  checkBytes,
  checkOperations,
  isRowRight,
  matrixRow,
  type ProofCheck,
  prepareCheck,
} from './gpu-proof-check.ts'

const SUBJECT: ProofSubject = {
  network: { name: 'test', chainId: 1, escrow: `0x${'11'.repeat(20)}` },
  lease: NO_LEASE,
  subject: `0x${'22'.repeat(20)}`,
  gpu: 'GPU-1',
  nonce: `0x${'33'.repeat(32)}`,
}
const WORK: GpuProofWork = { size: 64, rounds: 2 }
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const seed = bytes(32)
const random = bytes(checkBytes(WORK))
const row = fc.nat(WORK.size - 1)

function checkOf(keys: Uint32Array, work: GpuProofWork, vectors: Uint8Array): ProofCheck {
  const steps = prepareCheck(keys, work, vectors)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

describe('the matrices of a proof', () => {
  it('have these numbers, on every machine and device', () => {
    const keys = matrixKeys(proofSeed(SUBJECT), 1)
    expect(toHex(proofSeed(SUBJECT))).toMatchInlineSnapshot(
      `"0x891bc917aa58b59db72625dca83e11d83b03b1d8502dfa3dd248e94fb10ab086"`,
    )
    expect([...keys]).toMatchInlineSnapshot(`
      [
        1795462152,
        3998883561,
        841216646,
        3073297368,
      ]
    `)
    expect([...matrixRow(keys, 1, 5, 64).subarray(0, 3)]).toMatchInlineSnapshot(`
      [
        -935545325,
        93857201,
        -1813325651,
      ]
    `)
    expect(mix(1) >>> 0).toBe(0x514e28b7)
    expect(proofRoot(digestsOf(referenceProduct(keys, { size: 64, rounds: 1 })))).toMatchInlineSnapshot(
      `"0xc6385776dd2781c9bc25957b0d385d3687ad834e47c7ffdaf2505aed23a7882b"`,
    )
  })

  it('are others for every other network, lease, process, device and nonce', () => {
    const other: Partial<ProofSubject>[] = [
      { network: { ...SUBJECT.network, chainId: 2 } },
      { lease: `0x${'44'.repeat(32)}` },
      { subject: `0x${'44'.repeat(20)}` },
      { gpu: 'GPU-2' },
      { nonce: `0x${'44'.repeat(32)}` },
    ]
    const seeds = [{}, ...other].map((change) => toHex(proofSeed({ ...SUBJECT, ...change })))
    expect(new Set(seeds).size).toBe(seeds.length)
  })
})

describe('the check of a row', () => {
  it('agrees with the product itself', () => {
    fc.assert(
      fc.property(seed, random, row, (seed, random, row) => {
        const keys = matrixKeys(seed, WORK.rounds)
        const product = referenceProduct(keys, WORK)
        const check = checkOf(keys, WORK, random)
        expect(isRowRight(check, row, rowBytes(product[row] ?? new Int32Array()))).toBe(true)
      }),
      { numRuns: 10 },
    )
  })

  it('refuses rows with one number changed, cut rows, and rows of another place', () => {
    const keys = matrixKeys(proofSeed(SUBJECT), WORK.rounds)
    const product = referenceProduct(keys, WORK)
    fc.assert(
      // An odd difference at an odd number of a vector shows for sure; one of 2³¹ shows 15 times in 16.
      fc.property(random, row, row, fc.integer({ min: 1 }), (random, row, column, change) => {
        fc.pre(
          [0, 1, 2, 3].some((vector) => ((random[4 * (vector * WORK.size + column) + 3] ?? 0) & 1) === 1),
        )
        const check = checkOf(keys, WORK, random)
        const right = product[row] ?? new Int32Array()
        const wrong = Int32Array.from(right)
        wrong[column] = ((wrong[column] ?? 0) + change) | 0
        expect(isRowRight(check, row, rowBytes(wrong))).toBe(false)
        expect(isRowRight(check, row, rowBytes(right.subarray(1)))).toBe(false)
        expect(isRowRight(check, (row + 1) % WORK.size, rowBytes(right))).toBe(false)
        expect(isRowRight(check, WORK.size, rowBytes(right))).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('pauses often', () => {
    const steps = prepareCheck(
      matrixKeys(proofSeed(SUBJECT), 1),
      { size: 512, rounds: 1 },
      new Uint8Array(8_192),
    )
    let pauses = 0
    while (steps.next().done !== true) pauses += 1
    expect(pauses).toBe(2)
  })

  it('costs at most a fiftieth of what it checks, at either standard size', () => {
    for (const family of ['nvidia', 'software'] as const) {
      const work = standardWork(family)
      // A multiplication and an addition are two operations.
      expect(checkOperations(work, 32) / (2 * proofOperations(work))).toBeLessThanOrEqual(0.02)
    }
  })
})

describe('the commitment', () => {
  const rows = referenceProduct(matrixKeys(proofSeed(SUBJECT), 1), { size: 64, rounds: 1 })

  it('opens to every row, and to no other', () => {
    const digests = digestsOf(rows)
    const [root, paths] = [proofRoot(digests), proofPaths(digests)]
    for (const [at, path] of paths.entries()) {
      const values = rowBytes(rows[at] ?? new Int32Array())
      expect(rootOfRow(values, at, 64, path)).toBe(root)
      expect(rootOfRow(values, at ^ 1, 64, path)).not.toBe(root)
      expect(() => rootOfRow(values, at, 64, path.slice(1))).toThrow(/Merkle path/)
    }
    expect(() => rootOfRow(new Uint8Array(256), 64, 64, [])).toThrow(/row below 64/)
  })

  it('holds as many rows as the largest proof has, each with SHA-256 of its bytes', () => {
    const digests = new Uint8Array(32 * 4_096)
    expect(proofPaths(digests)).toHaveLength(4_096)
    const [first = new Int32Array()] = rows
    const digest = createHash('sha256').update(rowBytes(first)).digest()
    expect(Buffer.from(digestsOf(rows).subarray(0, 32)).equals(digest)).toBe(true)
  })

  it('keeps numbers through bytes', () => {
    fc.assert(
      fc.property(fc.int32Array(), (numbers) => {
        expect(rowNumbers(rowBytes(numbers))).toEqual(numbers)
      }),
    )
  })
})

describe('messages of a proof', () => {
  it('come back as they were', () => {
    const question = { t: 'ask', v: 1, lease: NO_LEASE, gpu: 'GPU-1', work: WORK } as const
    expect(gpuProofQuestionCodec.decode(gpuProofQuestionCodec.encode(question))).toEqual(question)
    const path = Array.from({ length: 12 }, () => NO_LEASE)
    const answer = { t: 'row' as const, row: 4_095, values: new Uint8Array(16_384), path }
    expect(gpuProofAnswerCodec.decode(gpuProofAnswerCodec.encode(answer))).toEqual(answer)
  })

  it.each([
    { size: 65, rounds: 1 },
    { size: 0, rounds: 1 },
    { size: 8_192, rounds: 1 },
    { size: 64, rounds: 0 },
    { size: 64, rounds: 17 },
  ])('refuse work beyond the bounds: %o', (work) => {
    const question = { t: 'ask', v: 1, lease: NO_LEASE, gpu: 'GPU-1', work } as const
    expect(() => gpuProofQuestionCodec.encode(question)).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    )
  })

  it('refuse rows that are larger, or more', () => {
    const row = { t: 'row' as const, row: 0, values: new Uint8Array(16_388), path: [] }
    expect(() => gpuProofAnswerCodec.encode(row)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
    const open = { t: 'open' as const, rows: Array.from({ length: 33 }, () => 0) }
    expect(() => gpuProofQuestionCodec.encode(open)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
    const large = new Uint8Array(20_481)
    expect(() => gpuProofAnswerCodec.decode(large)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})
