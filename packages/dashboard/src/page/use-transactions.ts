import type { Hex } from '@souk/protocol'
import { networkScope } from '@souk/settlement'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { type ChainTools, pollMs } from '../chain/tools.ts'
import { lookAtTransaction } from '../chain/transaction-look.ts'
import { loadTransactions, putTransaction, type StoredTransaction } from '../state/stored-transaction.ts'

/** Keeps the account's transactions and follows those whose end is not known yet. */
export function useTransactions(tools: ChainTools, account: Hex) {
  const scope = networkScope(tools.network)
  const [all, setAll] = useState(() => loadTransactions(localStorage))
  const transactions = useMemo(
    () => all.filter((one) => one.scope === scope && one.account === account),
    [all, scope, account],
  )
  const put = useCallback((one: StoredTransaction) => setAll(putTransaction(localStorage, one)), [])
  const waiting = useMemo(
    () => transactions.filter(({ outcome }) => outcome.state === 'sent'),
    [transactions],
  )

  useEffect(() => {
    if (waiting.length === 0) return
    const stop = new AbortController()
    const look = async () => {
      for (const one of waiting) {
        const seen = await lookAtTransaction(tools.rpc, one, tools.network, stop.signal)
        if (stop.signal.aborted) return
        if (seen.outcome.state !== 'sent' || seen.nonce !== one.nonce) put(seen)
      }
    }
    // What fails is asked again with the next turn of the timer; that the chain is away is told by the feed.
    const quietly = () => void look().catch(() => {})
    quietly()
    const timer = setInterval(quietly, pollMs(tools.network))
    return () => {
      clearInterval(timer)
      stop.abort(new Error('the page shows something else'))
    }
  }, [waiting, tools, put])
  return { transactions, put }
}
