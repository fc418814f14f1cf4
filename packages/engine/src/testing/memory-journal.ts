import type { Durability, Write } from '../program.ts'
import type { Table } from '../records.ts'

/** What a commit throws while the disk has no room. */
export class DiskFull extends Error {}

/** A row as it was before a commit that is not synced. */
type Undo = readonly [key: string, before: Uint8Array | undefined]

/** A journal in memory that survives the crash of the process that wrote it. */
export class MemoryJournal {
  /** Whether the disk has no room: every commit throws {@link DiskFull}. */
  isFull = false
  readonly #rows = new Map<string, Uint8Array>()
  /** What undoes each commit since the last that was synced, the oldest first. */
  #unsynced: Undo[][] = []
  readonly #watch: (write: Write, before: Uint8Array | undefined) => void

  /** `watch` sees every write, with the row before it. */
  constructor(watch: (write: Write, before: Uint8Array | undefined) => void = () => {}) {
    this.#watch = watch
  }

  /** Makes all writes durable at once; what is synced takes with it all that was committed before. */
  commit(writes: readonly Write[], durability: Durability = 'committed'): void {
    if (this.isFull) throw new DiskFull('the disk is full')
    const undo: Undo[] = []
    for (const write of writes) {
      const key = `${write.table} ${write.key}`
      const before = this.#rows.get(key)
      this.#watch(write, before)
      undo.push([key, before])
      this.#put(key, write.value ?? undefined)
    }
    if (durability === 'synced') this.#unsynced = []
    else this.#unsynced.push(undo)
  }

  /** Loses the newest commits that were not synced, all but the first `kept(n)` of n: the power is cut. */
  cutPower(kept: (unsynced: number) => number): void {
    const lost = this.#unsynced.splice(kept(this.#unsynced.length))
    for (const undo of lost.reverse()) for (const [key, before] of [...undo].reverse()) this.#put(key, before)
    this.#unsynced = []
  }

  #put(key: string, value: Uint8Array | undefined): void {
    if (value === undefined) this.#rows.delete(key)
    else this.#rows.set(key, value)
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
