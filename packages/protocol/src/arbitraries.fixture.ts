import fc from 'fast-check'
import { compareBytewise, type Hex, toHex } from './bytes.ts'
import { rawCid } from './content.ts'
import type { Demand } from './demand.ts'
import type { Close, Quote, Voucher } from './eip712.ts'
import { type Attempt, endingCode, type Frame, holdState, type Result, refusalCode } from './frames.ts'
import { type GpuClass, type GpuHealth, gpuMark } from './gpu-facts.ts'
import { LIMITS } from './limits.ts'
import type { Offer, Tombstone } from './offer.ts'
import { failureCode, type Output } from './output.ts'
import type { Terms } from './quote.ts'
import type { Resources } from './resources.ts'
import { isFilePath, type Task } from './task.ts'

/** Hex of a fixed number of bytes. */
export const hex = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex)

/** Unsigned integers of at most `bits`, often at the ends of the range. */
export const uint = (bits: number): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })

const count = (max: number = Number.MAX_SAFE_INTEGER) => fc.integer({ min: 0, max })
const text = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', maxLength })
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}'), minLength: 1, maxLength: 6 })
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const cid = fc.uint8Array({ maxLength: 8 }).map(rawCid)
const wasm = fc.constantFrom('wasm/1' as const, 'wasm-det/1' as const, 'container/1' as const)
const none = fc.constant('none' as const)
const family = fc.constantFrom('nvidia' as const, 'amd' as const, 'apple' as const, 'software' as const)

const amounts = { millicores: count(10_000_000), memoryBytes: count(), diskBytes: count() }

export const resources: fc.Arbitrary<Resources> = fc.record({
  ...amounts,
  gpus: fc.array(fc.record({ id: text(16), family, model: text(16), vramBytes: count() }), { maxLength: 2 }),
})

const wantedGpu = { count: count(16), family, model: text(96), vramBytes: count() }

export const demand: fc.Arbitrary<Demand> = fc.record({
  resources: fc.record({
    ...amounts,
    gpu: nullable(
      fc.oneof(fc.record(wantedGpu), fc.record({ ...wantedGpu, proven: fc.constant(true as const) })),
    ),
  }),
  runtime: wasm,
  network: none,
  region: nullable(text(32)),
  maxRoundTripMs: nullable(count(60_000)),
  maxRateE12: nullable(uint(128)),
  durationSeconds: fc.integer({ min: 1, max: 3_600 }),
})

const seconds = count(2 ** 40 - 1)

const gpuHealth: fc.Arbitrary<GpuHealth> = fc.record({
  id: text(16),
  busy: nullable(count(1_000)),
  usedBytes: nullable(count()),
  celsius: nullable(count(1_000)),
  watts: nullable(count(10_000)),
  memoryErrors: nullable(count()),
  present: fc.boolean(),
})

const gpuClass: fc.Arbitrary<GpuClass> = fc.record({
  family,
  model: text(16),
  driver: nullable(text(16)),
  api: nullable(text(16)),
  speed: nullable(
    fc.record({
      measured: seconds,
      fp32Gflops: count(100_000),
      fp16Gflops: count(100_000),
      memoryMbPerSecond: count(10_000_000),
      transferMbPerSecond: count(100_000),
    }),
  ),
  proof: nullable(fc.record({ proven: seconds, size: count(65_536), ms: count(3_600_000) })),
  marks: fc.subarray([...gpuMark.options]),
})

const prices = fc.record({
  startFee: uint(96),
  coreSecondE12: uint(128),
  gibSecondE12: uint(128),
  gpuSecondE12: uint(128),
})

const takenCapacity = fc.record({
  millicores: count(10_000_000),
  memoryBytes: count(),
  gpus: fc.array(fc.record({ family, model: text(16), count: count(LIMITS.offerGpus) }), { maxLength: 2 }),
})

