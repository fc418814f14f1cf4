import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { encodeAbiParameters, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { hex } from './arbitraries.fixture.ts'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { COURT_PRESETS, type CourtSpans, EPOCH_SLOTS, MOST_SEATS } from './court-rules.ts'
import { disputeSubject, downtimeSubject, holdsSeat, seatHolders, seatPlace } from './court-seats.ts'
import {
  COURT_TYPES,
  type CourtId,
  type CourtStructs,
  courtDigest,
  isCourtSigned,
  requireCourtSigned,
  signCourtStruct,
} from './court-structs.ts'
import {
  downtimeSeedBlock,
  epochBlocks,
  epochOf,
  epochStart,
  slotOf,
  slotStart,
  slotsInside,
  termOf,
} from './court-time.ts'
import { addressOf, recoverSigner } from './signature.ts'

const KEY = fromHex(`0x${'22'.repeat(32)}`)
const COURT: CourtId = { chainId: 31_337, court: `0x${'c0'.repeat(20)}` }

const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }] as const
const spans = fc.record({ slotBlocks: fc.integer({ min: 1, max: 5 }) })

describe('a court’s structs', () => {
  const structs: { [T in keyof CourtStructs]: fc.Arbitrary<CourtStructs[T]> } = {
    Vote: fc.record({ subject: hex(32), value: hex(32) }),
    Enrol: fc.record({ account: hex(20) }),
    Probe: fc.record({ nonce: hex(32) }),
    Plea: fc.record({ subject: hex(32), peerId: fc.string({ unit: 'grapheme-ascii', maxLength: 64 }) }),
  }

  test.each(Object.keys(structs) as (keyof CourtStructs)[])(
    '%s is signed as other EIP-712 wallets sign it',
    async (type) => {
      const domain = {
        ...{ name: 'Souk Court', version: '1', chainId: COURT.chainId },
        verifyingContract: COURT.court,
      }
      const account = privateKeyToAccount(toHex(KEY))
      await fc.assert(
        fc.asyncProperty(structs[type] as fc.Arbitrary<never>, async (message) => {
          const compact = signCourtStruct(KEY, COURT, type, message)
          const theirs = await account.signTypedData({
            ...{ domain, types: COURT_TYPES, primaryType: type, message },
          } as never)
          expect(theirs.slice(0, 66)).toBe(compact.slice(0, 66))
          requireCourtSigned(COURT, type, message, compact, account.address)
        }),
        { numRuns: 5 },
      )
    },
  )

  test('a signature binds struct, value, chain and court', () => {
    const vote = { subject: `0x${'33'.repeat(32)}`, value: `0x${'44'.repeat(32)}` } as const
    const signature = signCourtStruct(KEY, COURT, 'Vote', vote)
    const by = addressOf(KEY)
    expect(isCourtSigned(COURT, 'Vote', vote, signature, by)).toBe(true)
    expect(isCourtSigned(COURT, 'Vote', { ...vote, value: vote.subject }, signature, by)).toBe(false)
    expect(isCourtSigned({ ...COURT, chainId: 1 }, 'Vote', vote, signature, by)).toBe(false)
    expect(isCourtSigned({ ...COURT, court: by }, 'Vote', vote, signature, by)).toBe(false)
    expect(isCourtSigned(COURT, 'Vote', vote, signature, COURT.court)).toBe(false)
    expect(isCourtSigned(COURT, 'Vote', vote, '0x', by)).toBe(false)
  })
})

describe('golden vectors of a court', () => {
  interface Golden {
    readonly domain: { readonly chainId: number; readonly verifyingContract: Hex }
    readonly cases: readonly {
      readonly type: keyof CourtStructs
      readonly message: CourtStructs[keyof CourtStructs]
      readonly digest: Hex
      readonly signer: Hex
      readonly signature: Hex
    }[]
    readonly downtime: { readonly resultSigner: Hex; readonly epoch: string; readonly subject: Hex }
    readonly dispute: {
      readonly lease: Hex
      readonly task: Hex
      readonly output: Hex
      readonly subject: Hex
    }
    readonly seats: {
      readonly seed: Hex
      readonly subject: Hex
      readonly size: string
      readonly places: readonly string[]
    }
  }
  const file = new URL('../../../test/golden/eip712.json', import.meta.url)
  const golden = (JSON.parse(readFileSync(file, 'utf8')) as { court: Golden }).court

  test.each(golden.cases.map((each, i) => [`${i}: ${each.type}`, each] as const))('%s', (_, given) => {
    const court = { chainId: golden.domain.chainId, court: golden.domain.verifyingContract }
    expect(courtDigest(court, given.type, given.message)).toBe(given.digest)
    expect(recoverSigner(given.digest, given.signature)).toBe(given.signer)
  })

  test('cover every struct', () => {
    const covered = new Set(golden.cases.map(({ type }) => type))
    expect([...covered].toSorted()).toEqual(Object.keys(COURT_TYPES).toSorted())
  })

  test('of subjects and seats', () => {
    const { downtime, dispute, seats } = golden
    expect(downtimeSubject(downtime.resultSigner, Number(downtime.epoch))).toBe(downtime.subject)
    expect(disputeSubject(dispute.lease, dispute.task, dispute.output)).toBe(dispute.subject)
    const places = seats.places.map((_, seat) =>
      seatPlace(seats.seed, seats.subject, seat, Number(seats.size)),
    )
    expect(places.map(String)).toEqual(seats.places)
  })
})

