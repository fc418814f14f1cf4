import type { Context, SellingPolicy } from '@souk/engine'
import type { CourtLink } from '@souk/settlement'
import type { ProviderOptions } from './provider-options.ts'

/** What a provider puts up and asks for besides prices. */
const SELLING = { bondSeconds: 60, resultBondSeconds: 30, prepaySeconds: 10, noticeSeconds: 60 } as const
/** Slots of downtime that a bond pays for at least. */
const BOND_SLOTS = 16

/** Returns the terms on which a provider sells; `court` is `null` where the network has none. */
export function sellingPolicy(
  { account, prices, config }: Pick<ProviderOptions, 'account' | 'prices' | 'config'>,
  { signer }: Context,
  court: CourtLink | null,
): SellingPolicy {
  const slotSeconds = (court?.rules.slotBlocks ?? 1) * config.blockSeconds
  return {
    ...SELLING,
    slotSeconds,
    bondSeconds: Math.max(SELLING.bondSeconds, 2 * BOND_SLOTS * slotSeconds),
    account,
    subject: signer.address,
    prices,
    blockSeconds: config.blockSeconds,
    noticeBlocks: Math.ceil(SELLING.noticeSeconds / config.blockSeconds),
  }
}
