export { advanceBuyer } from './buyer-lease.ts'
export {
  type BuyerEffect,
  type BuyerEvent,
  type BuyerLease,
  buyerLease,
  type Delivery,
  type Dispatch,
  usableCredit,
} from './buyer-state.ts'
export * from './chain-sight.ts'
export { type Channel, ChannelError, newChannel } from './channel.ts'
export * from './host.ts'
export { advanceJob } from './job.ts'
export { recoverJob } from './job-recovery.ts'
export {
  type Assignment,
  type Job,
  type JobEffect,
  type JobEvent,
  type JobLease,
  type JobTask,
  newJob,
  type Slot,
} from './job-state.ts'
export { keySigner } from './key-signer.ts'
export * from './lease-case.ts'
export * from './payment.ts'
export * from './program.ts'
export { ProgramLoop } from './program-loop.ts'
export * from './quoting.ts'
export * from './records.ts'
export { advanceSeller } from './seller-lease.ts'
export {
  type Finished,
  type SellerEffect,
  type SellerEvent,
  type SellerLease,
  sellerLease,
} from './seller-state.ts'
export * from './settle.ts'
