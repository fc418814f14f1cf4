import type { Hex } from '@souk/protocol'

/** What became of a transaction, as far as is known. */
export type Outcome =
  | { readonly state: 'sent' }
  | { readonly state: 'mined'; readonly block: number }
  | { readonly state: 'failed'; readonly block: number; readonly reason: string }
  | { readonly state: 'replaced' }

/** A transaction that the wallet has sent for this page; all of it survives a reload. */
export interface StoredTransaction {
  readonly hash: Hex
  /** Network scope and account that it belongs to. */
  readonly scope: string
  readonly account: Hex
  /** What it does, such as `Deposit of 10 SOUK`. */
  readonly purpose: string
  /** Unix milliseconds. */
  readonly sentAtMs: number
  /** The account's transaction number, once a node has shown it. */
  readonly nonce: number | null
  readonly outcome: Outcome
}

/** The part of `localStorage` that is used. */
export interface TextStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'souk.transactions'
/** Transactions remembered over all networks and accounts: a browser's store has room for some megabytes. */
const STORED = 60
/** Characters of a purpose or a reason. */
const TEXT_LENGTH = 400

/** Reads what is stored, newest first; anything that is not ours is left out. */
export function loadTransactions(store: TextStore): StoredTransaction[] {
  try {
    const found: unknown = JSON.parse(store.getItem(KEY) ?? '[]')
    return Array.isArray(found) ? found.filter(isStored).slice(0, STORED) : []
  } catch {
    return []
  }
}

/** Adds a transaction or renews it, and returns all, newest first; the oldest beyond the bound are forgotten. */
export function putTransaction(store: TextStore, given: StoredTransaction): StoredTransaction[] {
  const all = loadTransactions(store)
  const entry = { ...given, purpose: given.purpose.slice(0, TEXT_LENGTH) }
  const at = all.findIndex(({ hash }) => hash === given.hash)
  const next = at === -1 ? [entry, ...all] : all.with(at, entry)
  const kept = next.slice(0, STORED)
  try {
    store.setItem(KEY, JSON.stringify(kept))
  } catch {
    // The store is full or forbidden: the page goes on without a memory.
  }
  return kept
}

function isStored(value: unknown): value is StoredTransaction {
  if (typeof value !== 'object' || value === null) return false
  const { hash, scope, account, purpose, sentAtMs, nonce, outcome } = value as Record<string, unknown>
  return (
    isHex(hash, 64) &&
    typeof scope === 'string' &&
    isHex(account, 40) &&
    isText(purpose) &&
    Number.isSafeInteger(sentAtMs) &&
    (nonce === null || Number.isSafeInteger(nonce)) &&
    isOutcome(outcome)
  )
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null) return false
  const { state, block, reason } = value as Record<string, unknown>
  if (state === 'sent' || state === 'replaced') return true
  if (!Number.isSafeInteger(block)) return false
  return state === 'mined' || (state === 'failed' && isText(reason))
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_LENGTH
}

function isHex(value: unknown, digits: number): value is Hex {
  return typeof value === 'string' && value.length === digits + 2 && /^0x[0-9a-f]+$/i.test(value)
}
