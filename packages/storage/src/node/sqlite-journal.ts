import { closeSync, fdatasync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { closedError, StorageError } from '../errors.ts'
import type { Durability, Journal, Row, Write } from '../journal.ts'
import {
  guarded,
  guardedAsync,
  inTransaction,
  openDatabase,
  requireVersion,
  setSynchronous,
} from './database.ts'
import { type CommitTarget, GroupedCommits } from './grouped-commits.ts'

const syncFile = promisify(fdatasync)

const SCHEMA_VERSION = 1
const PAGE_BYTES = 4096
/** Far above what leases and jobs write; stops a runaway writer before it fills the disk. */
const DEFAULT_JOURNAL_BYTES = 16 * 1024 ** 3
/** Bytes that the write-ahead log keeps on disk between checkpoints. */
const WAL_BYTES = 64 * 1024 ** 2
/** Pages in the write-ahead log before they move to the file: 8 MiB, so that a page that changes often moves once. */
const CHECKPOINT_PAGES = 2_000

/** A journal that can be read and not written. */
export type JournalReader = Omit<Journal, 'commit'>

export interface SqliteJournalOptions {
  /** Bytes of the file beyond which commits fail with `DISK_FULL`. */
  readonly maxBytes?: number
  /** Called before every commit: makes what its rows refer to as durable as they become. */
  readonly before?: (durability: Durability) => void
  /** Called where the file or its disk has no room; returns whether there is some now, and the commit is tried again. */
  readonly makeRoom?: (error: StorageError) => boolean
}

/** A journal on disk. */
export interface SqliteJournal extends Journal {
  /** Lets the file grow by so many bytes from where it is, whatever its cap was. */
  raise(bytes: number): void
  /** Takes that back, where the file has not come as near to its cap as `bytes` of it; tells whether it could. */
  lower(bytes: number): boolean
}

/** Opens the journal file at `path`; throws {@link StorageError}. The caller holds the folder's lock. */
export function openSqliteJournal(path: string, options: SqliteJournalOptions = {}): SqliteJournal {
  const db = guarded(path, () => prepareFile(path, options.maxBytes ?? DEFAULT_JOURNAL_BYTES))
  const rows = reader(db, path)
  const log = guarded(path, () => openSync(`${path}-wal`, 'r+'))
  let closed: Promise<void> | null = null
  const isOpen = () => db.isOpen && closed === null
  const commits = new GroupedCommits({ path, isOpen, ...committer(db, log, path, options) })
  return {
    async get(table, key) {
      commits.flush()
      return rows.get(table, key)
    },
    async scan(table, prefix) {
      commits.flush()
      return rows.scan(table, prefix)
    },
    close() {
      closed ??= commits.idle().then(() => {
        closeSync(log)
        return rows.close()
      })
      return closed
    },
    commit: (writes, durability) => commits.add(writes, durability),
    raise(bytes) {
      const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
      guarded(path, () => db.exec(`PRAGMA max_page_count = ${pages + Math.floor(bytes / PAGE_BYTES)}`))
    },
    lower(bytes) {
      const cap = Math.floor((options.maxBytes ?? DEFAULT_JOURNAL_BYTES) / PAGE_BYTES)
      const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
      if (pages + Math.floor(bytes / PAGE_BYTES) > cap) return false
      guarded(path, () => db.exec(`PRAGMA max_page_count = ${cap}`))
      return true
    },
  }
}

/** Opens a journal file without being able to change it; throws {@link StorageError}. */
export function openSqliteJournalReadOnly(path: string): JournalReader {
  const db = guarded(path, () => openDatabase(path, { readOnly: true }))
  try {
    guarded(path, () => requireVersion(db, path, SCHEMA_VERSION))
    return reader(db, path)
  } catch (error) {
    db.close()
    throw error
  }
}

function reader(db: DatabaseSync, path: string): JournalReader {
  const one = guarded(path, () => db.prepare('SELECT value FROM rows WHERE tbl = ? AND key = ?'))
  const from = guarded(path, () =>
    db.prepare('SELECT key, value FROM rows WHERE tbl = ? AND key >= ? ORDER BY key'),
  )
  const requireOpen = () => {
    if (!db.isOpen) throw closedError(path)
  }
  return {
    async get(table, key) {
      requireOpen()
      return guarded(path, () => one.get(table, key)?.value as Uint8Array | undefined)
    },
    async scan(table, prefix = '') {
      requireOpen()
      return guarded(path, () => takePrefix(from.iterate(table, prefix), prefix))
    },
    async close() {
      if (db.isOpen) guarded(path, () => db.close())
    },
  }
}

function prepareFile(path: string, maxBytes: number): DatabaseSync {
  const db = openDatabase(path)
  try {
    requireVersion(db, path, SCHEMA_VERSION)
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`)
    db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.exec(`BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS rows (
        tbl TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tbl, key)
      ) WITHOUT ROWID;
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT`)
    db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`)
    // The schema is synced by SQLite, and with it the name of the log; from now on we do.
    setSynchronous(db, false)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Makes the functions that write a batch as one transaction, and that sync what was written; they throw
 * {@link StorageError}.
 *
 * SQLite would sync in the midst of everything else. It writes the log's header durably by itself, and before it takes the
 * log up anew everything in it is in the file: what is left to sync is the log (docs/ARCHITECTURE.md, What is durable when).
 */
function committer(
  db: DatabaseSync,
  log: number,
  path: string,
  { before, makeRoom }: SqliteJournalOptions,
): Pick<CommitTarget, 'write' | 'sync'> {
  const upsert = db.prepare(`INSERT INTO rows VALUES (?, ?, coalesce(?, zeroblob(0)))
    ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value`)
  const remove = db.prepare('DELETE FROM rows WHERE tbl = ? AND key = ?')
  const put = ({ table, key, value }: Write) =>
    value === null ? remove.run(table, key) : upsert.run(table, key, value)
  let broken: StorageError | undefined
  // After a failed write or sync nobody knows what the disk holds: only a restart reads it afresh.
  const broke = (error: unknown) => {
    if (error instanceof StorageError && error.code !== 'DISK_FULL') broken = error
    return error
  }
  const commit = (writes: readonly Write[], durability: Durability) =>
    guarded(path, () => {
      before?.(durability)
      if (writes.length === 0) return
      inTransaction(db, () => {
        for (const each of writes) put(each)
      })
    })
  return {
    write(writes, durability) {
      if (broken !== undefined) throw broken
      try {
        try {
          commit(writes, durability)
        } catch (error) {
          if (!(error instanceof StorageError) || error.code !== 'DISK_FULL') throw error
          if (makeRoom?.(error) !== true) throw error
          commit(writes, durability)
        }
      } catch (error) {
        throw broke(error)
      }
    },
    async sync() {
      if (broken !== undefined) throw broken
      await guardedAsync(path, () => syncFile(log)).catch((error) => {
        throw broke(error)
      })
    },
  }
}

/** Takes the leading rows that start with `prefix`: in bytewise order they stand together. */
function takePrefix(rows: Iterable<Record<string, unknown>>, prefix: string): Row[] {
  const taken: Row[] = []
  for (const row of rows) {
    const key = row.key as string
    if (!key.startsWith(prefix)) break
    taken.push({ key, value: row.value as Uint8Array })
  }
  return taken
}
