import { type Frame, LIMITS, utf8 } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { buyerLease } from './buyer-state.ts'
import { enqueue } from './channel.ts'
import { attemptOf, BUYER, finishedOf, framesOf, LeasePair, SELLER } from './testing/lease-pair.ts'
import { numbered, outputOf, taskOf } from './testing/parties.ts'

/** Returns what a list of effects does, in words. */
function doing(effects: readonly { do: string }[]): string[] {
  return effects.map((effect) => effect.do)
}

function running(pair: LeasePair, ...ids: string[]): LeasePair {
  pair.start()
  pair.toSeller(pair.dispatch(...ids))
  return pair
}

/** A dropped connection, and the resumption over a new one; returns what the requester does on it. */
function reconnect(pair: LeasePair) {
  pair.buy({ type: 'disconnected' })
  pair.sell({ type: 'disconnected' })
  return resume(pair)
}

function resume(pair: LeasePair) {
  const { lease } = pair.buyer.purchase
  const frame = { t: 'resume', lease, ack: pair.buyer.channel.inSeq, boot: BUYER.boot } as const
  const [answer, ...rest] = framesOf(pair.sell({ type: 'resume', frame }))
  if (answer?.t !== 'resumed') throw new Error('a resumption is answered with resumed')
  const effects = pair.buy({ type: 'resumed', frame: answer })
  return { effects, rest }
}

describe('work on a lease', () => {
  test('goes out, comes back signed, and is acknowledged', () => {
    const pair = running(new LeasePair(), 'a', 'b')
    const effects = pair.toBuyer(pair.sell({ type: 'finished', results: [finishedOf('a'), finishedOf('b')] }))
    // What the results acknowledge goes from the outbox; then their rows, and only then the job hears of them.
    expect(doing(effects)).toEqual(['persist', 'store', 'persist', 'deliver', 'capacity'])
    pair.pass(1_000)
    expect(pair.seller.channel.unacked).toEqual([])
    expect(pair.buyer.channel.unacked).toEqual([])
  })

  test('is given back where it crosses the loss of the connection or the end of the lease', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'disconnected' })
    expect(pair.dispatch('a')).toEqual([{ do: 'capacity' }, { do: 'suspend', attempts: ['a'] }])
    pair.buy({ type: 'close' })
    expect(pair.dispatch('b')).toEqual([{ do: 'capacity' }, { do: 'suspend', attempts: ['b'] }])
  })

  test('that was given back frees its place before anything new comes', () => {
    const pair = running(new LeasePair({}, 1), 'a')
    const { effects } = reconnect(pair)
    pair.toSeller(effects)
    const answers = pair.toSeller(pair.dispatch('b'))
    expect(framesOf(answers).some((frame) => frame.t === 'failed')).toBe(false)
    expect([...pair.seller.running.keys()]).toEqual(['b'])
  })

  test('beyond the credit is refused', () => {
    const pair = running(new LeasePair({}, 1), 'a')
    const answers = framesOf(pair.toSeller(pair.dispatch('b')))
    expect(answers).toMatchObject([{ t: 'failed', attempt: 'b', code: 'refused' }])
  })

  test('that a provider no longer has has failed', () => {
    const pair = running(new LeasePair(), 'a')
    pair.seller.running.clear()
    pair.pass(600)
    expect(pair.buyerEffects).toContainEqual(
      expect.objectContaining({ do: 'failed', attempt: 'a', code: 'killed' }),
    )
  })

  test('journalled by a job and never sent, because of a crash, has failed too', () => {
    const pair = new LeasePair().start()
    const { purchase, channel } = pair.buyer
    const inFlight = new Map([['ghost', numbered(1, 32)]])
    const again = buyerLease(purchase, pair.buyer.head, 0, { channel, voucher: pair.buyer.voucher, inFlight })
    Object.assign(pair.buyer, again)
    resume(pair)
    pair.pass(600)
    expect(pair.buyerEffects).toContainEqual(expect.objectContaining({ do: 'failed', attempt: 'ghost' }))
  })

  test('never runs twice, also where its frame is repeated', () => {
    const pair = new LeasePair().start()
    const [run] = framesOf(pair.dispatch('a'))
    const twice = [run, run].flatMap((frame) => pair.sell({ type: 'frame', frame: frame as Frame }))
    expect(doing(twice).filter((what) => what === 'execute').length).toBe(1)
  })
})

