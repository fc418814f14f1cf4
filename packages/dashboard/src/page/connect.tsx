import type { NetworkConfig } from '@souk/settlement'
import { type Connector, useConnect, useConnectors } from 'wagmi'
import { explainStop } from '../state/wallet-error.ts'

/** Lists the wallets of this browser, to connect one. */
export function Connect({ network, reconnecting }: { network: NetworkConfig; reconnecting: boolean }) {
  const connectors = useWallets()
  const connect = useConnect()
  const waiting = connect.isPending || reconnecting
  return (
    <main className="narrow">
      <section className="card">
        <h2>Connect a wallet</h2>
        {connectors.length === 0 ? (
          <NoWallet />
        ) : (
          <p>Your keys stay in the wallet. It asks you before it signs anything.</p>
        )}
        <ul className="wallets">
          {connectors.map((connector) => (
            <li key={connector.uid}>
              <button type="button" disabled={waiting} onClick={() => connect.mutate({ connector })}>
                {connector.icon === undefined ? (
                  <span className="icon" />
                ) : (
                  <img className="icon" src={connector.icon.trim()} alt="" />
                )}
                Connect {connector.name}
              </button>
            </li>
          ))}
        </ul>
        <p className="status" role="status">
          {waiting && (reconnecting ? 'Connecting again…' : 'Waiting for you to agree in the wallet…')}
          {connect.error !== null && !waiting && connectSentence(connect.error, network)}
        </p>
      </section>
    </main>
  )
}

/** Returns the wallets that announced themselves (EIP-6963), or the one in `window.ethereum` where none did. */
function useWallets(): readonly Connector[] {
  const connectors = useConnectors()
  const announced = connectors.filter(({ id }) => id !== 'injected')
  if (announced.length > 0) return announced
  return 'ethereum' in window ? connectors : []
}

function NoWallet() {
  return (
    <p>
      This browser has no wallet that this page can see. Install an extension that announces itself to pages
      (EIP-6963), such as MetaMask, Rabby or Frame, and reload. Without one, <code>souk wallet</code> does the
      same in a terminal.
    </p>
  )
}

function connectSentence(error: Error, network: NetworkConfig): string {
  const { sentence, calm } = explainStop(error, network)
  return calm
    ? sentence.replace('Nothing was sent.', 'Nothing was connected.')
    : sentence.replace('did not send it', 'did not connect')
}
