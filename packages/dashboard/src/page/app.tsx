import type { Hex } from '@souk/protocol'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type Config, useConnection, WagmiProvider } from 'wagmi'
import type { ChainTools } from '../chain/tools.ts'
import type { AgentKey } from '../state/page-config.ts'
import { Connect } from './connect.tsx'
import { Header } from './header.tsx'
import { SessionProvider } from './session.tsx'
import { Wallet } from './wallet.tsx'
import { WalletChain } from './wallet-chain.tsx'

const queries = new QueryClient()

/** The whole page. */
export function App(props: { tools: ChainTools; wallets: Config; agent: AgentKey | null }) {
  return (
    <WagmiProvider config={props.wallets}>
      <QueryClientProvider client={queries}>
        <Page tools={props.tools} agent={props.agent} />
      </QueryClientProvider>
    </WagmiProvider>
  )
}

function Page({ tools, agent }: { tools: ChainTools; agent: AgentKey | null }) {
  const { address, status } = useConnection()
  const account = address?.toLowerCase() as Hex | undefined
  return (
    <>
      <Header network={tools.network} account={account} />
      {account === undefined ? (
        <Connect network={tools.network} reconnecting={status === 'reconnecting'} />
      ) : (
        <SessionProvider key={account} tools={tools} account={account}>
          <main>
            <WalletChain network={tools.network} />
            <Wallet agent={agent} />
          </main>
        </SessionProvider>
      )}
    </>
  )
}
