import {
  type BookEntry,
  type BookVote,
  downtimeSubject,
  type Hex,
  NOBODY,
  observationValue,
  seatHolders,
  slotCount,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CourtSigner } from './court-signer.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { type BookEpoch, judgeEpoch, sumEpochs } from './watch-judge.ts'

const ALL = 0xffff
const EPOCH = 7
const rules = courtRules()
const subject = courtParty(9)
const watchers = [1, 2, 3, 4, 5].map(courtParty)
const context = { rules, court: COURT, subject: subject.address }
const about = downtimeSubject(subject.address, EPOCH)

const map = fc.integer({ min: 0, max: ALL })
const observation = fc.tuple(map, map).map(([seen, up]) => ({ seen, up: seen & up }))
const seed = fc.nat().map(hashOf)

function vote(signer: CourtSigner, seen: { seen: number; up: number }, on: Hex = about): BookVote {
  const value = observationValue(seen)
  return { key: signer.address, value, signature: signer.sign('Vote', { subject: on, value }) }
}

function epochOf(given: Partial<BookEpoch>, votes: BookVote[] | null): BookEpoch {
  const entry: BookEntry | null = votes && { epoch: EPOCH, votes }
  const table = watchers.map(({ address }) => address)
  return { epoch: EPOCH, table, seed: hashOf(1), bonded: ALL, entry, ...given }
}

const isSeated = ({ key }: BookVote) => seatsOf(epochOf({}, []), [key]) > 0

/** Seats of some keys over the subject. */
function seatsOf(given: BookEpoch, keys: readonly Hex[]): number {
  return seatHolders(rules, given.table, given.seed, about).filter((key) => keys.includes(key)).length
}

/** How a liar makes one vote of its book. */
const lie = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), index: fc.nat(4) }),
  fc.record({ kind: fc.constant('change' as const), index: fc.nat(4), says: observation }),
  fc.record({ kind: fc.constant('replay' as const), index: fc.nat(4), says: observation }),
  fc.record({ kind: fc.constant('other epoch' as const), index: fc.nat(4), says: observation }),
  fc.record({ kind: fc.constant('stranger' as const), says: observation }),
  fc.record({ kind: fc.constant('own' as const), says: observation }),
  fc.record({ kind: fc.constant('again' as const), index: fc.nat(4) }),
)
type Lie = typeof lie extends fc.Arbitrary<infer T> ? T : never

function tell(votes: BookVote[], told: Lie): BookVote[] {
  const signer = 'index' in told ? watchers[told.index] : undefined
  const known = signer && votes.find(({ key }) => key === signer.address)
  const without = votes.filter((one) => one !== known)
  switch (told.kind) {
    case 'drop':
      return without
    case 'change':
      return known ? [...without, { ...known, value: observationValue(told.says) }] : votes
    case 'replay': {
      const another = downtimeSubject(courtParty(8).address, EPOCH)
      return signer ? [...without, vote(signer, told.says, another)] : votes
    }
    case 'other epoch': {
      const another = downtimeSubject(subject.address, EPOCH + 1)
      return signer ? [...without, vote(signer, told.says, another)] : votes
    }
    case 'stranger':
      return [...votes, vote(courtParty(77), told.says)]
    case 'own':
      return [...votes, vote(subject, told.says)]
    case 'again':
      return known ? [...votes, known] : votes
  }
}

