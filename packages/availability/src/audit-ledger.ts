import { assert, type Hex } from '@souk/protocol'
import { auditLot } from './audit-lot.ts'
import { auditRate } from './audit-rate.ts'

/** Milliseconds for which a result is held back: until then a conviction of its account still stops it. */
export const AUDIT_WINDOW_MS = 60_000
/** Times a result is executed again where the audit comes to nothing, before it is given up. */
const AUDIT_TRIES = 2
/** Released results of an account that a conviction can still call into question; the oldest are forgotten. */
export const MAX_REMEMBERED = 16_384

/** One result of one attempt. */
interface AuditedResult {
  readonly attempt: string
  readonly account: Hex
  readonly atMs: number
  state: 'held' | 'released'
  /** Audits that are under way or over. */
  tries: number
  audit: 'none' | 'running' | 'valid'
}

interface AuditedAccount {
  valid: number
  convicted: boolean
  readonly results: Map<string, AuditedResult>
  /** Those of them that are being executed again. */
  readonly running: Set<AuditedResult>
}

/** The audits of one job. */
export interface AuditLedger {
  /** 32 random bytes, told to nobody before the job is over. */
  readonly secret: Hex
  readonly windowMs: number
  readonly accounts: Map<Hex, AuditedAccount>
  /** Audits in a row that found an account right before this job. */
  readonly before: Map<Hex, number>
  /** Results that nobody was shown yet, the oldest first. */
  readonly held: Map<string, AuditedResult>
  finished: boolean
}

/** What can happen. */
export type AuditEvent =
  /** A result came; `gain` and `stake` as in {@link auditRate}, base units. */
  | {
      readonly type: 'result'
      readonly attempt: string
      readonly account: Hex
      readonly gain: bigint
      readonly stake: bigint
    }
  /** Another account, or we ourselves, executed it again. `undecided`: that came to nothing. */
  | {
      readonly type: 'audited'
      readonly attempt: string
      readonly verdict: 'valid' | 'wrong' | 'undecided'
    }
  /** An account gave a wrong result where it was asked to audit another's. */
  | { readonly type: 'lied'; readonly account: Hex; readonly attempt: string }
  /** A result is of no more use, whoever was right: its task was given up, or runs again. */
  | { readonly type: 'dropped'; readonly attempt: string }
  /** A result was shown by an earlier run of this process: a conviction calls it into question. */
  | { readonly type: 'shown'; readonly attempt: string; readonly account: Hex }
  /** An earlier run of this process convicted an account. */
  | { readonly type: 'known-liar'; readonly account: Hex }
  /** No more results will come. */
  | { readonly type: 'finished' }
  | { readonly type: 'tick' }

/** What to do, in this order. */
export type AuditEffect =
  /** Execute it again, on another account than this one, or here. */
  | { readonly do: 'audit'; readonly attempt: string; readonly account: Hex }
  /** It may be shown. */
  | { readonly do: 'release'; readonly attempt: string }
  /** It is not believed, and was shown to nobody: run its task again, elsewhere. */
  | { readonly do: 'reject'; readonly attempt: string }
  /** It was shown and is wrong. */
  | { readonly do: 'recall'; readonly attempt: string }
  /** The account gave a wrong result: no more work for it; its other results are being looked at. */
  | { readonly do: 'convict'; readonly account: Hex; readonly attempt: string }

/** Starts the audits of a job; `before` are the records of accounts, in audits in a row that found them right. */
export function createAuditLedger(
  secret: Hex,
  windowMs: number = AUDIT_WINDOW_MS,
  before: ReadonlyMap<Hex, number> = new Map(),
): AuditLedger {
  return { secret, windowMs, accounts: new Map(), before: new Map(before), held: new Map(), finished: false }
}

/**
 * Decides what one event means for the job's results.
 *
 * A result is shown when its own audit found it right; or, where it was not drawn, after the window, when the account's
 * audits of that time are over too. One that is wrong convicts its account, and everything that it delivered in this
 * job is executed again: what is held stays so until then, what was shown is recalled if it is wrong.
 */
export function advanceAudit(ledger: AuditLedger, event: AuditEvent, nowMs: number): AuditEffect[] {
  switch (event.type) {
    case 'result':
      return onResult(ledger, event, nowMs)
    case 'audited':
      return [...onAudited(ledger, event.attempt, event.verdict), ...releaseDue(ledger, nowMs)]
    case 'lied':
      return convict(accountOf(ledger, event.account), event)
    case 'dropped':
      return [...onDropped(ledger, event.attempt), ...releaseDue(ledger, nowMs)]
    case 'shown':
      return onShown(ledger, event, nowMs)
    case 'known-liar':
      accountOf(ledger, event.account).convicted = true
      return []
    case 'finished':
      ledger.finished = true
      return releaseDue(ledger, nowMs)
    case 'tick':
      return releaseDue(ledger, nowMs)
  }
}

