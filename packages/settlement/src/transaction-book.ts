import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { CHAIN_LIMITS } from './limits.ts'
import { decodeRow, encodeRow, type TransactionRow } from './transaction-row.ts'

/** The journalled transactions of one key on one chain, by nonce, id and hash. */
export interface TransactionBook {
  /** Journals a row so that it survives a power loss, in the place of `replaced` where it had another nonce. */
  put(row: TransactionRow, replaced?: TransactionRow): Promise<void>
  byId(id: string): TransactionRow | undefined
  byHash(hash: Hex): TransactionRow | undefined
  /** Rows whose receipt may still change, lowest nonce first. */
  pending(): TransactionRow[]
  /** Mined rows with nonces from `from` to below `to`, lowest first. */
  between(from: number, to: number): TransactionRow[]
  /** The nonce after the highest journalled one; 0 for an empty book. */
  nextNonce(): number
}

const TABLE = 'transactions'

/** Opens the book of `scope` (chain and sender) in the journal. */
export async function openTransactionBook(journal: Journal, scope: string): Promise<TransactionBook> {
  const rows = new Map<number, TransactionRow>()
  const nonceById = new Map<string, number>()
  const nonceByHash = new Map<Hex, number>()
  const keyOf = (nonce: number) => `${scope}/${nonce.toString().padStart(12, '0')}`

  const remember = (row: TransactionRow) => {
    rows.set(row.nonce, row)
    nonceById.set(row.id, row.nonce)
    for (const hash of row.hashes) nonceByHash.set(hash, row.nonce)
  }
  const forget = (row: TransactionRow) => {
    rows.delete(row.nonce)
    if (nonceById.get(row.id) !== row.nonce) return
    nonceById.delete(row.id)
    for (const hash of row.hashes) nonceByHash.delete(hash)
  }
  const surplus = () => {
    const final = [...rows.values()].filter((row) => row.final).sort(byNonce)
    return final.slice(0, Math.max(0, final.length - CHAIN_LIMITS.finalTransactions))
  }
  for (const { value } of await journal.scan(TABLE, `${scope}/`)) remember(decodeRow(value))
  return {
    async put(row, replaced) {
      const gone = replaced === undefined ? [] : [replaced]
      const dropped = row.final ? surplus() : []
      const writes = [...gone, ...dropped].map(({ nonce }) => ({
        table: TABLE,
        key: keyOf(nonce),
        value: null,
      }))
      const write = { table: TABLE, key: keyOf(row.nonce), value: encodeRow(row) }
      await journal.commit([...writes, write], row.final ? 'committed' : 'synced')
      for (const old of [...gone, ...dropped]) forget(old)
      remember(row)
    },
    byId: (id) => rows.get(nonceById.get(id) ?? -1),
    byHash: (hash) => rows.get(nonceByHash.get(hash) ?? -1),
    pending: () => [...rows.values()].filter((row) => !row.final).sort(byNonce),
    between(from, to) {
      const nonces = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
      return nonces.flatMap((nonce) => rows.get(nonce) ?? []).filter((row) => row.refused === null)
    },
    nextNonce: () => Math.max(-1, ...rows.keys()) + 1,
  }
}

function byNonce(a: TransactionRow, b: TransactionRow): number {
  return a.nonce - b.nonce
}
