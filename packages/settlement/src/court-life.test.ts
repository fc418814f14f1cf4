import {
  addressOf,
  disputeSubject,
  downtimeSubject,
  epochStart,
  type Hex,
  leaseOf,
  merklePath,
  merkleRoot,
  type Observation,
  observationValue,
  type Quote,
  resultLeaf,
  signCourtStruct,
  signStruct,
  toHex,
} from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMoney } from './conservation.ts'
import { courtData, type ResultProof } from './court-calls.ts'
import { decodeCourtLog, readCourtEvents } from './court-events.ts'
import { escrowData } from './escrow-calls.ts'
import type { Receipt } from './receipt.ts'
import { type CourtMarket, startCourtMarket, TEST_COURT } from './testing/court.ts'
import { setUpParties, type TestParty, testQuote } from './testing/market.ts'
import { tokenData } from './token-calls.ts'
import { verifyMarket } from './verify-market.ts'

const LEDGER = 10_000_000n
const DOWN: Observation = { seen: 0b1111, up: 0b0001 }
let market: CourtMarket
let provider: TestParty
let requester: TestParty

beforeAll(async () => {
  market = await startCourtMarket()
  const [first, second] = await setUpParties(market, [1, 2], LEDGER)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
})
afterAll(() => market?.stop())

const events = (receipt: Receipt) =>
  receipt.logs.flatMap((log) => (log.address.toLowerCase() === market.court ? [decodeCourtLog(log)] : []))
const toEscrow = async (party: TestParty, data: Hex) => {
  const { hash } = await party.sender.submit({ purpose: 'a call of the escrow', to: market.escrow, data })
  return party.sender.wait(hash)
}
const open = async (salt: number, terms: Partial<Quote> = {}) => {
  const quote = testQuote(provider, requester, salt, terms)
  const lease = leaseOf(market.network, quote)
  const opening = {
    quote,
    providerSignature: signStruct(provider.delegateKey, market.network, 'Quote', quote),
    requesterSignature: signStruct(requester.delegateKey, market.network, 'Open', { lease }),
  }
  await toEscrow(requester, escrowData.open(opening))
  return { quote, lease }
}
const balance = (account: Hex) => market.reader.balance(account)

/** A batch of three results of a lease, and the proof of the second. */
function committed(lease: Hex): { task: Hex; output: Hex; proof: ResultProof } {
  const [task, output] = [word(21), word(22)]
  const leaves = [word(1), word(2)].map((other) => resultLeaf(lease, other, other))
  leaves.splice(1, 0, resultLeaf(lease, task, output))
  const batch = { lease, root: merkleRoot(leaves) }
  const signature = signStruct(provider.delegateKey, market.network, 'ResultBatch', batch)
  return { task, output, proof: { index: 1, size: 3, path: merklePath(leaves, 1), signature } }
}

describe('a deployed market', () => {
  test('is what this version builds, and its contracts name each other', async () => {
    const check = await verifyMarket(market.rpc, market)
    expect(check).toMatchObject({ ok: true, contracts: [{ code: 'same' }, { code: 'same' }] })
    expect(await market.judge.rules()).toEqual(TEST_COURT)
  })

  test('is told from other code, and from no code', async () => {
    const { token, escrow } = market
    expect(await verifyMarket(market.rpc, { escrow: token, token })).toMatchObject({
      ok: false,
      contracts: [{ code: 'different' }],
    })
    expect(await verifyMarket(market.rpc, { escrow: provider.account, token })).toMatchObject({
      ok: false,
      contracts: [{ code: 'none' }],
    })
    expect(await verifyMarket(market.rpc, { escrow, token: provider.account })).toMatchObject({
      ok: false,
      linked: false,
    })
  })
})

