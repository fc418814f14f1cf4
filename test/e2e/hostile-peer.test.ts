import { type Hex, leaseOf, type Quote, rawCid } from '@souk/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { delegateKey, newParty } from './support/buyer.ts'
import { RawPeer, randomHex, Talk } from './support/raw-peer.ts'
import { CONDUCT, demandOf, hashing, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const TOKEN = 10n ** 18n
const BOOT: Hex = `0x${'00'.repeat(16)}`

let stage: Stage
let peer: RawPeer
let other: RawPeer
let provider: { peerId: string; addresses: string[] }
let agent: { peerId: string; addresses: string[] }
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.5))
  const party = await newParty(stage, 'hostile', TOKEN)
  const key = await delegateKey(party)
  peer = await RawPeer.start(stage.market.config, party.account, key)
  other = await RawPeer.start(stage.market.config, party.account, key)
  provider = await stage.status('provider-1')
  agent = await stage.ask('agent', 'status')
})
afterAll(async () => {
  await peer?.node.stop()
  await other?.node.stop()
  await stage?.stop()
})
// After each attack an honest job is served, by the same process.
afterEach(async () => {
  const pid = stage.market.child('provider-1')?.pid
  expect(await stage.run(requestOf(CONDUCT, [['nothing']]))).toMatchObject({ state: 'done' })
  expect(stage.market.child('provider-1')).toMatchObject({ pid })
  expect(stage.market.child('provider-1')?.isRunning()).toBe(true)
})

