import { isPlainAddress, LIMITS, requireContent, WireError } from '@souk/protocol'
import { CID } from 'multiformats/cid'
import { StorageError } from './errors.ts'

/** Blocks by content address, bounded in bytes; the least recently used go first. */
export interface BlockStore {
  /**
   * Keeps a block under its address; `checked` says that the caller has just compared the two. Throws `WireError` `WRONG_CONTENT`, `MALFORMED` (no CIDv1) or
   * `TOO_LARGE`, and {@link StorageError} `STORE_FULL` when pinned blocks leave no room.
   */
  put(cid: string, bytes: Uint8Array, checked?: boolean): Promise<void>
  /** Returns a block, or undefined; counts as a use. */
  get(cid: string): Promise<Uint8Array | undefined>
  /** Tells whether a block is here; does not count as a use. */
  has(cid: string): Promise<boolean>
  /** Forgets a block, pinned or not. */
  delete(cid: string): Promise<void>
  /**
   * Exempts blocks from eviction on behalf of `owner` (a job, a lease) until it unpins; also blocks that are
   * still to come. Repeating a pin changes nothing.
   */
  pin(owner: string, cids: readonly string[]): Promise<void>
  /** Drops every pin of `owner`. */
  unpin(owner: string): Promise<void>
  /** Returns everyone on whose behalf anything is pinned. */
  owners(): Promise<string[]>
  /** Releases the files; may be called again. */
  close(): Promise<void>
}

/** Options of every block store. */
export interface BlockStoreOptions {
  /** Bytes of blocks kept before the least recently used are dropped. */
  readonly maxBytes?: number
}

/** Throws `WireError` unless `cid` is a canonical address and names `bytes`, at most one block long; that it does is not looked at where it was `checked`. */
export function requireBlock(cid: string, bytes: Uint8Array, checked = false): void {
  if (bytes.byteLength > LIMITS.blockBytes) {
    throw new WireError(
      `expected a block of at most ${LIMITS.blockBytes} bytes, got ${bytes.byteLength}; split it with putContent`,
      { code: 'TOO_LARGE', what: cid },
    )
  }
  requireAddress(cid)
  if (!checked) requireContent(cid, bytes)
}

/** Returns the error of a store whose pinned blocks leave no room for `bytes` more. */
export function storeFull(bytes: number, maxBytes: number): StorageError {
  return new StorageError(
    `expected room for ${bytes} bytes among ${maxBytes}, but pinned blocks fill the store; ` +
      'raise its size or end the jobs that pin them',
    { code: 'STORE_FULL', bytes, maxBytes },
  )
}

function requireAddress(cid: string): void {
  if (isPlainAddress(cid)) return
  try {
    // Another base would name the same block a second time.
    if (CID.parse(cid).toString() === cid) return
  } catch {
    // Not an address at all: told below like one in another base.
  }
  throw new WireError(`expected a CIDv1 in base32, got ${JSON.stringify(cid.slice(0, 80))}`, {
    code: 'MALFORMED',
    what: 'content address',
  })
}
