import type { Hex } from '@souk/protocol'
import { networkScope } from '@souk/settlement'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useConfig, useConnection } from 'wagmi'
import { sendTransaction, signTypedData } from 'wagmi/actions'
import type { AccountTools, ChainTools } from '../chain/tools.ts'
import { requireOurChain, type WalletProvider } from '../chain/wallet-chain.ts'
import type { StoredTransaction } from '../state/stored-transaction.ts'
import { useAccountFeed } from './use-account-feed.ts'
import { useTransactions } from './use-transactions.ts'

/** What every part of the page knows of the connected account. */
export interface Session extends ReturnType<typeof useAccountFeed> {
  readonly tools: AccountTools
  readonly transactions: readonly StoredTransaction[]
}

const Context = createContext<Session | undefined>(undefined)

/** Returns the session of the connected account; only below {@link SessionProvider}. */
export function useSession(): Session {
  const session = useContext(Context)
  if (session === undefined) throw new Error('no session here')
  return session
}

/** Follows the connected account and its transactions for what stands inside. */
export function SessionProvider(props: { tools: ChainTools; account: Hex; children: ReactNode }) {
  const { account, tools: chain, children } = props
  const config = useConfig()
  const { connector } = useConnection()
  const feed = useAccountFeed(chain, account)
  const { transactions, put } = useTransactions(chain, account)
  const tools = useMemo((): AccountTools => {
    const { chainId } = chain.network
    const wallet = { account, ...(connector === undefined ? {} : { connector }) }
    return {
      ...chain,
      account,
      signTypedData: (data) =>
        signTypedData(config, { ...data, ...wallet } as Parameters<typeof signTypedData>[1]),
      async send({ purpose, to, data }) {
        const provider = (await connector?.getProvider()) as WalletProvider | undefined
        if (provider !== undefined) await requireOurChain(provider, chain.network)
        const hash = await sendTransaction(config, { ...wallet, chainId, to, data })
        const scope = networkScope(chain.network)
        put({ hash, scope, account, purpose, sentAtMs: Date.now(), nonce: null, outcome: { state: 'sent' } })
        return hash
      },
    }
  }, [account, chain, config, connector, put])
  const session = useMemo(() => ({ ...feed, tools, transactions }), [feed, tools, transactions])
  return <Context value={session}>{children}</Context>
}