describe('an uptime book', () => {
  test('proves what its watchers signed', () => {
    const votes = watchers.map((signer) => vote(signer, { seen: ALL, up: 0x00ff }))
    const judged = judgeEpoch(context, epochOf({}, votes))
    expect(judged).toMatchObject({ up: 0x00ff, down: 0xff00, unknown: 0, lies: [] })
    expect(judged.signed).toEqual(votes.map((one) => ({ subject: about, ...one })).filter(isSeated))
    const { address } = subject
    expect(sumEpochs(address, [judged, judged])).toEqual({
      subject: address,
      ...{ upSlots: 16, downSlots: 16, unknownSlots: 0 },
    })
  })

  test('without an epoch counts as down while a bond was at stake, and neither way else', () => {
    const judged = judgeEpoch(context, epochOf({ bonded: 0x0ff0 }, null))
    expect(judged).toEqual({ up: 0, down: 0x0ff0, unknown: 0xf00f, lies: [], signed: [] })
  })

  test('says nothing where watchers abstained, or where a table judges nothing', () => {
    const votes = watchers.map((signer) => vote(signer, { seen: 0, up: 0 }))
    expect(judgeEpoch(context, epochOf({}, votes))).toMatchObject({ up: 0, down: 0, unknown: ALL })
    const table = watchers.slice(0, rules.leastWatchers - 1).map(({ address }) => address)
    expect(judgeEpoch(context, epochOf({ table }, null))).toMatchObject({ up: 0, down: 0, unknown: ALL })
  })

  test.each([
    ['FORGED', { kind: 'change', index: 0, says: { seen: ALL, up: ALL } }],
    ['FORGED', { kind: 'replay', index: 0, says: { seen: ALL, up: ALL } }],
    ['FORGED', { kind: 'other epoch', index: 0, says: { seen: ALL, up: ALL } }],
    ['NO_SEAT', { kind: 'stranger', says: { seen: ALL, up: ALL } }],
    ['OWN_VOTE', { kind: 'own', says: { seen: ALL, up: ALL } }],
    ['TWICE', { kind: 'again', index: 0 }],
  ] satisfies [string, Lie][])('is caught at %s', (code, told) => {
    const votes = tell(
      watchers.map((signer) => vote(signer, { seen: ALL, up: 0 })),
      told,
    )
    const { lies, up } = judgeEpoch(context, epochOf({}, votes))
    expect(lies).toMatchObject([{ code, epoch: EPOCH }])
    expect(up).toBe(0)
  })

  test('does not lie by the vote of a key that was slashed since, which counts for nothing', () => {
    const votes = watchers.map((signer) => vote(signer, { seen: ALL, up: ALL }))
    const table = watchers.map(({ address }, i) => (i === 0 ? NOBODY : address))
    const given = epochOf({ table }, votes)
    const others = watchers.slice(1).map(({ address }) => address)
    const judged = judgeEpoch(context, given)
    expect(judged.lies).toEqual([])
    expect(judged.up).toBe(seatsOf(given, others) >= rules.quorum ? ALL : 0)
    expect(judged.down).toBe(0)
  })

  test('that leaves out or makes up whatever it likes never gains an up slot, and never loses a down one', () => {
    fc.assert(
      fc.property(
        fc.array(observation, { minLength: 5, maxLength: 5 }),
        fc.array(lie, { maxLength: 8 }),
        ...([seed, map, fc.nat(5)] as const),
        (saw, lies, drawn, bonded, slashed) => {
          const table = watchers.map(({ address }, i) => (i + 1 === slashed ? NOBODY : address))
          const honest = saw.flatMap((seen, i) => {
            const signer = watchers[i]
            return signer ? [vote(signer, seen)] : []
          })
          const truth = judgeEpoch(context, epochOf({ table, seed: drawn, bonded }, honest))
          const told = lies.reduce(tell, honest)
          const found = judgeEpoch(context, epochOf({ table, seed: drawn, bonded }, told))
          expect(found.up & ~truth.up).toBe(0)
          expect(truth.down & bonded & ~found.down).toBe(0)
          expect(slotCount(found.up) + slotCount(found.down) + slotCount(found.unknown)).toBe(16)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('whose watchers collude says what they like from a quorum of seats on, and no sooner', () => {
    const sides = new Set<string>()
    fc.assert(
      fc.property(fc.nat(5), seed, fc.boolean(), (colluders, drawn, isUp) => {
        const says = (up: boolean) => ({ seen: ALL, up: up ? ALL : 0 })
        const votes = watchers.map((signer, i) => vote(signer, says(i < colluders ? !isUp : isUp)))
        const given = epochOf({ seed: drawn }, votes)
        const hostile = seatsOf(
          given,
          watchers.slice(0, colluders).map(({ address }) => address),
        )
        const { up, down } = judgeEpoch(context, given)
        const decides = hostile >= rules.quorum
        sides.add(`${isUp} ${decides}`)
        expect(isUp ? down : up).toBe(decides ? ALL : 0)
      }),
      {
        numRuns: 40,
        examples: [true, false].flatMap((isUp) => [0, 5].map((n) => [n, hashOf(1), isUp] as const)) as never,
      },
    )
    expect(sides.size).toBe(4)
  })
})
