import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StorageError } from '../errors.ts'
import { guarded, isBusy, openDatabase } from './database.ts'

/** The exclusive ownership of a data folder. */
export interface FolderLock {
  release(): void
}

/**
 * Takes a folder's lock for this process; throws {@link StorageError} `FOLDER_LOCKED` while another has it.
 *
 * The lock is an SQLite write lock on a file of its own, hence the operating system's: it goes with the
 * process however that dies. The owner's pid stands beside it for the message only.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, 'lock.sqlite')
  const ownerPath = join(folder, 'owner.pid')
  const db = guarded(path, () => openDatabase(path))
  try {
    guarded(path, () => takeLock(db, folder, ownerPath))
    guarded(ownerPath, () => writeFileSync(ownerPath, `${process.pid}\n`, { mode: 0o600 }))
  } catch (error) {
    db.close()
    throw error
  }
  return {
    release() {
      if (!db.isOpen) return
      rmSync(ownerPath, { force: true })
      db.close()
    },
  }
}

function takeLock(db: DatabaseSync, folder: string, ownerPath: string): void {
  try {
    // Nothing is ever written, so no rollback journal needs to outlive a kill.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    throw isBusy(error) ? folderLocked(folder, readPid(ownerPath)) : error
  }
}

function readPid(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || null
  } catch {
    return null
  }
}

function folderLocked(path: string, ownerPid: number | null): StorageError {
  const owner = ownerPid === null ? 'another process' : `process ${ownerPid}`
  return new StorageError(
    `expected to be the only owner of ${path}, but ${owner} has it; talk to that one, stop it, or use another folder`,
    { code: 'FOLDER_LOCKED', path, ownerPid },
  )
}
