import type { Write } from '../program.ts'
import type { Table } from '../records.ts'

/** A journal in memory that survives the crash of the process that wrote it. */
export class MemoryJournal {
  readonly #rows = new Map<string, Uint8Array>()
  readonly #watch: (write: Write, before: Uint8Array | undefined) => void

  /** `watch` sees every write, with the row before it. */
  constructor(watch: (write: Write, before: Uint8Array | undefined) => void = () => {}) {
    this.#watch = watch
  }

  /** Makes all writes durable at once. */
  commit(writes: readonly Write[]): void {
    for (const write of writes) {
      const key = `${write.table} ${write.key}`
      this.#watch(write, this.#rows.get(key))
      if (write.value === null) this.#rows.delete(key)
      else this.#rows.set(key, write.value)
    }
  }

  /** Returns the rows of a table whose keys begin with `prefix`, by key. */
  scan(table: string, prefix = ''): [key: string, value: Uint8Array][] {
    const start = `${table} ${prefix}`
    const found = [...this.#rows].filter(([key]) => key.startsWith(start))
    const rows = found.map(([key, value]): [string, Uint8Array] => [key.slice(table.length + 1), value])
    return rows.sort((a, b) => (a[0] < b[0] ? -1 : 1))
  }

  /** Returns the decoded rows of a table. */
  all<T>(table: Table<T>, prefix = ''): Map<string, T> {
    return new Map(this.scan(table.table, prefix).map(([key, value]) => [key, table.codec.decode(value)]))
  }

  /** Returns one decoded row. */
  one<T>(table: Table<T>, key: string): T | undefined {
    const value = this.#rows.get(`${table.table} ${key}`)
    return value && table.codec.decode(value)
  }
}