describe('bytes that are no frame break their stream off, and nothing else', () => {
  test.each([
    ['an oversized frame', prefixed(0x7fffffff, new Uint8Array(64))],
    ['malformed CBOR', prefixed(8, new Uint8Array(8).fill(0xff))],
    [
      'CBOR of no known frame',
      prefixed(9, new Uint8Array([0xa1, 0x61, 0x74, 0x65, 104, 101, 108, 108, 111])),
    ],
    ['an endless length', new Uint8Array(16).fill(0xff)],
  ])('%s', async (_what, bytes) => {
    await peer.sendBytes(provider, bytes)
  })

  test('the agent speaks no lease protocol to callers', async () => {
    await expect(peer.open(agent)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

describe('frames out of place', () => {
  test('a run before any lease resets the stream', async () => {
    const talk = new Talk(await peer.open(provider))
    await talk.send({ t: 'cancel', seq: 1, ack: 0, attempts: [] })
    expect(await talk.stream.closed).toMatchObject({ reason: 'reset' })
  })

  test('a resumption of no lease, or of another peer’s lease, is told that it is unknown', async () => {
    const talk = new Talk(await peer.open(provider))
    const resume = { t: 'resume', lease: randomHex(32), ack: 0, boot: BOOT } as const
    expect(await talk.ask(resume, 'ended')).toMatchObject({ code: 'unknown-lease' })

    const honest = await started()
    const { lease } = honest
    const thief = new Talk(await other.open(provider))
    expect(await thief.ask({ ...resume, lease }, 'ended')).toMatchObject({ code: 'unknown-lease' })
    // The lease itself goes on.
    await honest.talk.next('beat')
    await close(honest)
  })

  test('an acceptance of what was never quoted to this stream is refused', async () => {
    const talk = new Talk(await peer.open(provider))
    const offered = await talk.ask(peer.demand(), 'quote')
    const cheap = { ...offered, quote: { ...offered.quote, rate: 1n } }
    expect(await talk.ask(peer.acceptance(cheap), 'refused')).toMatchObject({ code: 'terms-changed' })

    const larger = { ...offered.terms, resources: { ...offered.terms.resources, millicores: 150 } }
    const again = new Talk(await peer.open(provider))
    const fresh = await again.ask(peer.demand(), 'quote')
    const altered = peer.acceptance({ quote: fresh.quote, terms: larger })
    expect(await again.ask(altered, 'refused')).toMatchObject({ code: 'terms-changed' })
  })

  test('an acceptance signed by another key is refused', async () => {
    const talk = new Talk(await peer.open(provider))
    const offered = await talk.ask(peer.demand(), 'quote')
    const signature = peer.sign('Open', { lease: randomHex(32) })
    const forged = { ...peer.acceptance(offered), signature }
    expect(await talk.ask(forged, 'refused')).toMatchObject({ code: 'bad-signature' })
  })

  test('a replayed acceptance gets no second lease', async () => {
    const taken = await started()
    const replay = new Talk(await peer.open(provider))
    expect(await replay.ask(taken.accept, 'refused')).toMatchObject({ code: 'terms-changed' })
    const { leases } = await stage.status('provider-1')
    expect(
      leases.filter((lease) => lease.requester === peer.account && lease.phase === 'active'),
    ).toHaveLength(1)
    await close(taken)
  })
})

describe('vouchers', () => {
  test('a voucher with a wrong signature ends its lease as misbehaviour', async () => {
    const { talk } = await started()
    const signature = peer.sign('Close', { lease: randomHex(32), paid: 1n })
    const voucher = { t: 'voucher', ack: 0, cumulative: 1n, ackFrom: 0, ackUntil: 0, signature } as const
    expect(await talk.ask(voucher, 'ended')).toMatchObject({ code: 'misbehaved' })
  })

  test('a voucher above the deposit counts for nothing', async () => {
    const taken = await started()
    const { talk, lease, quote } = taken
    const amounts = { cumulative: quote.deposit + 1n, ackFrom: 0, ackUntil: 0 }
    const signature = peer.sign('Voucher', { lease, ...amounts })
    await talk.send({ t: 'voucher', ack: 0, ...amounts, signature })
    await talk.next('beat')
    const held = (await stage.status('provider-1')).leases.find((one) => one.lease === lease)
    expect(held?.earned).toBe(0n)
    await close(taken)
  })
})

describe('too much of everything', () => {
  test('a flood of demands on many streams is answered, cut off and forgotten', async () => {
    const streams = await Promise.all(Array.from({ length: 60 }, () => peer.open(provider)))
    const endings = streams.map(async (stream) => {
      for (let i = 0; i < 30; i++) void stream.send(peer.demand())
      let quotes = 0
      try {
        for await (const frame of stream.frames) if (frame.t === 'quote') quotes += 1
      } catch {
        // A stream that is cut off has been answered as far as it was.
      }
      return quotes
    })
    for (const quotes of await Promise.all(endings)) expect(quotes).toBeLessThanOrEqual(8)
  })

  test('streams that say nothing are closed, so that others find room', async () => {
    const silent = await Promise.all(Array.from({ length: 60 }, () => peer.open(provider)))
    const endings = await Promise.all(silent.map((stream) => stream.closed))
    expect(endings.every((ending) => ending.reason !== 'local')).toBe(true)
    const talk = new Talk(await peer.open(provider))
    await talk.ask(peer.demand(), 'quote')
    await talk.stream.close()
  })

  test('more attempts than the credit are refused one by one', async () => {
    const taken = await started()
    const { talk, credit } = taken
    const program = rawCid(new Uint8Array([1]))
    const limits = { fuel: 0n, pages: 1, depth: 0, outputBytes: 1, files: 0 }
    const rest = { stdin: null, inputs: [], checkpoint: null, limits, seed: 0n, clockNs: 0n }
    const task = { v: 1, engine: 'wasm/1', program, args: [], env: [], ...rest } as const
    const attempts = Array.from({ length: credit + 3 }, (_, n) => ({
      id: `greedy-${n}`,
      n: 1,
      task: { ...task, args: [], env: [], inputs: [] },
      deadlineMs: 1_000,
    }))
    // A frame holds no more than the highest credit.
    await talk.send({ t: 'run', seq: 1, ack: 0, attempts: attempts.slice(0, credit), inline: [] })
    await talk.send({ t: 'run', seq: 2, ack: 0, attempts: attempts.slice(credit), inline: [] })
    const failures = [await talk.next('failed'), await talk.next('failed'), await talk.next('failed')]
    expect(failures.map((failure) => failure.code)).toEqual(['refused', 'refused', 'refused'])
    await close(taken, 3)
  })

  test('a demand for next to nothing is refused: each lease has a process of its own', async () => {
    const talk = new Talk(await peer.open(provider))
    const tiny = demandOf({}, { millicores: 0, memoryBytes: 1 })
    expect(await talk.ask(peer.demand({}, tiny), 'refused')).toMatchObject({ code: 'malformed' })
  })
})

test('an honest job runs while hostile peers shout, and all capacity is free at the end', async () => {
  const { done } = await stage.start(hashing(6, 16))
  const noise = Array.from({ length: 20 }, () => peer.sendBytes(provider, new Uint8Array(64).fill(0xff)))
  expect(await done).toMatchObject({ state: 'done', verified: 6 })
  await Promise.all(noise)
  await peer.node.stop()
  await other.node.stop()
  await stage.capacityFree()
})

interface Taken {
  readonly talk: Talk
  readonly accept: ReturnType<RawPeer['acceptance']>
  readonly credit: number
  readonly lease: Hex
  readonly quote: Quote
}

/** Takes a lease as an honest requester would. */
async function started(): Promise<Taken> {
  const talk = new Talk(await peer.open(provider))
  const offered = await talk.ask(peer.demand(), 'quote')
  const accept = peer.acceptance(offered)
  const { credit } = await talk.ask(accept, 'started')
  const { quote } = offered
  return { talk, accept, credit, lease: leaseOf(peer.network, quote), quote }
}

/** Ends a lease by agreement, for its start fee; `seq` is the next number of the channel. */
async function close({ talk, lease, quote }: Taken, seq = 1): Promise<void> {
  const paid = quote.startFee
  const signature = peer.sign('Close', { lease, paid })
  expect(await talk.ask({ t: 'close', seq, ack: 0, paid, signature }, 'ended')).toMatchObject({
    code: 'closed',
  })
}

/** Returns bytes behind a length prefix that may lie. */
function prefixed(length: number, bytes: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let rest = length
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) prefix.push((rest & 0x7f) | 0x80)
  return Uint8Array.from([...prefix, rest, ...bytes])
}
