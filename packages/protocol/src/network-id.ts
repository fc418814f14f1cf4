import type { Hex } from './bytes.ts'
import { WireError } from './errors.ts'

/** What keeps networks apart: part of every protocol id and topic (PROTOCOL §5). */
export interface NetworkId {
  readonly name: string
  readonly chainId: number
  readonly escrow: Hex
}

/** Writes `name/chainId/escrow`, the form used in protocol ids, topics and offers. */
export function networkPath(network: NetworkId): string {
  return `${network.name}/${network.chainId}/${network.escrow.toLowerCase()}`
}

/** Returns the libp2p protocol id of one of our protocols on this network. */
export function protocolId(network: NetworkId, protocol: string, version = 1): string {
  return `/souk/${networkPath(network)}/${protocol}/${version}`
}

/** Throws {@link WireError} `WRONG_NETWORK` unless `path` names `network`. */
export function requireNetwork(network: NetworkId, path: string): void {
  const expected = networkPath(network)
  if (path === expected) return
  throw new WireError(`expected a message of network ${expected}, got one of ${path}; dropped`, {
    code: 'WRONG_NETWORK',
    what: path,
  })
}
