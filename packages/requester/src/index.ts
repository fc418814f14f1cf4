export { Budget, BudgetError } from './budget.ts'
export {
  CompareError,
  differenceByProgram,
  type LocalOutcome,
  type RunLocally,
} from './compare-program.ts'
export type { CourtStatus } from './court-desk.ts'
export { type GpuChecker, GpuProofError } from './gpu-checker.ts'
export { isLie, judgeGpu, type ProofCase, type ProofCode, type ProofVerdict } from './gpu-verdict.ts'
export { JobError } from './job-error.ts'
export { JobRunner } from './job-runner.ts'
export * from './job-spec.ts'
export type { MarketView } from './market-view.ts'
export { NegotiationError } from './negotiate.ts'
export { OutputError } from './output-content.ts'
export type { PurchaseRunner } from './purchase-runner.ts'
export * from './read-result.ts'
export { Requester } from './requester.ts'
export type { RequesterOptions } from './requester-options.ts'
export type { RunwayReport } from './runway-report.ts'
export * from './runway-topup.ts'
export { type RunwayWarning, warningWords } from './runway-watch.ts'
export type { ReadSecrets } from './secret-desk.ts'
export * from './session-calls.ts'
export { PlaceError, type SessionPlace } from './session-places.ts'
export { Sessions, type SessionTarget } from './sessions.ts'
export type { UptimeDesk, VerifiedUptime } from './uptime-desk.ts'