describe('a court’s presets', () => {
  test.each(Object.entries(COURT_PRESETS))('%s keeps what the contract asserts', (_, rules: CourtSpans) => {
    expect(rules.seats).toBeLessThanOrEqual(MOST_SEATS)
    expect(2 * rules.quorum).toBeGreaterThan(rules.seats)
    expect(rules.quorum).toBeLessThanOrEqual(rules.seats)
    // EIP-2935 keeps 8,191 hashes: the seed must still be there when the last report is made.
    expect(rules.lagBlocks + epochBlocks(rules) + rules.reportBlocks).toBeLessThanOrEqual(8_000)
    expect(rules.settleBlocks).toBeGreaterThanOrEqual(epochBlocks(rules) + 2 * rules.reportBlocks)
  })
})

describe('a court’s time', () => {
  test('slots inside a stretch of blocks are those all of whose blocks are in it', () => {
    const block = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 4 }), block, block, (rules, epoch, from, to) => {
        const inside = Array.from({ length: EPOCH_SLOTS }, (_, slot) => {
          const start = slotStart(rules, epoch, slot)
          const blocks = Array.from({ length: rules.slotBlocks }, (_, i) => start + i)
          return blocks.every((each) => each >= from && each < to) ? 1 << slot : 0
        })
        expect(slotsInside(rules, epoch, from, to)).toBe(inside.reduce((map, bit) => map | bit, 0))
      }),
      { numRuns: 500 },
    )
  })

  test('every block belongs to one slot of one epoch', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 10_000 }), (rules, block) => {
        const epoch = epochOf(rules, block)
        const slot = slotOf(rules, block)
        expect(slot).toBeGreaterThanOrEqual(0)
        expect(slot).toBeLessThan(EPOCH_SLOTS)
        expect(slotStart(rules, epoch, slot)).toBeLessThanOrEqual(block)
        expect(slotStart(rules, epoch, slot + 1)).toBeGreaterThan(block)
        expect(slotStart(rules, epoch, EPOCH_SLOTS)).toBe(epochStart(rules, epoch + 1))
      }),
    )
  })

  test('an epoch’s seed is older than the epoch, its term the table that stands then', () => {
    const rules = COURT_PRESETS.public
    expect(downtimeSeedBlock(rules, 3)).toBe(3 * 1_792 - 30)
    expect([termOf(rules, 23), termOf(rules, 24)]).toEqual([0, 1])
  })
})

describe('seats', () => {
  const table = fc.uniqueArray(hex(20), { minLength: 1, maxLength: 30 })
  const rules = { seats: 15, leastWatchers: 3 }

  test('fall where the contract’s own encoding says', () => {
    fc.assert(
      fc.property(table, hex(32), hex(32), (keys, seed, subject) => {
        const slow = Array.from({ length: rules.seats }, (_, seat) => {
          const index = toHex(fromHex(`0x${seat.toString(16).padStart(64, '0')}`))
          const draw = keccak256(encodeAbiParameters(words, [seed, subject, index]))
          return keys[Number(BigInt(draw) % BigInt(keys.length))]
        })
        const holders = seatHolders(rules, keys, seed, subject)
        expect(holders).toEqual(keys.length < rules.leastWatchers ? [] : slow)
        for (const key of keys) expect(holdsSeat(rules, keys, seed, subject, key)).toBe(holders.includes(key))
      }),
    )
  })

  test('subjects are the contract’s encodings', () => {
    fc.assert(
      fc.property(hex(20), fc.nat(), hex(32), hex(32), hex(32), (signer, epoch, lease, task, output) => {
        const types = [{ type: 'address' }, { type: 'uint256' }] as const
        expect(downtimeSubject(signer, epoch)).toBe(
          keccak256(encodeAbiParameters(types, [signer, BigInt(epoch)])),
        )
        expect(disputeSubject(lease, task, output)).toBe(
          keccak256(encodeAbiParameters(words, [lease, task, output])),
        )
      }),
    )
  })
})
