/** Milliseconds over which what trials take is averaged: a burst of challenges may have all of an hour's share. */
const JURY_WINDOW_MS = 3_600_000

/** What re-executing challenged results has taken lately, in milliseconds of one core; it wears off as time goes by. */
export interface JuryDebt {
  spentMs: number
  /** When it was that much. */
  atMs: number
}

/** Starts with nothing taken. */
export function newDebt(): JuryDebt {
  return { spentMs: 0, atMs: Number.NEGATIVE_INFINITY }
}

/** Returns the milliseconds of one core that trials may take in an hour, where they may have so many cores. */
export function juryBudgetMs(cores: number): number {
  return cores * JURY_WINDOW_MS
}

/** Returns what counts as taken now: of `cores` that trials may have, as much wears off as they could have taken. */
export function debtOf({ spentMs, atMs }: JuryDebt, cores: number, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - atMs)
  return Number.isFinite(elapsedMs) ? Math.max(0, spentMs - elapsedMs * cores) : 0
}

/** Tells whether another trial may begin. It may go beyond the budget by itself; the next then waits longer. */
export function mayTry(debt: JuryDebt, cores: number, nowMs: number): boolean {
  return debtOf(debt, cores, nowMs) < juryBudgetMs(cores)
}

/** Adds what a trial of one core took. */
export function charge(debt: JuryDebt, cores: number, tookMs: number, nowMs: number): void {
  debt.spentMs = debtOf(debt, cores, nowMs) + Math.max(0, tookMs)
  debt.atMs = nowMs
}
