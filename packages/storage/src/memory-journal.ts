import { compareBytewise } from '@souk/protocol'
import { closedError } from './errors.ts'
import { type Journal, type Row, requireWrites, type Write } from './journal.ts'

const WHERE = 'the journal in memory'

/** Creates a journal that lasts as long as its process: for tests, the simulator and throw-away peers. */
export function createMemoryJournal(): Journal {
  const tables = new Map<string, Map<string, Uint8Array>>()
  let open = true
  const rows = (table: string) => {
    if (!open) throw closedError(WHERE)
    return tables.get(table)
  }
  return {
    async commit(writes) {
      if (!open) throw closedError(WHERE)
      requireWrites(writes)
      for (const write of writes) apply(tables, write)
    },
    async get(table, key) {
      return rows(table)?.get(key)?.slice()
    },
    async scan(table, prefix = '') {
      const found: Row[] = []
      for (const [key, value] of rows(table) ?? []) {
        if (key.startsWith(prefix)) found.push({ key, value: value.slice() })
      }
      return found.sort((a, b) => compareBytewise(a.key, b.key))
    },
    async close() {
      open = false
      tables.clear()
    },
  }
}

function apply(tables: Map<string, Map<string, Uint8Array>>, { table, key, value }: Write): void {
  const rows = tables.get(table) ?? new Map<string, Uint8Array>()
  tables.set(table, rows)
  if (value === null) rows.delete(key)
  else rows.set(key, value.slice())
}