describe('downtime', () => {
  test('is reported by votes, refuted by vouchers, and paid for by the bond', async () => {
    const { quote, lease } = await open(1)
    const epoch = await market.nextEpoch()
    await market.nextEpoch()
    const votes = await market.votes(provider.delegate, epoch, DOWN)
    const report = courtData.reportDowntime(quote, epoch, votes)
    expect(events(await market.send(requester.sender, report))).toEqual([
      { kind: 'downtimeReported', lease, epoch, found: 0b1110 },
    ])
    expect(await market.reader.leaseState(lease)).toMatchObject({ downSlots: 3 })

    const start = epochStart(TEST_COURT, epoch)
    const voucher = { lease, cumulative: 1n, ackFrom: start + 2, ackUntil: start + 3 }
    const signature = signStruct(requester.delegateKey, market.network, 'Voucher', voucher)
    const refutation = courtData.refuteDowntime(quote, epoch, voucher, signature)
    expect(events(await market.send(provider.sender, refutation))).toEqual([
      { kind: 'downtimeRefuted', lease, epoch, struck: 0b0100 },
    ])
    expect(await market.judge.downRecord(lease, epoch)).toEqual({ down: 0b1010, refuted: 0b0100 })

    const before = await Promise.all([balance(provider.account), balance(requester.account)])
    await toEscrow(requester, escrowData.startClose(quote))
    await market.chain.mine(TEST_COURT.settleBlocks)
    await toEscrow(requester, escrowData.finalize(quote))
    const penalty = 2n * quote.slotPenalty
    expect(await Promise.all([balance(provider.account), balance(requester.account)])).toEqual([
      (before[0] ?? 0n) + quote.bond + quote.resultBond - penalty,
      (before[1] ?? 0n) + quote.deposit + penalty / 2n,
    ])
  })

  test('without enough seats is none, and says so before anything is sent', async () => {
    const { quote } = await open(2)
    const epoch = await market.nextEpoch()
    await market.nextEpoch()
    const votes = await market.votes(provider.delegate, epoch, DOWN, TEST_COURT.quorum - 1)
    await expect(
      market.send(requester.sender, courtData.reportDowntime(quote, epoch, votes)),
    ).rejects.toMatchObject({
      data: { code: 'CONTRACT_REVERTED', error: 'NothingNew' },
    })
  })
})

describe('a wrong result', () => {
  test.each([
    ['the provider was right', 22, 'provider'],
    ['nobody can tell', 0, 'nobody'],
    ['the provider lied', 99, 'requester'],
  ] as const)('%s', async (_name, verdict, winner) => {
    const { quote, lease } = await open(10 + verdict)
    const { task, output, proof } = committed(lease)
    await market.tools(requester.sender)
    await fund(requester)
    const [ofProvider, ofRequester, ofDelegate] = await Promise.all(
      [provider.account, requester.account, requester.delegate].map(balance),
    )
    await market.send(requester.sender, courtData.challenge(quote, task, output, proof))
    await market.chain.mine(TEST_COURT.lagBlocks + 1)
    const ballots = await market.ballots(lease, task, output, word(verdict))
    await market.send(provider.sender, courtData.resolve(quote, task, output, word(verdict), ballots))
    const fees = BigInt(ballots.length) * TEST_COURT.juryFee
    const { challengeDeposit } = TEST_COURT
    const { resultBond } = quote
    expect((await balance(provider.account)) - (ofProvider ?? 0n)).toBe(
      { provider: resultBond + challengeDeposit - fees, nobody: resultBond, requester: 0n }[winner],
    )
    expect((await balance(requester.delegate)) - (ofDelegate ?? 0n)).toBe(
      { provider: 0n, nobody: challengeDeposit - fees, requester: challengeDeposit }[winner],
    )
    expect((await balance(requester.account)) - (ofRequester ?? 0n)).toBe(
      winner === 'requester' ? (resultBond - fees) / 2n : 0n,
    )
    expect(await market.judge.dispute(disputeSubject(lease, task, output))).toMatchObject({ stage: 'done' })
  })

  test('lapses without a verdict: everything goes back', async () => {
    const { quote, lease } = await open(3)
    const { task, output, proof } = committed(lease)
    await fund(requester)
    await market.send(requester.sender, courtData.challenge(quote, task, output, proof))
    const ofProvider = await balance(provider.account)
    const ofDelegate = await balance(requester.delegate)
    await market.chain.mine(TEST_COURT.verdictBlocks)
    await market.send(requester.sender, courtData.lapse(quote, task, output))
    expect((await balance(provider.account)) - ofProvider).toBe(quote.resultBond)
    expect((await balance(requester.delegate)) - ofDelegate).toBe(TEST_COURT.challengeDeposit)
  })
})

