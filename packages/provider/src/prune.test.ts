import {
  acknowledged,
  acknowledgedKey,
  channels,
  type Execution,
  executionKey,
  executions,
  put,
  type Sale,
  sales,
  vouchers,
} from '@souk/engine'
import { createMemoryJournal, type Journal } from '@souk/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { contextOf, leaseRows, numbered, quoteOf } from '../../engine/src/testing/parties.ts'
import { pruneSettled } from './prune.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const NOW_MS = 1_000 * DAY_MS
const buyer = contextOf(1, 1)
const seller = contextOf(2, 1)

describe('pruneSettled', () => {
  let journal: Journal
  beforeEach(() => {
    journal = createMemoryJournal()
  })

  it.each([
    ['an hour ago', HOUR_MS, true, [1, 1, 1, 1, 2]],
    ['half a day ago', DAY_MS / 2, true, [1, 1, 1, 1, 0]],
    ['half a year ago', 180 * DAY_MS, true, [0, 0, 0, 0, 0]],
    ['half a year ago, and is not settled', 180 * DAY_MS, false, [1, 1, 1, 1, 2]],
  ] as const)('of a lease that began %s', async (_, ageMs, settled, left) => {
    const { lease } = await keep(1, { acceptedAtMs: NOW_MS - ageMs, settled })
    const other = await keep(2, { acceptedAtMs: NOW_MS, settled: true })
    const before = (await rows(lease)).flat().length
    const removed = await pruneSettled(journal, NOW_MS)
    expect((await rows(lease)).map(({ length }) => length)).toEqual(left)
    expect(removed).toBe(before - left.reduce<number>((a, b) => a + b, 0))
    expect((await rows(other.lease)).map(({ length }) => length)).toEqual([1, 1, 1, 1, 2])
  })

  async function keep(salt: number, change: Partial<Sale>): Promise<Sale> {
    const sale = { ...leaseRows(buyer, seller, quoteOf(buyer, seller, salt)).sale, ...change }
    const { lease } = sale
    const voucher = { cumulative: 1n, ackFrom: 0, ackUntil: 1, signature: sale.openSignature }
    const execution: Execution = {
      ...{ task: numbered(1, 32), n: 1, state: 'done', output: null, falsified: false },
    }
    const writes = [
      put(sales, lease, sale),
      put(channels, lease, { inSeq: 1, outSeq: 1 }),
      put(vouchers, lease, voucher),
      put(acknowledged, acknowledgedKey(lease, 0), voucher),
      ...['a', 'b'].map((id) => put(executions, executionKey(lease, id), execution)),
    ]
    await journal.commit(writes, 'synced')
    return sale
  }

  function rows(lease: string) {
    const tables = [sales.table, channels.table, vouchers.table, acknowledged.table, executions.table]
    return Promise.all(tables.map((table) => journal.scan(table, lease)))
  }
})
