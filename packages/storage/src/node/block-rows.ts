import type { DatabaseSync } from 'node:sqlite'
import { openDatabase, requireVersion } from './database.ts'

/** Version 1 had every block in its row; its files are read as they are. */
const SCHEMA_VERSION = 2
const READABLE = [1, SCHEMA_VERSION]
/** Large pages: the blocks in rows have up to 256 KiB. */
const PAGE_BYTES = 16_384
/** Pages in the write-ahead log before they move to the file: 32 MiB, so that one sync serves many blocks. */
const CHECKPOINT_PAGES = 2_000

/** The prepared statements of a block file. */
export type BlockRows = ReturnType<typeof blockRows>

/** Opens the SQLite file at `path` and brings it up to the schema of today; throws what SQLite throws, and `UNSUPPORTED_VERSION`. */
export function openBlockRows(path: string): DatabaseSync {
  const db = openDatabase(path)
  try {
    requireVersion(db, path, SCHEMA_VERSION, READABLE)
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`)
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.exec(`BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS blocks (
        cid TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL
      );
      CREATE INDEX IF NOT EXISTS blocks_by_use ON blocks (used, cid, size);
      CREATE TABLE IF NOT EXISTS pins (owner TEXT NOT NULL, cid TEXT NOT NULL, PRIMARY KEY (owner, cid)) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS pins_by_cid ON pins (cid);
      CREATE TABLE IF NOT EXISTS syncs (id INTEGER PRIMARY KEY CHECK (id = 0), n INTEGER NOT NULL);
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Prepares the statements. A row whose bytes are fewer than its size has them in a file. */
export function blockRows(db: DatabaseSync) {
  return {
    has: db.prepare('SELECT 1 FROM blocks WHERE cid = ?'),
    get: db.prepare('SELECT size, bytes FROM blocks WHERE cid = ?'),
    insert: db.prepare(
      'INSERT INTO blocks (cid, used, size, bytes) VALUES (?, ?, ?, coalesce(?, zeroblob(0)))',
    ),
    remove: db.prepare('DELETE FROM blocks WHERE cid = ? RETURNING size, length(bytes) < size AS inFile'),
    use: db.prepare('UPDATE blocks SET used = ? WHERE cid = ?'),
    lastUse: db.prepare('SELECT coalesce(max(used), 0) AS used FROM blocks'),
    total: db.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM blocks'),
    inFiles: db.prepare('SELECT cid, size FROM blocks WHERE length(bytes) < size'),
    unpinned: db.prepare(`SELECT cid, size FROM blocks
      WHERE NOT EXISTS (SELECT 1 FROM pins WHERE pins.cid = blocks.cid) ORDER BY used`),
    pin: db.prepare('INSERT OR IGNORE INTO pins VALUES (?, ?)'),
    unpin: db.prepare('DELETE FROM pins WHERE owner = ?'),
    owners: db.prepare('SELECT DISTINCT owner FROM pins'),
    // SQLite syncs only transactions that wrote something.
    touch: db.prepare('INSERT INTO syncs VALUES (0, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1'),
  }
}

/** Returns the least recently used unpinned blocks that free at least `bytes`, or undefined when pins leave too little. */
export function unpinnedToDrop(rows: BlockRows, bytes: number): string[] | undefined {
  const victims: string[] = []
  let left = bytes
  for (const { cid, size } of rows.unpinned.iterate()) {
    victims.push(cid as string)
    left -= Number(size)
    if (left <= 0) return victims
  }
  return undefined
}