describe('watchers', () => {
  test('stay by enrolling again, lose the stake for two values, and leave after a while', async () => {
    const [[staying, stayingKey], [liar, liarKey]] = [...market.watchers] as [
      [Hex, Uint8Array],
      [Hex, Uint8Array],
    ]
    expect(addressOf(stayingKey)).toBe(staying)
    const bank = await market.sender(market.deployerKey)
    const before = await market.judge.watcher(staying)
    await market.send(bank, courtData.enrol(staying))
    const after = await market.judge.watcher(staying)
    expect(after.lastTerm).toBeGreaterThan(before.lastTerm)

    const subject = downtimeSubject(provider.delegate, 7)
    const values = [word(1), observationValue({ seen: 1, up: 1 })] as const
    const [first, second] = values.map((value) => ({
      value,
      signature: signCourtStruct(liarKey, market.id, 'Vote', { subject, value }),
    }))
    if (first === undefined || second === undefined) throw new Error('two votes were signed')
    const burned = await market.reader.burned()
    await market.send(requester.sender, courtData.slash(subject, first, second))
    expect((await market.reader.burned()) - burned).toBe(TEST_COURT.stake - TEST_COURT.stake / 8n)
    expect(await market.judge.watcher(liar)).toMatchObject({ account: `0x${'00'.repeat(20)}` })

    await expect(market.send(bank, courtData.leave(staying, provider.account))).rejects.toMatchObject({
      data: { error: 'TooEarly' },
    })
    const head = Number(await market.rpc.request('eth_blockNumber', []))
    await market.chain.mine(after.leaveBlock - head)
    await market.send(bank, courtData.leave(staying, provider.account))
    expect(await market.reader.tokenBalance(provider.account)).toBeGreaterThanOrEqual(TEST_COURT.stake)
  })

  test('leave a trail, and all of it adds up', async () => {
    const head = Number(await market.rpc.request('eth_blockNumber', []))
    const signal = AbortSignal.timeout(30_000)
    const range = { fromBlock: market.block, toBlock: head }
    const found = (await readCourtEvents(market.rpc, market.court, range, signal)).map(
      ({ event }) => event.kind,
    )
    expect(new Set(found)).toEqual(
      new Set([
        ...['enrolled', 'left', 'slashed', 'downtimeReported', 'downtimeRefuted'],
        ...['challenged', 'resolved', 'lapsed'],
      ]),
    )
    const question = { escrow: market.escrow, token: market.token, deployedAt: market.tokenBlock }
    expect((await readMoney(market.rpc, question, signal)).conserved).toBe(true)
  })
})

/** Gives a requester's delegate the tokens of a challenge's deposit, and lets the court take them. */
async function fund(party: TestParty): Promise<void> {
  const bank = await market.sender(market.deployerKey)
  const { challengeDeposit } = TEST_COURT
  const data = tokenData.transfer(party.delegate, challengeDeposit)
  const { id } = await bank.submit({ purpose: 'a deposit', to: market.token, data })
  await bank.wait(id)
  const approve = tokenData.approve(market.court, challengeDeposit)
  const sent = await party.sender.submit({ purpose: 'approve', to: market.token, data: approve })
  await party.sender.wait(sent.id)
}

function word(value: number): Hex {
  return toHex(Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? value : 0)))
}
