import { describe, expect, test } from 'vitest'
import { leaseName, SELF } from './events.fixture.ts'
import {
  loadTransactions,
  putTransaction,
  type StoredTransaction,
  type TextStore,
} from './stored-transaction.ts'

function memory(text: string | null = null): TextStore & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text
    },
    setItem(_key, value) {
      this.text = value
    },
  }
}

const transaction = (number: number): StoredTransaction => ({
  ...{
    hash: leaseName(number),
    scope: 'test/1',
    account: SELF,
    purpose: `Deposit ${number}`,
    sentAtMs: number,
  },
  ...{ nonce: null, outcome: { state: 'sent' } },
})

describe('the memory of transactions', () => {
  test('survives a reload, newest first', () => {
    const store = memory()
    putTransaction(store, transaction(1))
    putTransaction(store, transaction(2))
    expect(loadTransactions(store)).toEqual([transaction(2), transaction(1)])
  })

  test('renews what it has in its place', () => {
    const store = memory()
    for (const number of [1, 2]) putTransaction(store, transaction(number))
    const mined: StoredTransaction = { ...transaction(1), nonce: 4, outcome: { state: 'mined', block: 7 } }
    expect(putTransaction(store, mined)).toEqual([transaction(2), mined])
  })

  test('forgets the oldest beyond 60, and cuts what is too long to be ours', () => {
    const store = memory()
    for (let number = 1; number <= 61; number += 1) putTransaction(store, transaction(number))
    expect(loadTransactions(store).map(({ sentAtMs }) => sentAtMs)).toEqual(
      Array.from({ length: 60 }, (_, i) => 61 - i),
    )
    const long = { ...transaction(62), purpose: 'x'.repeat(500) }
    expect(putTransaction(store, long)[0]?.purpose).toHaveLength(400)
    expect(loadTransactions(store)).toHaveLength(60)
  })

  test.each(['', 'null', '{}', '[1,null,{}]', '[{"hash":"0x12"}]', 'not JSON'])(
    'takes %j for nothing',
    (text) => {
      expect(loadTransactions(memory(text))).toEqual([])
    },
  )

  test('leaves out what is not whole, and keeps the rest', () => {
    const broken = { ...transaction(2), outcome: { state: 'failed', block: 3 } }
    expect(loadTransactions(memory(JSON.stringify([broken, transaction(1)])))).toEqual([transaction(1)])
  })

  test('goes on where the store is forbidden', () => {
    const store: TextStore = {
      getItem: () => null,
      setItem() {
        throw new Error('quota')
      },
    }
    expect(putTransaction(store, transaction(1))).toEqual([transaction(1)])
  })
})
