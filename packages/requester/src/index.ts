export { type Assurance, AssuranceError, parseAssurance } from '@souk/availability'
export { leasesFor } from './assurance-estimate.ts'
export { AvailabilityError, percent } from './availability-error.ts'
export { Budget, BudgetError } from './budget.ts'
export {
  CompareError,
  differenceByProgram,
  type LocalOutcome,
  type RunLocally,
} from './compare-program.ts'
export type { CourtStatus } from './court-desk.ts'
export { DomainError, parseDomains } from './domain-mapping.ts'
export { type GpuChecker, GpuProofError } from './gpu-checker.ts'
export { isLie, judgeGpu, type ProofCase, type ProofCode, type ProofVerdict } from './gpu-verdict.ts'
export { verdictWords } from './health-words.ts'
export { JobError } from './job-error.ts'
export { JobRunner } from './job-runner.ts'
export * from './job-spec.ts'
export type { MarketView } from './market-view.ts'
export { NegotiationError } from './negotiate.ts'
export { OutputError } from './output-content.ts'
export type { PoolDesk } from './pool-desk.ts'
export { PoolError } from './pool-money.ts'
export type { PoolStatus } from './pool-status.ts'
export type { PurchaseRunner } from './purchase-runner.ts'
export * from './read-result.ts'
export type { ReliabilityBook } from './reliability-book.ts'
export type { Happening } from './reliability-evidence.ts'
export type { Score } from './reliability-score.ts'
export { Requester } from './requester.ts'
export type { RequesterOptions } from './requester-options.ts'
export { RESERVATION_JOB } from './reserve-booking.ts'
export type { ReserveDesk } from './reserve-desk.ts'
export { ReserveError } from './reserve-error.ts'
export type { ReservationRow, ReservationState } from './reserve-status.ts'
export type { ReserveWish } from './reserve-talk.ts'
export type { RunwayReport } from './runway-report.ts'
export * from './runway-topup.ts'
export { type RunwayWarning, warningWords } from './runway-watch.ts'
export type { ReadSecrets } from './secret-desk.ts'
export type {
  Attested,
  Compensated,
  JobReport,
  LeaseReport,
  Measured,
  Promised,
} from './service-level-report.ts'
export * from './session-calls.ts'
export { PlaceError, type SessionPlace } from './session-places.ts'
export { Sessions, type SessionTarget } from './sessions.ts'
export type { UptimeDesk, VerifiedUptime } from './uptime-desk.ts'
