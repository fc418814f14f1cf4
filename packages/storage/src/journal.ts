import { utf8 } from '@souk/protocol'
import { StorageError } from './errors.ts'

/** What a commit outlives: `committed` a kill -9 of this process, `synced` also a power loss. */
export type Durability = 'committed' | 'synced'

/** One row of a batch; `null` deletes it. */
export interface Write {
  readonly table: string
  readonly key: string
  readonly value: Uint8Array | null
}

/** One row of a table. */
export interface Row {
  readonly key: string
  readonly value: Uint8Array
}

/** Tables of keyed byte strings, written in atomic batches. */
export interface Journal {
  /**
   * Writes a batch as one transaction: when it resolves all rows are there, when it rejects none is. Later
   * writes of the same key win. An empty `synced` commit makes everything committed before it survive a
   * power loss. Throws {@link StorageError} `BAD_ROW`, `DISK_FULL`, `IO`, `CORRUPT` or `CLOSED`.
   */
  commit(writes: readonly Write[], durability: Durability): Promise<void>
  /** Returns the value of a row, or undefined. */
  get(table: string, key: string): Promise<Uint8Array | undefined>
  /** Returns the rows of a table whose keys start with `prefix`, ordered by the keys' UTF-8 bytes. */
  scan(table: string, prefix?: string): Promise<Row[]>
  /** Releases the files; may be called again. */
  close(): Promise<void>
}

/** Bytes of a table's name and of a key: names and digests, not content. */
export const MAX_KEY_BYTES = 1024
/** Bytes of one value: many times the largest frame; content belongs into blocks. */
export const MAX_VALUE_BYTES = 16 * 1024 * 1024

/** Throws {@link StorageError} `BAD_ROW` unless every write of a batch is within the bounds. */
export function requireWrites(writes: readonly Write[]): void {
  for (const { table, key, value } of writes) {
    if (!isName(table)) throw badRow(table, key, `a table name of 1 to ${MAX_KEY_BYTES} bytes without NUL`)
    if (!isName(key)) throw badRow(table, key, `a key of 1 to ${MAX_KEY_BYTES} bytes without NUL`)
    if (value !== null && value.byteLength > MAX_VALUE_BYTES) {
      throw badRow(table, key, `a value of at most ${MAX_VALUE_BYTES} bytes, got ${value.byteLength}`)
    }
  }
}

/** Bytes of UTF-8 that one UTF-16 unit takes at most. */
const UNIT_SIZE = 3

function isName(name: string): boolean {
  // Lone surrogates have no UTF-8 form, and SQLite text ends at a NUL: both would come back changed.
  if (name === '' || !name.isWellFormed() || name.includes('\0')) return false
  return UNIT_SIZE * name.length <= MAX_KEY_BYTES || utf8(name).byteLength <= MAX_KEY_BYTES
}

function badRow(table: string, key: string, expected: string): StorageError {
  const where = `${JSON.stringify(table.slice(0, 64))} / ${JSON.stringify(key.slice(0, 64))}`
  return new StorageError(`expected ${expected} at ${where}; nothing of this batch was written`, {
    code: 'BAD_ROW',
    table,
    key,
  })
}
