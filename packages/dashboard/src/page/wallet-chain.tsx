import type { NetworkConfig } from '@souk/settlement'
import { useCallback, useEffect, useState } from 'react'
import { useConnection, useSwitchChain } from 'wagmi'
import { offerEndpoints, seesOurChain, type WalletProvider } from '../chain/wallet-chain.ts'
import { explainStop } from '../state/wallet-error.ts'
import { Notice } from './notice.tsx'

/** Warns where the wallet is on another network than the page, and offers to put that right. */
export function WalletChain({ network }: { network: NetworkConfig }) {
  const { chainId, connector } = useConnection()
  const change = useSwitchChain()
  const right = chainId === network.chainId
  const [ours, setOurs] = useState(true)
  const provider = useCallback(
    async () => (await connector?.getProvider()) as WalletProvider | undefined,
    [connector],
  )
  const look = useCallback(async () => {
    const wallet = await provider()
    setOurs(wallet === undefined || (await seesOurChain(wallet, network)))
  }, [provider, network])
  useEffect(() => {
    if (right) look().catch(() => setOurs(true))
  }, [right, look])

  if (!right) {
    const stopped = change.error === null ? undefined : explainStop(change.error, network)
    return (
      <Notice
        tone="warn"
        title="Your wallet is on another network"
        action={
          <button
            type="button"
            disabled={change.isPending}
            onClick={() => change.mutate({ chainId: network.chainId })}
          >
            Switch to {network.name}
          </button>
        }
      >
        {stopped === undefined || change.isPending
          ? `It is on chain ${chainId ?? 'unknown'}, this page is about ${network.name} (chain ${network.chainId}). You can look around; to send anything, switch first.`
          : stopped.sentence.replace('Nothing was sent.', 'The wallet stays where it is.')}
      </Notice>
    )
  }
  if (ours) return null
  const offer = async () => {
    const wallet = await provider()
    if (wallet !== undefined) await offerEndpoints(wallet, network).catch(() => {})
    await look()
  }
  return (
    <Notice
      tone="warn"
      title="Your wallet reads another chain with the same number"
      action={
        <button type="button" onClick={() => void offer()}>
          Tell the wallet
        </button>
      }
    >
      Chain {network.chainId} stands for this network here, and for something else in your wallet. Set its RPC
      address to <code>{network.rpcUrls[0]}</code>.
    </Notice>
  )
}
