import type { DatabaseSync } from 'node:sqlite'
import { type BlockStore, type BlockStoreOptions, requireBlock, storeFull } from '../block-store.ts'
import { closedError } from '../errors.ts'
import { BlockFiles } from './block-files.ts'
import { type BlockRows, blockRows, openBlockRows, unpinnedToDrop } from './block-rows.ts'
import { guarded, guardedAsync, inTransaction, setSynchronous } from './database.ts'
import { TurnTransaction } from './turn-transaction.ts'

/** A cache that an ordinary disk can spare. */
const DEFAULT_BLOCKS_BYTES = 4 * 1024 ** 3
/** Bytes from which a block is a file of its own: SQLite would write it twice, and on the main thread. */
const FILE_BLOCK_BYTES = 256 * 1024
/** Uses remembered in memory before they are written down. */
const MAX_PENDING_USES = 10_000
/** What the row of a block in a file has instead of its bytes. */
const NOTHING = new Uint8Array()

/** Where a block store is: an SQLite file, and a folder for the large blocks. */
export interface DiskBlocksPaths {
  readonly rows: string
  readonly files: string
}

/**
 * Opens the block store at `paths`; throws `StorageError`. The caller holds the folder's lock.
 *
 * What counts as here is what has a row. A large block gets its row once its file is whole, so that a file without a row
 * is no block and is removed, and a row without a whole file is forgotten; both are looked for here.
 */
export function openDiskBlocks(paths: DiskBlocksPaths, options: BlockStoreOptions = {}): DiskBlocks {
  const files = new BlockFiles(paths.files)
  const db = guarded(paths.rows, () => openBlockRows(paths.rows))
  try {
    return guarded(paths.rows, () => {
      const rows = blockRows(db)
      reconcile(db, rows, files)
      return new DiskBlocks(paths.rows, db, rows, files, options.maxBytes ?? DEFAULT_BLOCKS_BYTES)
    })
  } catch (error) {
    db.close()
    throw error
  }
}

function reconcile(db: DatabaseSync, rows: BlockRows, files: BlockFiles): void {
  const strays = new Set(files.open())
  const lost = rows.inFiles.all().filter(({ cid, size }) => {
    return !strays.delete(cid as string) || !files.isWhole(cid as string, Number(size))
  })
  inTransaction(db, () => {
    for (const { cid } of lost) rows.remove.get(cid as string)
  })
  for (const name of strays) files.remove(name)
}

/**
 * A block store on disk. Blocks survive a kill -9 once `put` resolves. The order of use since the last `put` does not,
 * which costs at most a poorer choice of what to evict.
 */
export class DiskBlocks implements BlockStore {
  readonly #path: string
  readonly #db: DatabaseSync
  readonly #rows: BlockRows
  readonly #files: BlockFiles
  readonly #maxBytes: number
  readonly #turn: TurnTransaction
  readonly #uses = new Map<string, number>()
  /** Blocks that become files, by address. */
  readonly #writing = new Map<string, Promise<void>>()
  /** Blocks in files whose bytes were compared with their address in this process. */
  readonly #sound = new Set<string>()
  /** Blocks whose rows were removed since the last commit, and whose files go with it. */
  readonly #dropped = new Set<string>()
  #clock: number
  /** Bytes of the blocks that are here, and of those that become files. */
  #total: number
  #coming = 0
  #isDirty = false
  #isClosing = false

