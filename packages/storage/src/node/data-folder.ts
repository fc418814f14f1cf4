import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BlockStore } from '../block-store.ts'
import { StorageError } from '../errors.ts'
import type { Durability, Journal } from '../journal.ts'
import { guarded } from './database.ts'
import { openDiskBlocks } from './disk-blocks.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { FullDisk, type OnFull } from './full-disk.ts'
import { type JournalReader, openSqliteJournal, openSqliteJournalReadOnly } from './sqlite-journal.ts'

/** Everything that one process of Souk keeps on disk; one process at a time owns it. */
export interface DataFolder {
  readonly path: string
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Goes on as before after a full disk that has room again; tells whether it has. */
  restore(): boolean
  /** Releases files and lock; may be called again. */
  close(): Promise<void>
}

export interface DataFolderOptions {
  /** Bytes of blocks kept before the least recently used are dropped; 4 GiB unless told. */
  readonly blocksMaxBytes?: number
  /** Bytes of the journal beyond which commits fail with `DISK_FULL`; 16 GiB unless told. */
  readonly journalMaxBytes?: number
  /**
   * Told once when the disk or the journal's cap is full. Given, room is set aside for that moment: the journal goes on in it, and blocks are
   * refused with `DISK_FULL`.
   */
  readonly onFull?: OnFull
}

/**
 * Becomes the owner of the folder at `path`, creating it (mode 0700, files 0600) if need be.
 *
 * A commit of the journal first makes every block as durable whose put has resolved, and every small one put before, so
 * that no row refers to a block that the same end of the process, or loss of power, took. Throws `StorageError`: `FOLDER_LOCKED`, `CORRUPT`, `UNSUPPORTED_VERSION`, `DISK_FULL`,
 * `IO`.
 */
export async function openDataFolder(path: string, options: DataFolderOptions = {}): Promise<DataFolder> {
  guarded(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }))
  const lock = lockFolder(path)
  const opened: (() => Promise<void>)[] = [async () => lock.release()]
  try {
    const places = { rows: join(path, 'blocks.sqlite'), files: join(path, 'blocks') }
    const blocks = openDiskBlocks(places, bytes(options.blocksMaxBytes))
    opened.push(() => blocks.close())
    const before = (durability: Durability) => (durability === 'synced' ? blocks.sync() : blocks.flush())
    let disk: FullDisk | null = null
    const makeRoom = (error: StorageError) => disk?.makeRoom(error) ?? false
    const settings = { ...bytes(options.journalMaxBytes), before, makeRoom }
    const journal = openSqliteJournal(journalPath(path), settings)
    opened.push(() => journal.close())
    const close = () => closeAll(opened)
    if (options.onFull === undefined) return { path, journal, blocks, close, restore: () => true }
    const full = new FullDisk(join(path, 'ballast'), journal, options.onFull)
    disk = full
    return { path, journal, blocks: full.blocks(blocks), close, restore: () => full.restore() }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

/**
 * Reads the journal of a folder whose owner has exited, by whatever end; holds the folder's lock until closed.
 *
 * Throws `StorageError`: `NOT_FOUND`, or `FOLDER_LOCKED` while the owner runs.
 */
export async function openJournalReadOnly(path: string): Promise<JournalReader> {
  requireJournal(path)
  const lock = lockFolder(path)
  try {
    return readerWithLock(openSqliteJournalReadOnly(journalPath(path)), lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function readerWithLock(reader: JournalReader, lock: FolderLock): JournalReader {
  const close = async () => {
    await reader.close()
    lock.release()
  }
  return { get: reader.get, scan: reader.scan, close }
}

function requireJournal(path: string): void {
  if (existsSync(journalPath(path))) return
  throw new StorageError(`expected a journal in ${path}, but there is none; check the folder's name`, {
    code: 'NOT_FOUND',
    path,
  })
}

function journalPath(folder: string): string {
  return join(folder, 'journal.sqlite')
}

function bytes(maxBytes: number | undefined): { maxBytes?: number } {
  return maxBytes === undefined ? {} : { maxBytes }
}

/** Closes in reverse order of opening; all of them even when one fails, then throws the first failure. */
async function closeAll(opened: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of opened.toReversed()) await close().catch((error) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
