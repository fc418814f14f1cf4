import { type MatchReason, PHRASES } from './reason.ts'

/** What {@link explain} reads of a match. */
export interface Explained {
  readonly fits: number
  readonly rejected: readonly { readonly reason: MatchReason }[]
}

/**
 * Says in one sentence what became of all offers, such as `12 providers: 7 over your price, 4 with too little
 * VRAM, 1 unreachable`; the offers that fit first, then reasons by number.
 */
export function explain(matched: Explained): string {
  const total = matched.fits + matched.rejected.length
  if (total === 0) return 'no provider: no offer has been heard yet'
  const fit = matched.fits > 0 ? [matched.fits === 1 ? '1 fits' : `${matched.fits} fit`] : []
  const why = countReasons(matched.rejected).map(([code, count]) => `${count} ${PHRASES[code]}`)
  return `${total} ${total === 1 ? 'provider' : 'providers'}: ${[...fit, ...why].join(', ')}`
}

/** Counts rejections by code, the most frequent first; equal counts in a fixed order. */
export function countReasons(
  rejected: readonly { readonly reason: MatchReason }[],
): [code: MatchReason['code'], count: number][] {
  const counts = new Map<MatchReason['code'], number>()
  for (const { reason } of rejected) counts.set(reason.code, (counts.get(reason.code) ?? 0) + 1)
  const order = Object.keys(PHRASES)
  return [...counts].sort((a, b) => b[1] - a[1] || order.indexOf(a[0]) - order.indexOf(b[0]))
}