const wholeOffer: fc.Arbitrary<Required<Offer>> = fc.record({
  kind: fc.constant('offer' as const),
  network: text(64),
  seq: count(),
  expires: count(2 ** 40 - 1),
  account: hex(20),
  subject: hex(20),
  binding: fc.record({ expires: count(2 ** 40 - 1), signature: hex(64) }),
  addresses: fc.array(text(64), { maxLength: 8 }),
  free: resources,
  coreMibPerSecond: count(1_000_000),
  leased: takenCapacity,
  reserved: takenCapacity,
  prices,
  gpuClasses: fc.array(gpuClass, { maxLength: 2 }),
  runtimes: fc.array(
    fc.record({ name: wasm, sandbox: fc.constantFrom('process' as const, 'namespaces' as const) }),
    { maxLength: 2 },
  ),
  region: nullable(text(32)),
})

/** Offers that tell what is not free, and offers that do not. */
export const offer: fc.Arbitrary<Offer> = fc
  .tuple(wholeOffer, fc.boolean())
  .map(([{ leased, reserved, ...rest }, tells]) => (tells ? { ...rest, leased, reserved } : rest))

export const tombstone: fc.Arbitrary<Tombstone> = fc.record({
  kind: fc.constant('tombstone' as const),
  network: text(64),
  seq: count(),
})

export const quote: fc.Arbitrary<Quote> = fc.record({
  provider: hex(20),
  requester: hex(20),
  resultSigner: hex(20),
  voucherSigner: hex(20),
  rate: uint(128),
  startFee: uint(96),
  deposit: uint(96),
  bond: uint(96),
  resultBond: uint(96),
  slotPenalty: uint(96),
  openBefore: count(2 ** 40 - 1),
  blocks: count(2 ** 32 - 1),
  notice: count(2 ** 32 - 1),
  prepay: count(2 ** 32 - 1),
  terms: hex(32),
  salt: hex(32),
})

export const voucher: fc.Arbitrary<Voucher> = fc.record({
  lease: hex(32),
  cumulative: uint(96),
  ackFrom: count(2 ** 40 - 1),
  ackUntil: count(2 ** 40 - 1),
})

export const close: fc.Arbitrary<Close> = fc.record({ lease: hex(32), paid: uint(96) })

const plainTerms = fc.record({
  v: fc.constant(1 as const),
  resources,
  runtime: wasm,
  network: none,
  proofs: nullable(
    fc.record({ perHour: fc.integer({ min: 1, max: 60 }), seconds: fc.integer({ min: 1, max: 300 }) }),
  ),
  predecessor: nullable(hex(32)),
})
const unixSeconds = count(2 ** 40 - 1)
const hold = fc.record({ from: unixSeconds, claimBy: unixSeconds, until: unixSeconds, prices })

/** Terms of leases, and of reservations. */
export const terms: fc.Arbitrary<Terms> = fc
  .tuple(plainTerms, fc.option(hold, { nil: undefined }))
  .map(([plain, held]) => (held === undefined ? plain : { ...plain, hold: held }))

const sortedFiles = fc
  .uniqueArray(fc.tuple(word.filter(isFilePath), cid, count(2 ** 32)), {
    selector: ([path]) => path,
    maxLength: 4,
  })
  .map((files) => files.toSorted((a, b) => compareBytewise(a[0], b[0])))

export const task: fc.Arbitrary<Task> = fc.record({
  v: fc.constant(1 as const),
  engine: wasm,
  program: cid,
  args: fc.array(word, { maxLength: 3 }),
  env: fc.uniqueArray(word, { maxLength: 4 }).map((entries) => entries.toSorted(compareBytewise)),
  stdin: nullable(cid),
  inputs: sortedFiles,
  checkpoint: nullable(cid),
  limits: fc.record({
    fuel: uint(64),
    pages: fc.integer({ min: 1, max: 65_536 }),
    depth: count(1_000_000),
    outputBytes: count(2 ** 32),
    files: count(256),
  }),
  seed: uint(64),
  clockNs: uint(64),
})

export const output: fc.Arbitrary<Output> = fc.record({
  v: fc.constant(1 as const),
  status: fc.oneof(
    fc.record({ kind: fc.constant('exit' as const), code: count(2 ** 32 - 1) }),
    fc.record({ kind: fc.constantFrom('trap' as const, 'out-of-fuel' as const, 'output-limit' as const) }),
  ),
  fuel: uint(64),
  stdout: cid,
  files: sortedFiles,
})

