import { errorMessage } from '@souk/protocol'
import { createEscrowReader, createRpc } from '@souk/settlement'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createWalletConfig } from '../chain/wallet-config.ts'
import { CONFIG_PATH, type PageConfig } from '../state/page-config.ts'
import { App } from './app.tsx'
import { Notice } from './notice.tsx'

const container = document.getElementById('root')
if (container === null) throw new Error('the page has no root')
const root = createRoot(container)

try {
  const config = await loadConfig()
  const { network } = config
  const rpc = createRpc({ urls: network.rpcUrls, chainId: network.chainId })
  const tools = { network, rpc, reader: createEscrowReader(rpc, network) }
  const wallets = createWalletConfig(network, rpc)
  document.title = `Souk wallet: ${network.name}`
  root.render(
    <StrictMode>
      <App agent={config.agent} tools={tools} wallets={wallets} />
    </StrictMode>,
  )
} catch (error) {
  root.render(
    <main className="narrow">
      <Notice tone="bad" title="The page could not start">
        Its server, <code>souk wallet web</code>, did not tell which network this is: {errorMessage(error)}.
        Start it again and reload this page.
      </Notice>
    </main>,
  )
}

async function loadConfig(): Promise<PageConfig> {
  const response = await fetch(CONFIG_PATH)
  if (!response.ok) throw new Error(`status ${response.status}`)
  return (await response.json()) as PageConfig
}
