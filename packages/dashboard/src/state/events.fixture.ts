import type { Hex, Quote } from '@souk/protocol'
import type { EscrowEvent, NetworkConfig, PlacedEvent } from '@souk/settlement'

export const NETWORK: NetworkConfig = {
  name: 'test',
  chainId: 31_337,
  escrow: `0x${'e5'.repeat(20)}`,
  token: `0x${'70'.repeat(20)}`,
  tokenSymbol: 'SOUK',
  tokenDecimals: 2,
  rpcUrls: ['http://127.0.0.1:8545'],
  bootstrap: [],
  blockSeconds: 1,
  settleBlocks: 8,
  dev: true,
  deployedAt: 1,
  deployedHash: `0x${'00'.repeat(32)}`,
}
export const SELF: Hex = `0x${'aa'.repeat(20)}`
export const OTHER: Hex = `0x${'bb'.repeat(20)}`

/** Returns the name of the lease of a number. */
export function leaseName(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`
}

/** Returns a quote in which the account stands on one side. */
export function quoteOf(buying: boolean, terms: Partial<Quote> = {}): Quote {
  return {
    provider: buying ? OTHER : SELF,
    requester: buying ? SELF : OTHER,
    resultSigner: `0x${'11'.repeat(20)}`,
    voucherSigner: `0x${'22'.repeat(20)}`,
    rate: 1n,
    startFee: 0n,
    deposit: 1_000n,
    bond: 400n,
    resultBond: 100n,
    slotPenalty: 150n,
    openBefore: 2 ** 39,
    blocks: 50,
    notice: 3,
    prepay: 1,
    terms: leaseName(0),
    salt: leaseName(0),
    ...terms,
  }
}

/** Gives events their places, one a block from block 10 on. */
export function place(events: readonly EscrowEvent[]): PlacedEvent[] {
  return events.map((event, i) => ({
    event,
    at: { block: 10 + i, blockHash: leaseName(i), transaction: leaseName(i), index: 0 },
  }))
}