function onResult(
  ledger: AuditLedger,
  { attempt, account, gain, stake }: Extract<AuditEvent, { type: 'result' }>,
  nowMs: number,
): AuditEffect[] {
  const record = accountOf(ledger, account)
  assert(!record.results.has(attempt), 'an attempt has one result')
  const result: AuditedResult = { attempt, account, atMs: nowMs, state: 'held', tries: 0, audit: 'none' }
  record.results.set(attempt, result)
  ledger.held.set(attempt, result)
  forgetOldest(record)
  const rate = record.convicted ? 1 : auditRate({ valid: record.valid, gain, stake })
  return rate === 1 || auditLot(ledger.secret, attempt) < rate ? startAudit(record, result) : []
}

function startAudit(record: AuditedAccount, result: AuditedResult): AuditEffect[] {
  result.audit = 'running'
  result.tries += 1
  record.running.add(result)
  return [{ do: 'audit', attempt: result.attempt, account: result.account }]
}

function onAudited(
  ledger: AuditLedger,
  attempt: string,
  verdict: 'valid' | 'wrong' | 'undecided',
): AuditEffect[] {
  const found = findRunning(ledger, attempt)
  if (found === null) return []
  const { record, result } = found
  record.running.delete(result)
  if (verdict === 'valid') {
    record.valid += 1
    result.audit = 'valid'
    return release(ledger, result)
  }
  if (verdict === 'undecided') {
    return result.tries < AUDIT_TRIES ? startAudit(record, result) : leave(ledger, record, result)
  }
  return [...drop(ledger, record, result), ...convict(record, result)]
}

function findRunning(
  { accounts }: AuditLedger,
  attempt: string,
): { record: AuditedAccount; result: AuditedResult } | null {
  for (const record of accounts.values()) {
    const result = record.results.get(attempt)
    if (result?.audit === 'running') return { record, result }
  }
  return null
}

function onDropped({ accounts, held }: AuditLedger, attempt: string): AuditEffect[] {
  held.delete(attempt)
  for (const { results, running } of accounts.values()) {
    const result = results.get(attempt)
    if (result === undefined) continue
    results.delete(attempt)
    running.delete(result)
  }
  return []
}

function onShown(
  ledger: AuditLedger,
  { attempt, account }: Extract<AuditEvent, { type: 'shown' }>,
  nowMs: number,
): AuditEffect[] {
  const record = accountOf(ledger, account)
  const result: AuditedResult = {
    ...{ attempt, account, atMs: nowMs, tries: 0 },
    ...{ state: 'released', audit: 'none' },
  }
  record.results.set(attempt, result)
  forgetOldest(record)
  return record.convicted ? startAudit(record, result) : []
}

/** Takes a result back, from us or from who was shown it. */
function drop({ held }: AuditLedger, record: AuditedAccount, result: AuditedResult): AuditEffect[] {
  record.results.delete(result.attempt)
  held.delete(result.attempt)
  return [{ do: result.state === 'held' ? 'reject' : 'recall', attempt: result.attempt }]
}

/** Nobody could tell: what was shown stays, what was not is run again. */
function leave(ledger: AuditLedger, record: AuditedAccount, result: AuditedResult): AuditEffect[] {
  result.audit = 'none'
  return result.state === 'held' ? drop(ledger, record, result) : []
}

function convict(
  record: AuditedAccount,
  { account, attempt }: Pick<AuditedResult, 'account' | 'attempt'>,
): AuditEffect[] {
  if (record.convicted) return []
  record.convicted = true
  const unseen = [...record.results.values()].filter(({ audit }) => audit === 'none')
  return [{ do: 'convict', account, attempt }, ...unseen.flatMap((result) => startAudit(record, result))]
}

function releaseDue(ledger: AuditLedger, nowMs: number): AuditEffect[] {
  const effects: AuditEffect[] = []
  for (const result of ledger.held.values()) {
    if (!ledger.finished && nowMs - result.atMs < ledger.windowMs) break
    if (result.audit === 'none' && isUndisputed(ledger, result)) effects.push(...release(ledger, result))
  }
  return effects
}

/** Tells whether no result of its account that came before its window ended is still being looked at. */
function isUndisputed(ledger: AuditLedger, { account, atMs }: AuditedResult): boolean {
  const untilMs = ledger.finished ? Number.POSITIVE_INFINITY : atMs + ledger.windowMs
  for (const other of accountOf(ledger, account).running) if (other.atMs <= untilMs) return false
  return true
}

function release(ledger: AuditLedger, result: AuditedResult): AuditEffect[] {
  if (result.state === 'released') return []
  result.state = 'released'
  ledger.held.delete(result.attempt)
  return [{ do: 'release', attempt: result.attempt }]
}

function forgetOldest({ results }: AuditedAccount): void {
  if (results.size <= MAX_REMEMBERED) return
  for (const [attempt, { state, audit }] of results) {
    if (state === 'held' || audit === 'running') continue
    results.delete(attempt)
    return
  }
}

function accountOf({ accounts, before }: AuditLedger, account: Hex): AuditedAccount {
  const known = accounts.get(account)
  if (known !== undefined) return known
  const fresh: AuditedAccount = {
    ...{ valid: before.get(account) ?? 0, convicted: false },
    ...{ results: new Map(), running: new Set() },
  }
  accounts.set(account, fresh)
  return fresh
}
