export * from './buyer-lease.ts'
export * from './chain-sight.ts'
export { type Channel, ChannelError, newChannel } from './channel.ts'
export * from './host.ts'
export * from './job.ts'
export * from './lease-case.ts'
export * from './payment.ts'
export * from './program.ts'
export { ProgramLoop } from './program-loop.ts'
export * from './quoting.ts'
export * from './records.ts'
export {
  advanceSeller,
  type Finished,
  type SellerEffect,
  type SellerEvent,
  type SellerLease,
  sellerLease,
} from './seller-lease.ts'
export * from './settle.ts'
