import { createMemoryJournal } from '@souk/storage'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTopUpBook, type SentRow } from './top-up-book.ts'

const deposit = (name: string): SentRow => ({ id: `${name}-0`, purpose: 'deposit', refused: null })
const refused: SentRow['refused'] = { error: 'Refused', args: {} }

describe('the deposits of a job', () => {
  test.each<[string, SentRow[], bigint]>([
    ['its deposit was signed', [deposit('one')], 5n],
    ['nothing was signed', [deposit('other')], 0n],
    ['only its approval was signed', [{ ...deposit('one'), purpose: 'approval' }], 0n],
    ['the contract refused it', [{ ...deposit('one'), refused }], 0n],
    ['it may be older than what is told', Array.from({ length: 32 }, (_, i) => deposit(`new${i}`)), 5n],
  ])('after a kill, one that was intended counts where it may be out: %s', async (_what, sent, spent) => {
    const journal = createMemoryJournal()
    await (await openTopUpBook(journal, 'job', [])).intend({ amount: 5n, name: 'one' })
    expect((await openTopUpBook(journal, 'job', sent)).spent()).toBe(spent)
  })

  test('no kill lets more than the cap out, and other jobs do not count', async () => {
    const step = fc.record({
      amount: fc.bigInt({ min: 1n, max: 40n }),
      end: fc.constantFrom('made', 'killed before', 'killed after'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const journal = createMemoryJournal()
        const sent: SentRow[] = []
        let out = 0n
        await (await openTopUpBook(journal, 'job2', [])).intend({ amount: 99n, name: 'else' })
        for (const [i, { amount, end }] of steps.entries()) {
          const book = await openTopUpBook(journal, 'job', sent)
          expect(book.spent()).toBe(out)
          if (book.spent() + amount > 100n) continue
          const made = await book.intend({ amount, name: `n${i}.` })
          if (end === 'killed before') continue
          sent.push(deposit(`n${i}.`))
          out += amount
          if (end === 'made') await made()
        }
        expect(out).toBeLessThanOrEqual(100n)
      }),
    )
  })
})
