import { EXACT } from '@souk/availability'
import {
  addressOf,
  type Hex,
  leaseOf,
  type NetworkId,
  type Output,
  type Quote,
  rawCid,
  signStruct,
  type Task,
  type Terms,
  taskDigest,
  termsDigest,
  toHex,
  utf8,
} from '@souk/protocol'
import type { Context } from '../program.ts'
import type { JobRow, Purchase, Sale } from '../records.ts'

/** The network that all simulated parties belong to. */
export const NETWORK: NetworkId = { name: 'sim', chainId: 31_337, escrow: numbered(1, 20) }

/** Returns `value` as hex of `bytes` bytes. */
export function numbered(value: number, bytes: number): Hex {
  return `0x${value.toString(16).padStart(bytes * 2, '0')}`
}

/** Returns the context of a process: its key is told apart by `key`, its run by `boot`. */
export function contextOf(key: number, boot: number): Context {
  const secret = new Uint8Array(32).fill(0)
  secret[31] = key
  return {
    network: NETWORK,
    signer: {
      address: addressOf(secret),
      sign: (type, message) => signStruct(secret, NETWORK, type, message),
    },
    boot: numbered(boot, 16),
  }
}

const PROGRAM = rawCid(utf8('a program'))

/** Returns the task with this number. */
export function taskOf(index: number): Task {
  return {
    v: 1,
    engine: 'wasm/1',
    program: PROGRAM,
    args: [String(index)],
    env: [],
    stdin: null,
    inputs: [],
    checkpoint: null,
    limits: { fuel: 0n, pages: 16, depth: 0, outputBytes: 1_024, files: 1 },
    seed: 0n,
    clockNs: 0n,
  }
}

/** Returns what a task truly gives, or, with another `variant`, what a liar says. */
export function outputOf(task: Task, variant = 0): Output {
  const stdout = rawCid(utf8(`${taskDigest(task)} ${variant}`))
  return { v: 1, status: { kind: 'exit', code: 0 }, fuel: 0n, stdout, files: [] }
}

const TERMS: Terms = {
  v: 1,
  resources: { millicores: 1_000, memoryBytes: 2 ** 28, diskBytes: 0, gpus: [] },
  runtime: 'wasm/1',
  network: 'none',
  proofs: null,
  predecessor: null,
}

/** Returns the quote that `seller` makes `buyer`; `salt` tells leases apart. */
export function quoteOf(buyer: Context, seller: Context, salt: number, fields: Partial<Quote> = {}): Quote {
  return {
    provider: seller.signer.address,
    requester: buyer.signer.address,
    resultSigner: seller.signer.address,
    voucherSigner: buyer.signer.address,
    rate: 1_000n * 10n ** 12n,
    startFee: 500n,
    deposit: 1_000_000n,
    bond: 0n,
    resultBond: 0n,
    slotPenalty: 0n,
    openBefore: 10_000,
    blocks: 1_000,
    notice: 1,
    prepay: 10,
    terms: termsDigest(TERMS),
    salt: numbered(salt, 32),
    ...fields,
  }
}

/** Returns what buyer and seller journal when a lease starts. */
export function leaseRows(
  buyer: Context,
  seller: Context,
  quote: Quote,
  job = 'job',
): { purchase: Purchase; sale: Sale } {
  const lease = leaseOf(NETWORK, quote)
  const shared = {
    lease,
    quote,
    terms: TERMS,
    openSignature: buyer.signer.sign('Open', { lease }),
    opening: null,
    agreement: null,
    acceptedAtMs: 0,
    settled: false,
  }
  const providerSignature = seller.signer.sign('Quote', quote)
  const bought = { job, addresses: [], providerSignature: null, negotiatedMs: null }
  return {
    purchase: { ...shared, ...bought, peerId: 'seller', phase: 'accepted', boot: null },
    sale: { ...shared, providerSignature, peerId: 'buyer', phase: 'active', boot: seller.boot, held: false },
  }
}

/** Returns the row of a job of `tasks` tasks on a quorum of k of n. */
export function jobRow(tasks: number, k = 1, n = k): JobRow {
  const resources = { millicores: 1_000, memoryBytes: 0, diskBytes: 0, gpu: null }
  const open = { region: null, maxRoundTripMs: null, maxRateE12: null }
  return {
    id: 'job',
    name: 'job',
    k,
    n,
    comparator: EXACT,
    deadlineMs: 60_000,
    tasks,
    demand: { resources, runtime: 'wasm/1', network: 'none', ...open, durationSeconds: 600 },
    leases: n,
    createdAtMs: 0,
    open: false,
    state: 'running',
  }
}

/** Returns 32 bytes that stand for a random value. */
export function digestOf(text: string): Hex {
  const bytes = new Uint8Array(32)
  bytes.set(utf8(text).subarray(0, 32))
  return toHex(bytes)
}
