export * from './account-setup.ts'
export type { ChainClock, Head } from './chain-clock.ts'
export * from './chain-link.ts'
export type { ChainSignal } from './chain-look.ts'
export * from './chain-watcher.ts'
export * from './conservation.ts'
export * from './court-calls.ts'
export * from './court-events.ts'
export * from './court-link.ts'
export * from './court-reader.ts'
export * from './deploy-market.ts'
export * from './endpoint-chains.ts'
export * from './errors.ts'
export * from './escrow-calls.ts'
export {
  decodeEscrowLog,
  type EscrowEvent,
  type LogPlace,
  placeOf,
  type RawLog,
} from './escrow-events.ts'
export { type BlockRange, type PlacedEvent, readEscrowEvents } from './escrow-history.ts'
export * from './escrow-reader.ts'
export {
  type DelegateOnChain,
  type EscrowConstants,
  LEASE_STATUSES,
  type LeaseOnChain,
  type LeaseStatus,
} from './escrow-reads.ts'
export * from './exposure.ts'
export * from './gas-report.ts'
export { courtAbi } from './generated/court.ts'
export { devTokenAbi, devTokenBytecode } from './generated/devToken.ts'
export { escrowAbi, escrowBytecode } from './generated/escrow.ts'
export * from './lease-call.ts'
export * from './lease-settler.ts'
export type { DueCall, LeaseCall } from './lease-transactions.ts'
export * from './ledger-view.ts'
export * from './limits.ts'
export * from './network-config.ts'
export { untilAvailable } from './pause.ts'
export { type PermitFacts, readPermitFacts } from './permit.ts'
export type { Receipt } from './receipt.ts'
export * from './rehearse-deployment.ts'
export * from './revert.ts'
export * from './rpc.ts'
export * from './runway.ts'
export * from './token-calls.ts'
export { readTokenFacts, type TokenFacts } from './token-facts.ts'
export type { TransactionRequest, TransactionRow } from './transaction-row.ts'
export * from './transaction-sender.ts'
export * from './verify-market.ts'
export { checksumAddress, parseAddress } from './wallet-address.ts'
export * from './wallet-deposit.ts'
export * from './wallet-error.ts'
export * from './wallet-events.ts'
export * from './wallet-history.ts'
export * from './wallet-stake.ts'
export * from './wallet-state.ts'
export * from './wallet-transactions.ts'
export * from './watch-error.ts'
