import { addressOf, leaseOf, type NetworkId, type Quote, requireSigned, signStruct } from '@souk/protocol'

/**
 * Makes and checks the four signatures between a demand and its start, as both sides do: the requester's `Open`,
 * signed and verified, and the provider's `Quote`, signed and verified. Returns milliseconds.
 */
export function measureSignatures(network: NetworkId, quote: Quote, key: Uint8Array): number {
  const signer = addressOf(key)
  const lease = leaseOf(network, quote)
  const startNs = process.hrtime.bigint()
  const open = signStruct(key, network, 'Open', { lease })
  requireSigned(network, 'Open', { lease }, open, signer)
  const agreed = signStruct(key, network, 'Quote', quote)
  requireSigned(network, 'Quote', quote, agreed, signer)
  return Number(process.hrtime.bigint() - startNs) / 1e6
}