const id = text(96)
const ids = fc.array(id, { maxLength: 4 })
const inline = fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 3 })
const attempt: fc.Arbitrary<Attempt> = fc.record({
  id,
  n: count(1_000_000),
  task,
  deadlineMs: count(86_400_000),
})
const result: fc.Arbitrary<Result> = fc.record({ attempt: id, task: hex(32), output })
const durable = { seq: count(), ack: count() }
const signature = hex(64)

const beat = {
  ack: count(),
  n: count(),
  boot: hex(16),
  credit: count(64),
  running: ids,
  load: count(1_000),
  gpus: fc.array(gpuHealth, { maxLength: 2 }),
}

/** One arbitrary for each type of frame. */
export const frames: { [T in Frame['t']]: fc.Arbitrary<Extract<Frame, { t: T }>> } = {
  demand: framed('demand', {
    demand,
    requester: hex(20),
    voucherSigner: hex(20),
    predecessor: nullable(hex(32)),
  }),
  quote: framed('quote', { quote, terms }),
  refused: framed('refused', { code: fc.constantFrom(...refusalCode.options), message: text(512) }),
  accept: framed('accept', { quote, terms, signature }),
  started: framed('started', { signature, boot: hex(16), credit: count(64), held: fc.boolean() }),
  reserve: framed('reserve', {
    demand,
    requester: hex(20),
    voucherSigner: hex(20),
    from: count(2 ** 40 - 1),
    seconds: fc.integer({ min: 1, max: LIMITS.reserveSeconds }),
  }),
  hold: framed('hold', {
    lease: hex(32),
    cumulative: uint(96),
    ackFrom: count(2 ** 40 - 1),
    ackUntil: count(2 ** 40 - 1),
    signature,
  }),
  holds: framed('holds', {
    lease: hex(32),
    state: fc.constantFrom(...holdState.options),
    cumulative: uint(96),
  }),
  unhold: framed('unhold', { lease: hex(32), paid: uint(96), signature }),
  resume: framed('resume', { lease: hex(32), ack: count(), boot: hex(16) }),
  resumed: framed('resumed', {
    ack: count(),
    boot: hex(16),
    credit: count(64),
    cumulative: uint(96),
    running: ids,
  }),
  run: framed('run', { ...durable, attempts: fc.array(attempt, { minLength: 1, maxLength: 3 }), inline }),
  cancel: framed('cancel', { ...durable, attempts: ids }),
  close: framed('close', { ...durable, paid: uint(96), signature }),
  results: framed('results', {
    ...durable,
    results: fc.array(result, { minLength: 1, maxLength: 3 }),
    signature,
    inline,
  }),
  drain: framed('drain', { ...durable, seconds: count(86_400) }),
  ended: framed('ended', {
    ...durable,
    code: fc.constantFrom(...endingCode.options),
    message: text(512),
    signature,
    close: nullable(signature),
  }),
  beat: fc.oneof(framed('beat', { ...beat }), framed('beat', { ...beat, executing: ids })),
  voucher: framed('voucher', {
    ack: count(),
    cumulative: uint(96),
    ackFrom: count(2 ** 40 - 1),
    ackUntil: count(2 ** 40 - 1),
    signature,
  }),
  sources: framed('sources', {
    ack: count(),
    peers: fc.array(
      fc.record({ peerId: text(128), addresses: fc.array(text(256), { maxLength: LIMITS.offerAddresses }) }),
      { maxLength: LIMITS.sources },
    ),
  }),
  checkpoint: framed('checkpoint', { ack: count(), attempt: id, cid, bytes: count(LIMITS.fileBytes) }),
  taken: framed('taken', { ack: count(), attempt: id, cid }),
  ahead: framed('ahead', { ack: count(), cid }),
  secrets: framed('secrets', {
    ack: count(),
    files: fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,20}$/),
        bytes: fc.uint8Array({ maxLength: 64 }),
      }),
      { maxLength: LIMITS.secrets, selector: (file) => file.name },
    ),
  }),
  failed: framed('failed', {
    ack: count(),
    attempt: id,
    code: fc.constantFrom(...failureCode.options),
    message: text(1024),
  }),
}

function framed<T extends string, R extends object>(t: T, fields: { [K in keyof R]: fc.Arbitrary<R[K]> }) {
  return fc.record({ t: fc.constant(t), ...fields }) as unknown as fc.Arbitrary<{ t: T } & R>
}
