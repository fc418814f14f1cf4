import { ChainError } from '@souk/settlement'
import { describe, expect, test } from 'vitest'
import { NETWORK } from './events.fixture.ts'
import { explainStop, refusalSentence } from './wallet-error.ts'

const wrapped = (cause: unknown) => new Error('outer', { cause: new Error('middle', { cause }) })

describe('why an action stopped', () => {
  test.each([4001, -32002])('is calm where the person or the wallet said so (%i), however deep', (code) => {
    expect(explainStop(wrapped(Object.assign(new Error('no'), { code })), NETWORK)).toMatchObject({
      calm: true,
    })
  })

  test("tells the contract's reason in tokens", () => {
    const error = new ChainError('refused', {
      ...{ code: 'CONTRACT_REVERTED', purpose: 'withdrawal', hash: null, error: 'InsufficientBalance' },
      args: { account: '0x', balance: 150n, needed: 200n },
    })
    expect(explainStop(wrapped(error), NETWORK)).toEqual({
      sentence: 'Nothing was sent: the free balance is 1.5\u00a0SOUK, this needs 2\u00a0SOUK.',
      calm: false,
    })
  })

  test('says that the chain is away, or the wallet elsewhere', () => {
    const away = new ChainError('none', { code: 'RPC_UNAVAILABLE', endpoints: [] })
    expect(explainStop(away, NETWORK).sentence).toMatch(/does not answer/)
    const facts = { expected: 1, actual: 2, endpoint: 'the wallet' }
    const elsewhere = new ChainError('other', { code: 'WRONG_CHAIN', ...facts })
    expect(explainStop(elsewhere, NETWORK).sentence).toMatch(/another chain than test/)
  })

  test('cuts what a wallet says in its own words', () => {
    const { sentence } = explainStop({ details: 'y'.repeat(5_000) }, NETWORK)
    expect(sentence.length).toBeLessThan(300)
  })

  test('ends with causes that go round, and with what is no error', () => {
    const round: { cause?: unknown; message: string } = { message: 'round' }
    round.cause = round
    expect(explainStop(round, NETWORK).sentence).toMatch(/round/)
    for (const nothing of [undefined, null, 7, 'text']) expect(explainStop(nothing, NETWORK).calm).toBe(false)
  })
})

test.each([
  [
    { error: 'ERC20InsufficientBalance', args: { balance: '100', needed: '200' } },
    /wallet holds 1\u00a0SOUK/,
  ],
  [{ error: 'BadRecipient', args: {} }, /cannot pay out/],
  [{ error: 'OpenTooLate', args: { openBefore: 5n } }, /OpenTooLate\(openBefore 5\)/],
  [{ error: 'unknown', args: { data: '0x' } }, /no reason/],
])('%o becomes a sentence', (revert, sentence) => {
  expect(refusalSentence(revert, NETWORK)).toMatch(sentence)
})
