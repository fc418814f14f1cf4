import { type Hex, toHex } from '@souk/protocol'
import * as fc from 'fast-check'
import { decodeFunctionData } from 'viem/utils'
import { describe, expect, test } from 'vitest'
import { lockedMoney } from './conservation.ts'
import { escrowData } from './escrow-calls.ts'
import type { EscrowEvent } from './escrow-events.ts'
import type { PlacedEvent } from './escrow-history.ts'
import { bumpFees, outbids } from './fees.ts'
import { splitEvenly } from './gas-report.ts'
import { escrowAbi } from './generated/escrow.ts'
import { splitSignature } from './split-signature.ts'
import { decodeRow, encodeRow } from './transaction-row.ts'

const wei = fc.bigInt({ min: 1n, max: 10n ** 30n })
const uint96 = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n })
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value): Hex => toHex(value))
const address = bytes(20)
const word = bytes(32)
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const quote = fc.record({
  ...{ provider: address, requester: address, resultSigner: address, voucherSigner: address },
  rate: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  ...{ startFee: uint96, deposit: uint96, bond: uint96, resultBond: uint96, slotPenalty: uint96 },
  ...{ openBefore: count, blocks: count, notice: count, prepay: count, terms: word, salt: word },
})

describe('fees', () => {
  test('a replacement outbids what it replaces unless the cap is reached', () => {
    const fees = fc.record({ maxFeePerGas: wei, maxPriorityFeePerGas: wei })
    fc.assert(
      fc.property(fees, fees, wei, (old, suggested, most) => {
        const bumped = bumpFees(old, suggested, most)
        expect(bumped.maxFeePerGas <= most).toBe(true)
        expect(bumped.maxPriorityFeePerGas <= bumped.maxFeePerGas).toBe(true)
        if (bumped.maxFeePerGas < most && bumped.maxPriorityFeePerGas < bumped.maxFeePerGas) {
          expect(outbids(bumped, old)).toBe(true)
        }
      }),
    )
  })
})

describe('gas', () => {
  test('is split evenly and without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 1, max: 50 }), (total, parts) => {
        const shares = splitEvenly(total, parts)
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(total)
        expect((shares[0] ?? 0n) - (shares.at(-1) ?? 0n) <= 1n).toBe(true)
      }),
    )
  })
})

describe('locked money', () => {
  test('is what opens locked, less what was paid, seized and closed', () => {
    const life = fc.record({
      quote,
      paid: fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 4 }),
      seized: fc.boolean(),
      closed: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.uniqueArray(life, { maxLength: 8, selector: (item) => item.quote.salt }), (lives) => {
        const events = lives.flatMap((item) => storyOf(item))
        const expected = lives
          .filter(({ closed }) => !closed)
          .map(({ quote: { deposit, bond, resultBond }, paid, seized }) => {
            const spent = paid.reduce((sum, percent) => sum + (deposit * BigInt(percent)) / 100n, 0n)
            return deposit - spent + bond + (seized ? 0n : resultBond)
          })
        const locked = [...lockedMoney(events).values()]
        expect(locked.reduce((sum, amount) => sum + amount, 0n)).toBe(
          expected.reduce((sum, amount) => sum + amount, 0n),
        )
      }),
    )
  })
})

describe('calldata and rows', () => {
  test('every opening comes back from its calldata', () => {
    fc.assert(
      fc.property(fc.array(quote, { maxLength: 3 }), bytes(64), (quotes, signature) => {
        const openings = quotes.map((item) => ({
          quote: item,
          providerSignature: signature,
          requesterSignature: '0x' as const,
        }))
        const { functionName, args } = decodeFunctionData({
          abi: escrowAbi,
          data: escrowData.openMany(openings),
        })
        expect(functionName).toBe('openMany')
        expect(lower(args?.[0])).toEqual(lower(openings))
      }),
    )
  })

  test('a compact signature is split into its parts', () => {
    fc.assert(
      fc.property(
        bytes(32),
        fc.bigInt({ min: 1n, max: 2n ** 255n - 1n }),
        fc.integer({ min: 0, max: 1 }),
        (r, s, y) => {
          const tail = (s | (BigInt(y) << 255n)).toString(16).padStart(64, '0')
          expect(splitSignature(`${r}${tail}`)).toEqual({
            r,
            s: `0x${s.toString(16).padStart(64, '0')}`,
            yParity: y,
          })
        },
      ),
    )
  })

  test('a transaction comes back from its journal row', () => {
    const row = fc.record({
      ...{
        id: fc.string(),
        parts: fc.array(fc.string(), { maxLength: 3 }),
        purpose: fc.string(),
        to: fc.option(address),
        data: bytes(40),
        raw: bytes(100),
      },
      ...{ valueWei: wei, gas: wei, maxFeePerGas: wei, maxPriorityFeePerGas: wei },
      nonce: count,
      hashes: fc.tuple(word, word),
      final: fc.boolean(),
      refused: fc.constantFrom(null, { error: 'NotOpened', args: { lease: '0x00' } }),
    })
    fc.assert(
      fc.property(row, (value) => {
        expect(decodeRow(encodeRow(value))).toEqual(value)
      }),
    )
  })
})

function storyOf(item: {
  quote: Parameters<typeof escrowData.finalize>[0]
  paid: readonly number[]
  seized: boolean
  closed: boolean
}): PlacedEvent[] {
  const { salt: lease, provider, requester, deposit, resultBond } = item.quote
  const none = { paid: 0n, refund: 0n, toRequester: 0n, toBurn: 0n }
  const events: EscrowEvent[] = [{ kind: 'opened', lease, provider, requester, quote: item.quote }]
  for (const percent of item.paid) {
    events.push({ kind: 'redeemed', lease, provider, amount: (deposit * BigInt(percent)) / 100n, paid: 0n })
  }
  if (item.seized) events.push({ kind: 'seized', lease, amount: resultBond })
  if (item.closed) events.push({ kind: 'closed', lease, provider, requester, ...none })
  const at = { block: 1, blockHash: lease, transaction: lease, index: 0 }
  return events.map((event) => ({ event, at }))
}

function lower(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item)).toLowerCase(),
  )
}
