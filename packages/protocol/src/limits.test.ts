import { expect, test } from 'vitest'
import { fromHex } from './bytes.ts'
import { linkNodeCodec, rawCid } from './content.ts'
import { frameCodec } from './frames.ts'
import { LIMITS } from './limits.ts'
import { type Output, outputCodec } from './output.ts'

const CID = rawCid(new Uint8Array())

test('the link node of the largest file fits in a block', () => {
  const leaves = Array(LIMITS.fileBytes / LIMITS.blockBytes).fill(CID)
  const node = linkNodeCodec.encode({ v: 1, bytes: LIMITS.fileBytes, leaves })
  expect(node.byteLength).toBeLessThanOrEqual(LIMITS.blockBytes)
})

test('a Merkle path of the largest batch has at most 10 hashes', () => {
  expect(Math.ceil(Math.log2(LIMITS.batchLeaves))).toBe(10)
})

test('small content and the largest object fit in a frame', () => {
  expect(LIMITS.inlineBytes + LIMITS.objectBytes).toBeLessThan(LIMITS.frameBytes)
  expect(LIMITS.inlineBytes).toBeLessThan(LIMITS.blockBytes)
})

test('a full credit of small results fits in one frame', () => {
  const output: Output = {
    v: 1,
    status: { kind: 'exit', code: 0 },
    fuel: 0n,
    stdout: CID,
    files: [['out', CID, 1]],
  }
  const bytes = frameCodec.encode({
    t: 'results',
    seq: 1,
    ack: 1,
    results: Array.from({ length: LIMITS.credit }, (_, i) => ({
      attempt: `attempt-${i}`,
      task: `0x${'00'.repeat(32)}`,
      output,
    })),
    signature: `0x${'00'.repeat(64)}`,
    inline: Array(LIMITS.credit).fill(fromHex(`0x${'00'.repeat(1024)}`)),
  })
  expect(bytes.byteLength).toBeLessThanOrEqual(LIMITS.frameBytes)
  expect(outputCodec.encode(output).byteLength).toBeLessThan(LIMITS.objectBytes)
})

test('one run frame can carry everything that credit allows', () => {
  expect(LIMITS.runAttempts).toBeGreaterThanOrEqual(LIMITS.credit)
  expect(LIMITS.batchLeaves).toBeGreaterThanOrEqual(LIMITS.credit)
})

test('a directory answer has room for the offers it may hold', () => {})

test('a quote opens well before its lease could end, and beats are far apart from negotiation', () => {
  expect(LIMITS.openBeforeSeconds).toBeLessThan(LIMITS.leaseSeconds)
  expect(LIMITS.beatMs * 4).toBeLessThan(LIMITS.negotiationMs)
  expect(LIMITS.negotiationMs).toBeLessThan(LIMITS.blockMs)
})