  /** Throws what SQLite throws. */
  constructor(path: string, db: DatabaseSync, rows: BlockRows, files: BlockFiles, maxBytes: number) {
    this.#path = path
    this.#db = db
    this.#rows = rows
    this.#files = files
    this.#maxBytes = maxBytes
    this.#clock = Number(rows.lastUse.get()?.used)
    this.#total = Number(rows.total.get()?.bytes)
    this.#turn = new TurnTransaction(db, {
      onCommit: () => this.#removeFiles(),
      onRollback: () => this.#recount(),
    })
  }

  async put(cid: string, bytes: Uint8Array, checked?: boolean): Promise<void> {
    requireBlock(cid, bytes, checked)
    if (this.#read(() => this.#isHere(cid))) {
      this.#read(() => this.#touch(cid))
      // Whoever put it may have done so in this very turn.
      if (this.#db.isTransaction) await this.#write(() => {})
    } else if (bytes.byteLength < FILE_BLOCK_BYTES) {
      await this.#write(() => {
        this.#makeRoom(bytes.byteLength)
        this.#insert(cid, bytes.byteLength, bytes)
      })
    } else {
      await (this.#writing.get(cid) ?? this.#begin(cid, bytes))
    }
  }

  async get(cid: string): Promise<Uint8Array | undefined> {
    const row = this.#read(() => this.#rows.get.get(cid))
    if (row === undefined) return undefined
    this.#read(() => this.#touch(cid))
    const bytes = row.bytes as Uint8Array
    const size = Number(row.size)
    if (bytes.byteLength === size) return bytes
    const read = await this.#files.read(cid, size)
    if (read === undefined) return await this.#missed(cid, size)
    return this.#isSound(cid, read) ? read : await this.#torn(cid)
  }

  async has(cid: string): Promise<boolean> {
    return this.#read(() => this.#isHere(cid))
  }

  async delete(cid: string): Promise<void> {
    this.#requireOpen()
    // Whoever waits for it hears of a failure; it is gone either way.
    await this.#writing.get(cid)?.catch(() => {})
    await this.#write(() => this.#drop(cid))
  }

  async pin(owner: string, cids: readonly string[]): Promise<void> {
    this.#requireOpen()
    await this.#write(() => {
      for (const cid of cids) this.#rows.pin.run(owner, cid)
    })
  }

  async unpin(owner: string): Promise<void> {
    this.#requireOpen()
    await this.#write(() => void this.#rows.unpin.run(owner))
  }

  async owners(): Promise<string[]> {
    return this.#read(() => this.#rows.owners.all().map((row) => row.owner as string))
  }

  /** Makes what has a row by now survive the process, as the promises of those who put it will say. */
  flush(): void {
    if (this.#db.isOpen) guarded(this.#path, () => this.#turn.flush())
  }

  /** Makes what has a row by now survive a power loss. */
  sync(): void {
    this.#read(() => this.#turn.flush())
    if (!this.#isDirty) return
    this.#read(() => {
      // First the files, then the rows that speak of them.
      this.#files.sync()
      setSynchronous(this.#db, true)
      inTransaction(this.#db, () => this.#rows.touch.run())
      setSynchronous(this.#db, false)
    })
    this.#isDirty = false
  }

  /** Waits for the files that are being written; may be called again. */
  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.allSettled(this.#writing.values())
    await this.#files.idle()
    if (!this.#db.isOpen) return
    guarded(this.#path, () => this.#turn.flush())
    guarded(this.#path, () => inTransaction(this.#db, () => this.#flushUses()))
    guarded(this.#path, () => this.#db.close())
  }

  /** Notes that a block becomes a file, before anybody else can ask. */
  #begin(cid: string, bytes: Uint8Array): Promise<void> {
    this.#requireOpen()
    const written = this.#putFile(cid, bytes).finally(() => this.#writing.delete(cid))
    this.#writing.set(cid, written)
    return written
  }

  /** Makes room, writes the file, and then its row. */
  async #putFile(cid: string, bytes: Uint8Array): Promise<void> {
    const size = bytes.byteLength
    const room = this.#hasRoom(size) ? undefined : this.#write(() => this.#makeRoom(size))
    this.#coming += size
    try {
      await room
      await this.#files.write(cid, bytes)
    } finally {
      this.#coming -= size
    }
    try {
      await this.#write(() => this.#insert(cid, size, NOTHING))
      this.#sound.add(cid)
    } catch (error) {
      this.#files.remove(cid)
      throw error
    }
  }

  /** Answers for a file that could not be read: it was evicted meanwhile, and perhaps put again, or it is lost. */
  async #missed(cid: string, size: number): Promise<Uint8Array | undefined> {
    if (this.#isClosing || !this.#read(() => this.#isHere(cid))) return undefined
    if (this.#files.isWhole(cid, size)) return await this.get(cid)
    await this.#write(() => this.#drop(cid))
    return undefined
  }

  /** Looks at a file of an earlier process once: a loss of power may have torn it. */
  #isSound(cid: string, bytes: Uint8Array): boolean {
    if (this.#sound.has(cid)) return true
    try {
      requireBlock(cid, bytes)
    } catch {
      return false
    }
    this.#sound.add(cid)
    return true
  }

  async #torn(cid: string): Promise<undefined> {
    if (!this.#isClosing) await this.#write(() => this.#drop(cid))
  }

  #isHere(cid: string): boolean {
    return this.#rows.has.get(cid) !== undefined
  }

  #hasRoom(bytes: number): boolean {
    return this.#total + this.#coming + bytes <= this.#maxBytes
  }

  /** Evicts until `bytes` have room. */
  #makeRoom(bytes: number): void {
    if (this.#hasRoom(bytes)) return
    this.#flushUses()
    const victims = unpinnedToDrop(this.#rows, this.#total + this.#coming + bytes - this.#maxBytes)
    if (victims === undefined) throw storeFull(bytes, this.#maxBytes)
    for (const cid of victims) this.#drop(cid)
  }

  #insert(cid: string, size: number, bytes: Uint8Array): void {
    this.#flushUses()
    this.#rows.insert.run(cid, ++this.#clock, size, bytes)
    this.#total += size
    this.#isDirty = true
  }

  #drop(cid: string): void {
    const row = this.#rows.remove.get(cid)
    this.#total -= Number(row?.size ?? 0)
    this.#sound.delete(cid)
    if (row?.inFile === 1) this.#dropped.add(cid)
  }

  /** Who puts one of these blocks again in this turn has not written its file yet. */
  #removeFiles(): void {
    for (const cid of this.#dropped) this.#files.remove(cid)
    this.#dropped.clear()
  }

  #recount(): void {
    this.#dropped.clear()
    this.#total = Number(this.#rows.total.get()?.bytes)
  }

  #touch(cid: string): void {
    this.#uses.set(cid, ++this.#clock)
    if (this.#uses.size < MAX_PENDING_USES) return
    this.#turn.flush()
    inTransaction(this.#db, () => this.#flushUses())
  }

  #flushUses(): void {
    for (const [cid, used] of this.#uses) this.#rows.use.run(used, cid)
    this.#uses.clear()
  }

  #requireOpen(): void {
    if (this.#isClosing) throw closedError(this.#path)
  }

  #read<T>(action: () => T): T {
    this.#requireOpen()
    return guarded(this.#path, action)
  }

  /** Writes at once and resolves with the commit of this turn; for whoever began before the store closes. */
  async #write(action: () => void): Promise<void> {
    await guardedAsync(this.#path, () => this.#turn.run(action))
  }
}
