import { courtSigner } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { createEscrowReader, createRpc, type NetworkConfig, openCourtLink } from '@souk/settlement'
import { OperatorError } from './operator-error.ts'

/**
 * Signs that a key watches with the stake of `account`: what the account needs for `souk wallet watch`.
 *
 * Throws {@link OperatorError}, and `ChainError` where no endpoint answers.
 */
export async function signConsent(
  config: NetworkConfig,
  key: Uint8Array,
  account: Hex,
): Promise<{ key: Hex; account: Hex; consent: Hex }> {
  const rpc = createRpc({ urls: config.rpcUrls, chainId: config.chainId })
  const reader = createEscrowReader(rpc, config)
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader })
  if (court === null) {
    throw new OperatorError(
      `expected a network with a court, ${config.name} has none: nobody watches there`,
      {
        code: 'NO_COURT',
        network: config.name,
      },
    )
  }
  const signer = courtSigner(court.id, key)
  return { key: signer.address, account, consent: signer.sign('Enrol', { account }) }
}
