import {
  BOOK_EPOCHS,
  downtimeSubject,
  epochBlocks,
  epochStart,
  type Hex,
  observationValue,
  reportDeadline,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { advanceBook } from './watch-book.ts'
import { type Book, type BookEffect, type BookEvent, newBook, uptimeEntries } from './watch-book-state.ts'

const rules = courtRules()
const subject = courtParty(9)
const watchers = [1, 2, 3, 4].map(courtParty)
const table = [...watchers, subject].map(({ address }) => address)
const context = { rules, court: COURT, subject: subject.address, scope: 'chain' }
const E = epochBlocks(rules)

/** A process with its journal, and watchers some of which answer. */
class Keeper {
  readonly rows = new Map<string, Uint8Array>()
  readonly asked: string[] = []
  book: Book = newBook()
  nowMs = 0
  answers: (key: Hex, epoch: number) => boolean = () => true

  restart(): void {
    this.book = newBook([...this.rows.values()].map(uptimeEntries.codec.decode))
  }

  post(event: BookEvent): void {
    for (const effect of advanceBook(context, this.book, event, this.nowMs)) this.perform(effect)
  }

  perform(effect: BookEffect): void {
    if (effect.do === 'persist') {
      for (const { key, value } of effect.writes) {
        if (value === null) this.rows.delete(key)
        else this.rows.set(key, value)
      }
    } else if (effect.do === 'draw') {
      this.post({ type: 'seats', epoch: effect.epoch, table, seed: hashOf(effect.epoch) })
    } else if (effect.do === 'ask') {
      this.asked.push(effect.key)
      this.answer(effect)
    }
  }

  answer({ epoch, key, subject: about }: Extract<BookEffect, { do: 'ask' }>): void {
    const signer = watchers.find(({ address }) => address === key)
    const value = observationValue({ seen: 0xffff, up: 0xff })
    const vote =
      signer && this.answers(key, epoch)
        ? { value, signature: signer.sign('Vote', { subject: about, value }) }
        : null
    this.post({ type: 'answered', epoch, key, vote })
  }

  votes(epoch: number): Hex[] {
    const rows = [...this.rows.values()].map(uptimeEntries.codec.decode)
    return rows.find((one) => one.epoch === epoch)?.votes.map(({ key }) => key) ?? []
  }
}

describe('the keeper of an uptime book', () => {
  test('takes the votes of everyone seated but itself, after each epoch', () => {
    const keeper = new Keeper()
    keeper.post({ type: 'head', block: 2 * E - 1 })
    expect(keeper.votes(1)).toEqual([])
    keeper.post({ type: 'head', block: 2 * E })
    expect(keeper.votes(1).length).toBeGreaterThan(0)
    expect(keeper.asked).not.toContain(subject.address)
    expect(new Set(keeper.votes(1)).size).toBe(keeper.votes(1).length)
  })

  test('asks again who did not answer, until nobody keeps those votes', () => {
    const keeper = new Keeper()
    const [late] = watchers
    keeper.answers = (key) => key !== late?.address
    keeper.post({ type: 'head', block: 2 * E })
    expect(keeper.votes(1)).not.toContain(late?.address)
    keeper.nowMs = 120_000
    keeper.answers = () => true
    keeper.post({ type: 'tick' })
    expect(keeper.votes(1)).toContain(late?.address)

    const other = new Keeper()
    other.answers = () => false
    other.post({ type: 'head', block: 2 * E })
    expect(other.asked.length).toBeGreaterThan(0)
    other.post({ type: 'head', block: reportDeadline(rules, 1) + E })
    other.nowMs = 600_000
    other.answers = () => true
    other.post({ type: 'tick' })
    expect(other.votes(1)).toEqual([])
    expect(other.votes(2).length).toBeGreaterThan(0)
  })

  test('goes on after a restart with the votes that it had, and gets those of epochs that it missed', () => {
    const keeper = new Keeper()
    const [late] = watchers
    keeper.answers = (key) => key !== late?.address
    keeper.post({ type: 'head', block: 2 * E })
    const had = keeper.votes(1)
    keeper.restart()
    keeper.nowMs = 1_000
    keeper.answers = () => true
    keeper.post({ type: 'head', block: 3 * E })
    expect(new Set(keeper.votes(1))).toEqual(new Set([...had, late?.address]))
    expect(keeper.votes(2).length).toBeGreaterThan(0)
  })

  test('takes no vote that its key did not sign on this subject', () => {
    const keeper = new Keeper()
    keeper.answer = function (this: Keeper, { epoch, key }) {
      const signer = watchers.find(({ address }) => address === key)
      const value = observationValue({ seen: 0xffff, up: 0xffff })
      const about = downtimeSubject(subject.address, epoch + 1)
      const signature = signer?.sign('Vote', { subject: about, value }) ?? '0x'
      this.post({ type: 'answered', epoch, key, vote: { value, signature } })
    }
    keeper.post({ type: 'head', block: 2 * E })
    expect(keeper.rows.size).toBe(0)
  })

  test('keeps so many epochs and no more, whatever heads come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 }), (steps) => {
        const keeper = new Keeper()
        keeper.answers = (key) => key === watchers[0]?.address
        let epoch = 0
        for (const step of steps) {
          epoch += step
          keeper.post({ type: 'head', block: epochStart(rules, epoch) })
          const kept = [...keeper.rows.values()].map((row) => uptimeEntries.codec.decode(row).epoch)
          expect(kept.length).toBeLessThanOrEqual(BOOK_EPOCHS + 1)
          expect(Math.min(epoch, ...kept)).toBeGreaterThanOrEqual(epoch - BOOK_EPOCHS)
          expect(keeper.book.open.size).toBeLessThanOrEqual(3)
        }
      }),
      { numRuns: 10 },
    )
  })
})
