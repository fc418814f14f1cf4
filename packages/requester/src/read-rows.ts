import type { Table } from '@souk/engine'
import type { Journal } from '@souk/storage'

/** Reads the rows of a table by key, those below `prefix` where one is given. */
export async function readRows<T>(
  journal: Journal,
  table: Table<T>,
  prefix?: string,
): Promise<Map<string, T>> {
  const rows = await journal.scan(table.table, prefix)
  return new Map(rows.map((row) => [row.key, table.codec.decode(row.value)]))
}

/** Reads one row of a table; `undefined` where there is none. */
export async function readRow<T>(journal: Journal, table: Table<T>, key: string): Promise<T | undefined> {
  const bytes = await journal.get(table.table, key)
  return bytes === undefined ? undefined : table.codec.decode(bytes)
}