describe('a result that crosses its cancel', () => {
  test('is handed on', () => {
    const pair = running(new LeasePair(), 'a')
    const results = pair.sell({ type: 'finished', results: [finishedOf('a', 1)] })
    const cancels = pair.buy({ type: 'cancel', attempts: ['a'] })
    pair.toSeller(cancels)
    expect(doing(pair.toBuyer(results))).toContain('deliver')
  })

  test('is handed on after a reconnect too, each of several', () => {
    const pair = running(new LeasePair(), 'a', 'b')
    pair.sell({ type: 'finished', results: [finishedOf('a', 1)] })
    pair.sell({ type: 'finished', results: [finishedOf('b', 1)] })
    pair.toSeller(pair.buy({ type: 'cancel', attempts: ['a', 'b'] }))
    const { rest } = reconnect(pair)
    const effects = rest.flatMap((frame) => pair.buy({ type: 'frame', frame }))
    const delivered = effects.flatMap((effect) => (effect.do === 'deliver' ? effect.deliveries : []))
    expect(delivered.map(({ attempt }) => attempt)).toEqual(['a', 'b'])
  })

  test('is handed on while the lease closes', () => {
    const pair = running(new LeasePair(), 'a')
    const results = pair.sell({ type: 'finished', results: [finishedOf('a')] })
    const closing = pair.buy({ type: 'close' })
    const ended = pair.toSeller(closing)
    const effects = pair.toBuyer([...results, ...ended])
    expect(doing(effects)).toContain('deliver')
    expect(pair.buyer.purchase).toMatchObject({ phase: 'closed', agreement: { peer: expect.any(String) } })
  })

  test('is not wanted once the provider has read the cancel', () => {
    const pair = running(new LeasePair(), 'a')
    pair.toSeller(pair.buy({ type: 'cancel', attempts: ['a'] }))
    expect(pair.sell({ type: 'finished', results: [finishedOf('a')] })).toEqual([])
    pair.pass(600)
    expect(pair.buyer.takenBack.size).toBe(0)
  })
})

describe('an ending', () => {
  test('that got lost is told again to whoever resumes', () => {
    const pair = running(new LeasePair(), 'a')
    pair.sell({ type: 'finished', results: [finishedOf('a')] })
    pair.toSeller(pair.buy({ type: 'close' }))
    expect(pair.seller.sale.phase).toBe('closed')
    pair.buy({ type: 'disconnected' })
    const { rest } = resume(pair)
    const effects = rest.flatMap((frame) => pair.buy({ type: 'frame', frame }))
    expect(doing(effects)).toContain('deliver')
    expect(pair.buyer.purchase).toMatchObject({ phase: 'closed', agreement: { peer: expect.any(String) } })
  })

  test('of a process that does not know the lease loses it, whatever its numbers', () => {
    const pair = running(new LeasePair(), 'a')
    pair.toBuyer(pair.sell({ type: 'finished', results: [finishedOf('a')] }))
    const { lease } = pair.buyer.purchase
    const code = 'unknown-lease' as const
    const signature = SELLER.signer.sign('Ending', { lease, code })
    const frame = { t: 'ended', seq: 1, ack: 0, code, message: '', signature, close: null } as const
    pair.buy({ type: 'disconnected' })
    pair.buy({ type: 'frame', frame })
    expect(pair.buyer.purchase.phase).toBe('lost')
  })

  test('must be signed', () => {
    const pair = new LeasePair().start()
    const message = { code: 'closed', message: '', signature: numbered(1, 64), close: null } as const
    pair.buy({ type: 'frame', frame: { t: 'ended', seq: 1, ack: 0, ...message } })
    expect(pair.buyer.purchase).toMatchObject({ phase: 'lost', agreement: null })
  })

  test('is closed on no less than the last voucher, and nothing is promised after', () => {
    const pair = new LeasePair().start()
    pair.pass(5_000)
    const promised = pair.buyer.voucher?.cumulative ?? 0n
    const closing = pair.buy({ type: 'close' })
    pair.pass(4_000, false)
    expect(pair.buyer.voucher?.cumulative).toBe(promised)
    pair.toSeller(closing)
    expect(pair.seller.sale.agreement?.paid).toBeGreaterThanOrEqual(pair.seller.voucher?.cumulative ?? 0n)
  })

  test('with less than a voucher, or more than the deposit, is not signed', () => {
    for (const paid of [0n, 1_000_001n]) {
      const pair = new LeasePair().start()
      pair.toSeller(pair.buyerEffects)
      const signature = BUYER.signer.sign('Close', { lease: pair.buyer.purchase.lease, paid })
      pair.sell({ type: 'frame', frame: { t: 'close', seq: 1, ack: 0, paid, signature } })
      expect(pair.seller.sale.agreement).toBeNull()
      expect(pair.seller.sale.phase).toBe('closed')
    }
  })

  test('that crosses a drain stays a close', () => {
    const pair = new LeasePair().start()
    const drain = pair.sell({ type: 'drain', seconds: 30 })
    pair.buy({ type: 'close' })
    pair.toBuyer(drain)
    expect(pair.buyer.purchase.phase).toBe('closing')
  })
})

