/** Tokens that retries, or hedges, are paid with: some for each request, so many at most; updated in place. */
export interface ExtraBudget {
  readonly share: number
  readonly most: number
  tokens: number
}

/** Share of the requests that may be tried again: Finagle's default. */
export const RETRY_SHARE = 0.2
/** Tokens at most: what a quiet time saves up must not become a storm. */
export const RETRY_MOST = 10

/** Creates a budget of a share of the requests, with all that it may save up. */
export function createExtraBudget(share: number = RETRY_SHARE, most: number = RETRY_MOST): ExtraBudget {
  return { share, most, tokens: most }
}

/** Takes in a first try. */
export function earnExtra(budget: ExtraBudget): void {
  budget.tokens = Math.min(budget.most, budget.tokens + budget.share)
}

/** Pays for one more try; false where there is nothing left, and the failure is to be shown. */
export function spendExtra(budget: ExtraBudget): boolean {
  if (budget.tokens < 1) return false
  budget.tokens--
  return true
}
