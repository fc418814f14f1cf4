import type { DatabaseSync } from 'node:sqlite'
import { type BlockStore, type BlockStoreOptions, requireBlock, storeFull } from '../block-store.ts'
import { closedError } from '../errors.ts'
import { guarded, inTransaction, openDatabase, requireVersion, setSynchronous } from './database.ts'
import { TurnTransaction } from './turn-transaction.ts'

const SCHEMA_VERSION = 1
/** A cache that an ordinary disk can spare. */
const DEFAULT_BLOCKS_BYTES = 4 * 1024 ** 3
/** Large pages: blocks are up to 1 MiB. */
const PAGE_BYTES = 16_384
/** Pages in the write-ahead log before they move to the file: 32 MiB, so that one sync serves many blocks. */
const CHECKPOINT_PAGES = 2_000
/** Uses remembered in memory before they are written down. */
const MAX_PENDING_USES = 10_000

/** A block store on disk. */
export interface SqliteBlocks extends BlockStore {
  /** Makes every block put so far survive the process, as the promises of those who put them will say. */
  flush(): void
  /** Makes every block put so far survive a power loss. */
  sync(): void
}

/**
 * Opens the block file at `path`; throws `StorageError`. The caller holds the folder's lock.
 *
 * Blocks survive a kill -9 once `put` resolves. The order of use since the last `put` does not, which costs
 * at most a poorer choice of what to evict.
 */
export function openSqliteBlocks(path: string, options: BlockStoreOptions = {}): SqliteBlocks {
  const maxBytes = options.maxBytes ?? DEFAULT_BLOCKS_BYTES
  const db = guarded(path, () => prepareFile(path))
  const sql = guarded(path, () => statements(db))
  const uses = new Map<string, number>()
  let clock = guarded(path, () => Number(sql.lastUse.get()?.used))
  let total = guarded(path, () => Number(sql.total.get()?.bytes))
  let dirty = false

  const turn = new TurnTransaction(db, () => {
    total = Number(sql.total.get()?.bytes)
  })
  const run = <T>(action: () => T): T => {
    if (!db.isOpen) throw closedError(path)
    return guarded(path, action)
  }
  const write = async (action: () => void): Promise<void> => {
    if (!db.isOpen) throw closedError(path)
    await turn.run(() => guarded(path, action)).catch((error) => guarded(path, () => rethrow(error)))
  }
  const flushUses = () => {
    for (const [cid, used] of uses) sql.use.run(used, cid)
    uses.clear()
  }
  const touch = (cid: string) => {
    uses.set(cid, ++clock)
    if (uses.size < MAX_PENDING_USES) return
    turn.flush()
    inTransaction(db, flushUses)
  }
  const insert = (cid: string, bytes: Uint8Array) => {
    flushUses()
    const freed = makeRoom(sql, total + bytes.byteLength - maxBytes)
    if (freed === undefined) throw storeFull(bytes.byteLength, maxBytes)
    total -= freed
    sql.insert.run(cid, ++clock, bytes.byteLength, bytes)
    total += bytes.byteLength
    dirty = true
  }

  return {
    async put(cid, bytes, checked) {
      requireBlock(cid, bytes, checked)
      if (run(() => sql.has.get(cid)) === undefined) return write(() => insert(cid, bytes))
      run(() => touch(cid))
      // Whoever put it may have done so in this very turn.
      if (db.isTransaction) await write(() => {})
    },
    async get(cid) {
      return run(() => {
        const row = sql.get.get(cid)
        if (row === undefined) return undefined
        touch(cid)
        return row.bytes as Uint8Array
      })
    },
    async has(cid) {
      return run(() => sql.has.get(cid) !== undefined)
    },
    delete: (cid) =>
      write(() => {
        total -= Number(sql.remove.get(cid)?.size ?? 0)
      }),
    pin: (owner, cids) =>
      write(() => {
        for (const cid of cids) sql.pin.run(owner, cid)
      }),
    unpin: (owner) => write(() => void sql.unpin.run(owner)),
    async owners() {
      return run(() => sql.owners.all().map((row) => row.owner as string))
    },
    flush() {
      if (db.isOpen) run(() => turn.flush())
    },
    sync() {
      run(() => turn.flush())
      if (!dirty) return
      run(() => {
        setSynchronous(db, true)
        inTransaction(db, () => sql.touch.run())
        setSynchronous(db, false)
      })
      dirty = false
    },
    async close() {
      if (!db.isOpen) return
      guarded(path, () => turn.flush())
      guarded(path, () => inTransaction(db, flushUses))
      guarded(path, () => db.close())
    },
  }
}

function rethrow(error: unknown): never {
  throw error
}

type Statements = ReturnType<typeof statements>

/** Evicts until `bytes` are free; returns how many were freed, or undefined when pins leave too little. */
function makeRoom(sql: Statements, bytes: number): number | undefined {
  const victims: string[] = []
  let freed = 0
  if (bytes <= 0) return 0
  for (const row of sql.unpinned.iterate()) {
    victims.push(row.cid as string)
    freed += Number(row.size)
    if (freed >= bytes) break
  }
  if (freed < bytes) return undefined
  for (const cid of victims) sql.remove.get(cid)
  return freed
}

function prepareFile(path: string): DatabaseSync {
  const db = openDatabase(path)
  try {
    requireVersion(db, path, SCHEMA_VERSION)
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

function statements(db: DatabaseSync) {
  return {
    has: db.prepare('SELECT 1 FROM blocks WHERE cid = ?'),
    get: db.prepare('SELECT bytes FROM blocks WHERE cid = ?'),
    insert: db.prepare(
      'INSERT INTO blocks (cid, used, size, bytes) VALUES (?, ?, ?, coalesce(?, zeroblob(0)))',
    ),
    remove: db.prepare('DELETE FROM blocks WHERE cid = ? RETURNING size'),
    use: db.prepare('UPDATE blocks SET used = ? WHERE cid = ?'),
    lastUse: db.prepare('SELECT coalesce(max(used), 0) AS used FROM blocks'),
    total: db.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM blocks'),
    unpinned: db.prepare(`SELECT cid, size FROM blocks
      WHERE NOT EXISTS (SELECT 1 FROM pins WHERE pins.cid = blocks.cid) ORDER BY used`),
    pin: db.prepare('INSERT OR IGNORE INTO pins VALUES (?, ?)'),
    unpin: db.prepare('DELETE FROM pins WHERE owner = ?'),
    owners: db.prepare('SELECT DISTINCT owner FROM pins'),
    // SQLite syncs only transactions that wrote something.
    touch: db.prepare('INSERT INTO syncs VALUES (0, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1'),
  }
}