describe('a peer that breaks the protocol', () => {
  test('loses the lease, and the process goes on', () => {
    const frames: Frame[] = [
      { t: 'drain', seq: 7, ack: 0, seconds: 1 },
      { t: 'drain', seq: 1, ack: 99, seconds: 1 },
      { t: 'cancel', seq: 1, ack: 0, attempts: [] },
    ]
    for (const frame of frames) {
      const pair = new LeasePair().start()
      expect(doing(pair.buy({ type: 'frame', frame }))).toContain('settle')
      expect(pair.buyer.purchase.phase).toBe('lost')
    }
  })

  test('at the start, with another signature, is not leased from', () => {
    const pair = new LeasePair()
    pair.buy({ type: 'started', frame: { ...pair.started, signature: numbered(1, 64) } })
    expect(pair.buyer.purchase).toMatchObject({ phase: 'lost', providerSignature: null })
  })

  test('with a gap or a false signature is sold to no longer', () => {
    const voucher = { cumulative: 900n, ackFrom: 0, ackUntil: 0, signature: numbered(1, 64) }
    const frames: Frame[] = [
      { t: 'cancel', seq: 2, ack: 0, attempts: [] },
      { t: 'cancel', seq: 1, ack: 5, attempts: [] },
      { t: 'voucher', ack: 0, ...voucher },
      { t: 'drain', seq: 1, ack: 0, seconds: 1 },
    ]
    for (const frame of frames) {
      const pair = new LeasePair().start()
      pair.sell({ type: 'frame', frame })
      expect(pair.sellerEffects).toContainEqual(expect.objectContaining({ do: 'settle', code: 'misbehaved' }))
    }
  })

  test('by never acknowledging loses the lease, and every attempt comes back', () => {
    const pair = new LeasePair().start()
    for (let i = 0; i < LIMITS.outboxFrames; i++) enqueue(pair.buyer.channel, { t: 'cancel', attempts: [] })
    const effects = pair.dispatch('a', 'b')
    expect(effects).toContainEqual({ do: 'suspend', attempts: ['a', 'b'] })
    expect(pair.buyer.purchase.phase).toBe('lost')
    const other = running(new LeasePair(), 'a')
    for (let i = 0; i < LIMITS.outboxFrames; i++) enqueue(other.seller.channel, { t: 'drain', seconds: 1 })
    expect(doing(other.sell({ type: 'finished', results: [finishedOf('a')] }))).toContain('settle')
  })

  test('by dropping every connection at once is dialled less and less often', () => {
    const pair = new LeasePair().start()
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      pair.buy({ type: 'disconnected' })
      waits.push((pair.buyer.redial?.atMs ?? 0) - pair.nowMs)
      pair.pass(2_000, false)
      resume(pair)
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(1_000)
  })

  test('by coming back and saying nothing loses the lease', () => {
    const pair = new LeasePair().start()
    for (let i = 0; i < 3; i++) {
      pair.buy({ type: 'disconnected' })
      pair.pass(5_000, false)
      resume(pair)
    }
    pair.buy({ type: 'disconnected' })
    expect(pair.buyer.purchase.phase).toBe('lost')
  })
})

