import { askReach, measureRoundTrip, type SoukNode } from '@souk/network'
import { type CourtId, type Hex, isCourtSigned, toHex } from '@souk/protocol'
import type { ChainLink, NetworkConfig } from '@souk/settlement'

/** Milliseconds for a peer to probe another and say what came of it. */
const ASK_MS = 2_500
/** Milliseconds for a bootstrap peer or the chain to answer anything at all. */
const ANYBODY_MS = 1_000

/** What looking around needs of the process. */
export interface ReachServices {
  readonly node: SoukNode
  readonly chain: Pick<ChainLink, 'rpc'>
  readonly config: Pick<NetworkConfig, 'bootstrap' | 'rpcUrls' | 'dev'>
  /** `null` where the network has no court: then nobody answers probes. */
  readonly court: CourtId | null
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Asks a peer whether it reaches a subject. False only where that peer says that it does not; `undefined` where it
 * says nothing that counts.
 */
export async function isReachedBy(
  { node, court, random }: ReachServices,
  helper: string,
  subject: Hex,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (court === null) return undefined
  const nonce = toHex(random(32))
  try {
    const options = { timeoutMs: ASK_MS, signal }
    const answer = await askReach(node, { peerId: helper, addresses: [] }, subject, nonce, options)
    return answer !== null && isCourtSigned(court, 'Probe', { nonce }, answer, subject)
  } catch {
    return undefined
  }
}

/**
 * Asks the chain and a bootstrap peer that is not watched for anything, and calls back for each that answers. An
 * endpoint on this machine says nothing of the network, unless all of that is on this machine.
 */
export function askAnybody(
  { node, chain, config }: ReachServices,
  isWatched: (peer: string) => boolean,
  answered: () => void,
): void {
  const signal = AbortSignal.timeout(ANYBODY_MS)
  const ignore = () => {}
  if (config.dev || !config.rpcUrls.some(isHere)) {
    chain.rpc.request('eth_blockNumber', [], { signal }).then(answered, ignore)
  }
  const connected = new Set(node.peers())
  const bootstrap = config.bootstrap
    .map((address) => address.slice(address.lastIndexOf('/') + 1))
    .find((peer) => connected.has(peer) && !isWatched(peer))
  if (bootstrap !== undefined) {
    measureRoundTrip(node, bootstrap, { signal }).then(answered, ignore)
  }
}

function isHere(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
