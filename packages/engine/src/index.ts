export { restoreAudits } from './audit-state.ts'
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
export { advanceClaim } from './court-claim.ts'
export {
  type Claim,
  type ClaimEffect,
  type ClaimEvent,
  type ClaimedLease,
  type CourtContext,
  type DownRecord,
  newClaim,
} from './court-claim-state.ts'
export type { Answer } from './court-collect.ts'
export { advanceDispute, newAccusation, newDispute } from './court-dispute.ts'
export type {
  ChallengedResult,
  Dispute,
  DisputeContext,
  DisputeEffect,
  DisputeEvent,
  DisputeStanding,
} from './court-dispute-state.ts'
export {
  forgotten,
  lastForgotten,
  type MembershipRow,
  memberships,
  type Summons,
  summonses,
  type VoteRow,
  votes,
} from './court-records.ts'
export { type CourtSigner, courtSigner } from './court-signer.ts'
export * from './double-vote.ts'
export * from './experience-records.ts'
export * from './front-records.ts'
export * from './hold.ts'
export * from './hold-records.ts'
export * from './host.ts'
export { claimsOf, holdOf, overdue } from './host-holds.ts'
export { advanceJob } from './job.ts'
export { attemptTask, neededCheckpoints, slotTaskDigest } from './job-checkpoints.ts'
export * from './job-pause.ts'
export { recoverJob } from './job-recovery.ts'
export { equalityOf, resultsOf } from './job-relation.ts'
export * from './job-secrets.ts'
export {
  type Assignment,
  type Doubt,
  type Job,
  type JobEffect,
  type JobEvent,
  type JobLease,
  type JobTask,
  newJob,
  type Slot,
} from './job-state.ts'
export { advanceJury } from './jury.ts'
export { debtOf, juryBudgetMs } from './jury-allowance.ts'
export { type Jury, type JuryContext, type JuryEffect, type JuryEvent, newJury } from './jury-state.ts'
export { keySigner } from './key-signer.ts'
export * from './lease-case.ts'
export * from './payment.ts'
export * from './plan-records.ts'
export * from './pool-records.ts'
export * from './program.ts'
export { ProgramLoop } from './program-loop.ts'
export * from './proof-records.ts'
export * from './quoting.ts'
export * from './records.ts'
export * from './refuse-accept.ts'
export * from './refute.ts'
export { advanceSeller } from './seller-lease.ts'
export {
  type Finished,
  type SellerEffect,
  type SellerEvent,
  type SellerLease,
  sellerLease,
} from './seller-state.ts'
export * from './service-records.ts'
export * from './settle.ts'
export { advanceWatch } from './watch.ts'
export { advanceBook } from './watch-book.ts'
export {
  type Book,
  type BookContext,
  type BookEffect,
  type BookEvent,
  newBook,
  uptimeEntries,
  uptimeKey,
  uptimePrefix,
} from './watch-book-state.ts'
export * from './watch-judge.ts'
export {
  type Lot,
  newWatch,
  type Watch,
  type WatchContext,
  type WatchEffect,
  type WatchEvent,
  type Whereabouts,
} from './watch-state.ts'