describe('frames', () => {
  test('wait for the resumption: one ahead of those that are sent again would look like a gap', () => {
    const pair = running(new LeasePair(), 'a', 'b')
    expect(framesOf(pair.buy({ type: 'disconnected' }))).toEqual([])
    pair.sell({ type: 'disconnected' })
    expect(framesOf(pair.sell({ type: 'finished', results: [finishedOf('a')] }))).toEqual([])
    expect(framesOf(pair.buy({ type: 'tick' }))).toEqual([])
    const { effects, rest } = resume(pair)
    expect(framesOf(effects).map((frame) => frame.t)).toEqual(['cancel', 'voucher'])
    expect(rest.map((frame) => frame.t)).toEqual(['results'])
  })

  test('carry as many small blocks as they have room for', () => {
    const inline = Array.from({ length: 300 }, (_, i) => utf8(String(i)))
    const pair = new LeasePair().start()
    const [run] = framesOf(pair.buy({ type: 'dispatch', items: [{ attempt: attemptOf('a'), inline }] }))
    expect(run?.t === 'run' && run.inline.length).toBe(LIMITS.runAttempts * 4)
    pair.sell({ type: 'frame', frame: run as Frame })
    const [results] = framesOf(pair.sell({ type: 'finished', results: [{ ...finishedOf('a'), inline }] }))
    expect(results?.t === 'results' && results.inline.length).toBe(LIMITS.runAttempts * 4)
  })

  test('take back at most as many attempts as a lease has in flight', () => {
    const pair = new LeasePair().start()
    const inFlight = new Map(Array.from({ length: 150 }, (_, i) => [`a${i}`, numbered(i, 32)] as const))
    const { purchase, channel, voucher, head } = pair.buyer
    Object.assign(pair.buyer, buyerLease(purchase, head, 0, { channel, voucher, inFlight }))
    resume(pair)
    const frames = framesOf(pair.buy({ type: 'cancel', attempts: [...inFlight.keys()] }))
    expect(frames.map((frame) => frame.t === 'cancel' && frame.attempts.length)).toEqual([64, 64, 22])
  })

  test('cannot carry an output object beyond its bound: the attempt fails, the provider goes on', () => {
    const pair = running(new LeasePair(), 'a')
    const { stdout } = outputOf(taskOf(0))
    const files = Array.from({ length: 40 }, (_, i): [string, string, number] => [
      `${String(i).padStart(3, '0')}${'x'.repeat(3_000)}`,
      stdout,
      1,
    ])
    const output = { ...outputOf(taskOf(0)), files }
    const answers = framesOf(pair.sell({ type: 'finished', results: [{ ...finishedOf('a'), output }] }))
    expect(answers).toMatchObject([{ t: 'failed', attempt: 'a', code: 'bad-program' }])
    expect(pair.seller.sale.phase).toBe('active')
  })
})

describe('money', () => {
  test('is counted alike on both sides, however often the line goes dead', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    for (let i = 0; i < 8; i++) {
      pair.pass(6_000)
      pair.pass(5_100, false)
      resume(pair)
    }
    pair.pass(4_000)
    const [bought, sold] = [pair.buyer.service.servedMs, pair.seller.service.servedMs]
    expect(Math.abs(sold - bought)).toBeLessThanOrEqual(8 * LIMITS.beatMs)
    expect(pair.seller.pausedMs).toBeNull()
  })

  test('is promised by the time of the chain while no block is heard of', () => {
    const pair = new LeasePair().start()
    pair.buy({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    pair.sell({ type: 'opened', block: 1, timestampSeconds: 1_000 })
    pair.pass(60_000)
    expect(pair.seller.sale.phase).toBe('active')
    expect(pair.seller.pausedMs).toBeNull()
    expect(pair.buyer.voucher?.ackUntil).toBe(0)
  })

  test('is not signed for anew while nothing is served', () => {
    const pair = new LeasePair().start()
    pair.pass(3_000)
    reconnect(pair)
    const before = pair.buyer.voucher
    const { effects } = reconnect(pair)
    expect(framesOf(effects).filter((frame) => frame.t === 'voucher')).toMatchObject([before])
    expect(pair.buyer.voucher).toBe(before)
  })

  test('lost to a provider that vanishes stays within startFee and prepay', () => {
    const pair = new LeasePair().start()
    pair.pass(20_000)
    const served = pair.seller.service.servedMs
    pair.pass(20_000, false)
    const { quote } = pair.buyer.purchase
    const delivered = (quote.rate * BigInt(served)) / 10n ** 15n
    const lost = (pair.buyer.voucher?.cumulative ?? 0n) - delivered
    expect(lost).toBeLessThanOrEqual(quote.startFee + (quote.rate * BigInt(quote.prepay)) / 10n ** 12n)
  })
})
