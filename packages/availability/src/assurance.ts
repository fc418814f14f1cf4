import { SoukError } from '@souk/protocol'
import { type QuorumPolicy, requireQuorumPolicy } from './quorum.ts'

/** How far a job's results are checked. */
export type Assurance =
  /** One execution, believed. */
  | { readonly kind: 'none' }
  /** One execution, held back; some are executed again by somebody else (`audit-ledger.ts`). */
  | { readonly kind: 'audit' }
  /** All r executions start at once; more than half must agree. */
  | { readonly kind: 'replicate'; readonly r: number }
  /** k executions start, more on mismatch or delay, n at most; k must agree. */
  | { readonly kind: 'quorum'; readonly k: number; readonly n: number }

/** Executions of one task at most, under any assurance. */
export const MAX_EXECUTIONS = 15

/** A text or numbers that are no assurance. */
export class AssuranceError extends SoukError<{ code: 'BAD_ASSURANCE'; given: string }> {}

/** Reads `none`, `audit`, `replicate:r` or `quorum:k/n`. Throws {@link AssuranceError}. */
export function parseAssurance(text: string): Assurance {
  const assurance = readAssurance(text)
  if (assurance === null) throw unreadable(text)
  try {
    requireQuorumPolicy(quorumOf(assurance))
  } catch (cause) {
    throw unreadable(text, cause)
  }
  if (quorumOf(assurance).n > MAX_EXECUTIONS) throw unreadable(text)
  return assurance
}

/** Returns the assurance of a job that says only how many of how many must agree. */
export function assuranceOf(given: Assurance | Pick<QuorumPolicy, 'k' | 'n'>): Assurance {
  if ('kind' in given) return given
  return given.n === 1 ? { kind: 'none' } : { kind: 'quorum', k: given.k, n: given.n }
}

/** Writes an assurance as {@link parseAssurance} reads it. */
export function formatAssurance(assurance: Assurance): string {
  if (assurance.kind === 'replicate') return `replicate:${assurance.r}`
  return assurance.kind === 'quorum' ? `quorum:${assurance.k}/${assurance.n}` : assurance.kind
}

/** Returns the quorum by which a task's outputs are accepted. */
export function quorumOf(assurance: Assurance): QuorumPolicy {
  if (assurance.kind === 'quorum') return { k: assurance.k, n: assurance.n }
  if (assurance.kind === 'replicate') {
    return { k: Math.floor(assurance.r / 2) + 1, n: assurance.r, first: assurance.r }
  }
  return { k: 1, n: 1 }
}

/** Returns how many executions of a task start at once. */
export function firstExecutions(assurance: Assurance): number {
  const { k, first = k } = quorumOf(assurance)
  return first
}

function readAssurance(text: string): Assurance | null {
  if (text === 'none' || text === 'audit') return { kind: text }
  const replicate = /^replicate:(\d{1,2})$/.exec(text)
  if (replicate !== null) return { kind: 'replicate', r: Number(replicate[1]) }
  const quorum = /^quorum:(\d{1,2})\/(\d{1,2})$/.exec(text)
  return quorum === null ? null : { kind: 'quorum', k: Number(quorum[1]), n: Number(quorum[2]) }
}

function unreadable(given: string, cause?: unknown): AssuranceError {
  return new AssuranceError(
    `expected none, audit, replicate:r or quorum:k/n with n/2 < k ≤ n ≤ ${MAX_EXECUTIONS}, got ${given}`,
    { code: 'BAD_ASSURANCE', given },
    { cause },
  )
}
