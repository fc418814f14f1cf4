import {
  accepted,
  attempts,
  checkpoints,
  executions,
  type Purchase,
  purchases,
  receipts,
  sales,
  saved,
  type Table,
  vouchers,
} from '@souk/engine'
import { openJournalReadOnly } from '@souk/storage/node'

/** Reads the rows of some tables from the journal of a process that has ended. */
async function readTables<T extends Record<string, Table<unknown>>>(folder: string, tables: T) {
  const journal = await openJournalReadOnly(folder)
  try {
    const entries = await Promise.all(
      Object.entries(tables).map(async ([name, { table, codec }]) => {
        const rows = await journal.scan(table)
        return [name, new Map(rows.map((row) => [row.key, codec.decode(row.value)]))] as const
      }),
    )
    return Object.fromEntries(entries) as {
      [K in keyof T]: Map<string, T[K] extends Table<infer R> ? R : never>
    }
  } finally {
    await journal.close()
  }
}

/** What a requester's journal holds. */
export function requesterRows(folder: string) {
  return readTables(folder, { accepted, attempts, checkpoints, purchases, receipts, vouchers })
}

/** What a provider's journal holds. */
export function providerRows(folder: string) {
  return readTables(folder, { executions, sales, saved, vouchers })
}

export type { Purchase }
