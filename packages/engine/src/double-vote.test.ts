import { downtimeSubject, type Hex, observationValue } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advanceVoteStock,
  type DoubleVote,
  doubleVotes,
  newVoteStock,
  type SignedVote,
  type VoteStockEffect,
  type VoteStockEvent,
} from './double-vote.ts'
import { COURT, courtParty } from './testing/court-parties.ts'

const watchers = [1, 2, 3].map(courtParty)
const subjects = [7, 8].map((epoch) => downtimeSubject(courtParty(9).address, epoch))
const values = [0b1, 0b11, 0b111].map((up) => observationValue({ seen: 0b111, up }))

function signedBy(watcher: number, subject: number, value: number, by = watcher): SignedVote {
  const [signer, key] = [watchers[by], watchers[watcher]?.address]
  const given = { subject: subjects[subject] ?? '0x', value: values[value] ?? '0x' }
  if (signer === undefined || key === undefined) throw new Error('a watcher was asked for')
  return { ...given, key, signature: signer.sign('Vote', given) }
}

/** A process with its journal. */
class Collector {
  readonly rows = new Map<string, DoubleVote>()
  stock = newVoteStock()
  readonly proven: { row: string; vote: DoubleVote }[] = []

  post(event: VoteStockEvent): void {
    for (const effect of advanceVoteStock(COURT, this.stock, event)) this.#perform(effect)
  }

  give(...votes: SignedVote[]): void {
    this.post({ type: 'votes', votes })
  }

  restart(): void {
    this.stock = newVoteStock(structuredClone([...this.rows]))
  }

  #perform(effect: VoteStockEffect): void {
    if (effect.do === 'prove') {
      expect(this.rows.get(effect.row), 'the row comes before what rests on it').toEqual(effect.vote)
      this.proven.push({ row: effect.row, vote: structuredClone(effect.vote) })
      return
    }
    for (const { key, value } of effect.writes) {
      if (value === null) this.rows.delete(key)
      else this.rows.set(key, doubleVotes.codec.decode(value))
    }
  }
}

describe('two values that one key signed for one subject', () => {
  test('are proven with both signatures, once, and again after a restart until the stake is gone', () => {
    const collector = new Collector()
    const [first, second] = [signedBy(0, 0, 0), signedBy(0, 0, 1)]
    collector.give(first, second, first, second, signedBy(0, 0, 2))
    const { subject, key } = first
    expect(collector.proven.map(({ vote }) => vote)).toEqual([
      {
        ...{ subject, key, done: false },
        first: { value: first.value, signature: first.signature },
        second: { value: second.value, signature: second.signature },
      },
    ])
    collector.restart()
    collector.post({ type: 'head', block: 1 })
    collector.post({ type: 'head', block: 2 })
    expect(collector.proven).toHaveLength(2)
    for (const { row } of collector.proven) collector.post({ type: 'gone', row })
    collector.restart()
    for (const block of [1, 100]) collector.post({ type: 'head', block })
    collector.give(first, second)
    expect(collector.proven).toHaveLength(2)
  })

  test('are brought again after some blocks where nothing came of it', () => {
    const collector = new Collector()
    collector.give(signedBy(0, 0, 0), signedBy(0, 0, 1))
    for (let block = 1; block <= 16; block++) collector.post({ type: 'head', block })
    expect(collector.proven).toHaveLength(3)
  })

  test('a thousand others later are still known, and a bound keeps what is remembered small', () => {
    const collector = new Collector()
    const old = signedBy(0, 0, 0)
    const filler = (i: number): SignedVote => ({ ...old, subject: `0x${i.toString(16).padStart(64, '0')}` })
    collector.give(old, ...Array.from({ length: 1_000 }, (_, i) => filler(i)), signedBy(0, 0, 1))
    expect(collector.proven).toHaveLength(1)
    collector.give(...Array.from({ length: 10_000 }, (_, i) => filler(i)))
    expect(collector.stock.seen.size).toBe(8_192)
  })
})

describe('whatever is given', () => {
  const given = fc.record({
    watcher: fc.nat(2),
    subject: fc.nat(1),
    value: fc.nat(2),
    /** Whose signature it has. */
    by: fc.nat(2),
  })

  test('only keys that signed twice are reported, and all whose two votes were seen', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 30 }), (list) => {
        const collector = new Collector()
        collector.give(
          ...list.map(({ watcher, subject, value, by }) => signedBy(watcher, subject, value, by)),
        )
        const told = new Map<string, Set<number>>()
        for (const { watcher, subject, value, by } of list) {
          if (watcher !== by) continue
          const name = `${watchers[watcher]?.address}/${subjects[subject]}`
          told.set(name, (told.get(name) ?? new Set()).add(value))
        }
        const guilty = [...told].filter(([, each]) => each.size > 1).map(([name]) => name)
        const found = collector.proven.map(({ vote }): `${Hex}/${Hex}` => `${vote.key}/${vote.subject}`)
        expect(found.filter((name) => !guilty.includes(name))).toEqual([])
        const isHonest = list.every(({ watcher, by }) => watcher === by)
        if (isHonest) expect(found.toSorted()).toEqual(guilty.toSorted())
      }),
    )
  })
})
