import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StorageError } from '../errors.ts'

/** SQLite's primary result codes that we tell apart (sqlite.org/rescode.html). */
const BUSY = 5
const CORRUPT = 11
const FULL = 13
const NOTADB = 26
/** Its extended code for a log's index that found no room to grow. */
const IOERR_SHMSIZE = 4874

/** Opens an SQLite file that only this user can read, creating it if need be. */
export function openDatabase(path: string, options: { readOnly?: boolean } = {}): DatabaseSync {
  if (!options.readOnly) createPrivateFile(path)
  return new DatabaseSync(path, { readOnly: options.readOnly ?? false })
}

/** Runs `action`, turning SQLite's and the file system's errors into {@link StorageError}. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (cause) {
    throw storageError(path, cause)
  }
}

/** Awaits `action`, turning errors as {@link guarded} does. */
export async function guardedAsync<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    throw storageError(path, cause)
  }
}

/** Tells whether an error says that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY
}

/** Throws {@link StorageError} `UNSUPPORTED_VERSION` unless the file has our schema `version`, one that is `readable`, or none yet. */
export function requireVersion(
  db: DatabaseSync,
  path: string,
  version: number,
  readable: readonly number[] = [version],
): void {
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (found === 0 || readable.includes(found)) return
  throw new StorageError(
    `expected schema version ${version} in ${path}, got ${found}; it was written by another version of souk`,
    { code: 'UNSUPPORTED_VERSION', path, version: found },
  )
}

/** Makes later commits wait for the disk (`true`) or not; only takes effect outside a transaction. */
export function setSynchronous(db: DatabaseSync, synced: boolean): void {
  db.exec(`PRAGMA synchronous = ${synced ? 'FULL' : 'NORMAL'}`)
}

/** Runs `action` as one transaction: all of it happens or nothing. */
export function inTransaction<T>(db: DatabaseSync, action: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = action()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/**
 * SQLite would create the file readable by everyone. An existing one is not opened: closing any descriptor of
 * a file drops every POSIX lock that this process holds on it.
 */
function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function storageError(path: string, cause: unknown): unknown {
  if (cause instanceof StorageError) return cause
  const code = primaryCode(cause)
  if (code === FULL || errno(cause) === 'ENOSPC' || extendedCode(cause) === IOERR_SHMSIZE) {
    return new StorageError(
      `expected room to write ${path}, but the disk or the file's cap is full; free some and try again`,
      { code: 'DISK_FULL', path },
      { cause },
    )
  }
  if (code === CORRUPT || code === NOTADB) {
    return new StorageError(
      `expected ${path} to be an intact database, but it is not; restore it from a copy, do not delete it ` +
        'while leases are open',
      { code: 'CORRUPT', path },
      { cause },
    )
  }
  if (code === undefined && errno(cause) === undefined) return cause
  return new StorageError(
    `expected ${path} to be readable and writable, got: ${(cause as Error).message}; check its permissions and disk`,
    { code: 'IO', path },
    { cause },
  )
}

function primaryCode(error: unknown): number | undefined {
  const code = extendedCode(error)
  return code === undefined ? undefined : code & 0xff
}

function extendedCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code : undefined
}

function errno(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return syscall === undefined ? undefined : code
}
