import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'
import { useConnection, useDisconnect } from 'wagmi'
import { shortHex } from '../state/format.ts'

/** The bar on top: which network this is, and who is connected. */
export function Header({ network, account }: { network: NetworkConfig; account: Hex | undefined }) {
  const { connector } = useConnection()
  const disconnect = useDisconnect()
  return (
    <header className="bar">
      <h1>
        <svg aria-hidden="true" viewBox="0 0 32 32">
          <path d="M6 13 8 7h16l2 6a3.3 3.3 0 0 1-6.7 0 3.3 3.3 0 0 1-6.6 0A3.3 3.3 0 0 1 6 13Z" />
          <path d="M9 19v6h14v-6" fill="none" stroke="currentColor" strokeWidth="2.4" />
        </svg>
        Souk wallet
      </h1>
      <p className="network" title={`escrow ${network.escrow}`}>
        {network.name}
        <small>{network.dev ? 'development network' : `chain ${network.chainId}`}</small>
      </p>
      {account !== undefined && (
        <div className="who">
          <code title={account}>{shortHex(account)}</code>
          <button type="button" className="quiet" onClick={() => disconnect.mutate({})}>
            Disconnect<span className="unseen"> {connector?.name}</span>
          </button>
        </div>
      )}
    </header>
  )
}
