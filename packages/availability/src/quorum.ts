import { assert, type Hex, SoukError } from '@souk/protocol'

/** How many equal results make a task's output true. */
export interface QuorumPolicy {
  /** Equal outputs from distinct accounts that decide; also how many replicas start unless told. */
  readonly k: number
  /** Distinct accounts that may be asked to answer at most. */
  readonly n: number
  /** Replicas that start at once, where that is more than k. */
  readonly first?: number
}

/** Where one replica slot of a task stands. */
export interface Replica {
  readonly slot: number
  readonly account: Hex
  /** `failed` and `lost` replicas gave no output: they are replaced, and say nothing about the task. */
  readonly state: 'running' | 'result' | 'failed' | 'lost'
  /** Digest of the output; present exactly with `result`. */
  readonly output?: Hex
  /** Whether the caller finds it late; a late replica still counts when it answers. */
  readonly slow?: boolean
}

/**
 * Says whether two outputs, by digest, count as equal; `undefined` while nobody has compared them. Symmetric, and true
 * for equal digests, but not necessarily transitive: 1.0 may equal 1.1, and 1.1 equal 1.2, while 1.0 and 1.2 differ.
 */
export type Equality = (a: Hex, b: Hex) => boolean | undefined

/** Equality without any tolerance. */
export const sameDigest: Equality = (a, b) => a === b

/** What to do next about one task. */
export type QuorumDecision =
  | {
      readonly kind: 'accepted'
      readonly output: Hex
      /** Slots whose result equals the accepted output. */
      readonly agreeing: readonly number[]
      /** Slots whose result differs from it. */
      readonly disagreeing: readonly number[]
    }
  | {
      readonly kind: 'start'
      /** Replicas to start now, each on an account of its own. */
      readonly count: number
      /** Accounts that run this task or have answered: another answer of theirs would not count. */
      readonly excludeAccounts: readonly Hex[]
      /** Accounts whose replica failed or was lost: to be asked again only where there is no other. */
      readonly avoidAccounts: readonly Hex[]
    }
  | { readonly kind: 'wait' }
  /** Outputs to be compared before anything can be said, each pair once. */
  | { readonly kind: 'compare'; readonly pairs: readonly (readonly [Hex, Hex])[] }
  | { readonly kind: 'undecided'; readonly reason: UndecidedReason }

/** Why no output will be accepted: even if all who may still answer agreed with the best, k would not. */
export interface UndecidedReason {
  readonly code: 'no-agreement'
  /** Distinct accounts that answered. */
  readonly answered: number
  /** The most of them that agree. */
  readonly best: number
}

/** A quorum policy under which two outputs could both be accepted, or none. */
export class PolicyError extends SoukError<{ code: 'BAD_POLICY'; k: number; n: number }> {}

/** Throws {@link PolicyError} unless k of n is a majority of at least one: only then is acceptance unique. */
export function requireQuorumPolicy({ k, n }: Pick<QuorumPolicy, 'k' | 'n'>): void {
  if (Number.isSafeInteger(k) && Number.isSafeInteger(n) && k >= 1 && k <= n && 2 * k > n) return
  throw new PolicyError(
    `expected a quorum of k out of n with n/2 < k ≤ n, got ${k} of ${n}; two different outputs could both find k`,
    { code: 'BAD_POLICY', k, n },
  )
}

/**
 * Decides what to do about a task from all its replicas, in any order.
 *
 * k replicas start, or `first`; one more for each that disagrees with the most, is slow, failed or lost; never more than n
 * that answer or may still. An account counts once, with the first of its results in the list. Throws
 * {@link PolicyError}.
 *
 * Accepted is one output that those of k accounts equal, its own among them: the one that most do, of those the one
 * whose digest is least. So one set of results has one decision, in whatever order they came; but where equality is not
 * transitive, it is the first k alike who decide, and one that came later might have had more around it. Whoever
 * carries decisions out takes the first acceptance as final. Two outputs may both have k that equal them, which then
 * share an account, because k is a majority.
 */
export function decideQuorum(
  policy: QuorumPolicy,
  replicas: readonly Replica[],
  isEqual: Equality = sameDigest,
): QuorumDecision {
  requireQuorumPolicy(policy)
  const { k, n, first = k } = policy
  const votes = countVotes(replicas, n)
  const pairs = unknownPairs(votes, isEqual)
  if (pairs.length > 0) return { kind: 'compare', pairs }
  const best = mostAgreed(votes, isEqual)
  if (best.count >= k) return accepted(best.output, replicas, isEqual)
  if (best.count + n - votes.size < k) {
    return { kind: 'undecided', reason: { code: 'no-agreement', answered: votes.size, best: best.count } }
  }
  const running = replicas.filter((replica) => replica.state === 'running' && !votes.has(replica.account))
  const quick = accountsOf(running.filter((replica) => replica.slow !== true)).length
  const missing = Math.max(k - best.count, first - votes.size) - quick
  const room = n - votes.size - accountsOf(running).length
  const count = Math.min(missing, room)
  return count > 0 ? { kind: 'start', count, ...accountsToSpare(replicas) } : { kind: 'wait' }
}

/** Maps each account that answered to its output, at most `max` accounts. */
function countVotes(replicas: readonly Replica[], max: number): Map<Hex, Hex> {
  const votes = new Map<Hex, Hex>()
  for (const { account, state, output } of replicas) {
    if (state !== 'result' || votes.has(account) || votes.size === max) continue
    assert(output !== undefined, 'a replica with a result has an output')
    votes.set(account, output)
  }
  return votes
}

/** Returns the pairs of outputs that nobody has compared, sorted. */
function unknownPairs(votes: ReadonlyMap<Hex, Hex>, isEqual: Equality): [Hex, Hex][] {
  const outputs = [...new Set(votes.values())].sort()
  if (isEqual === sameDigest) return []
  return outputs.flatMap((a, i) =>
    outputs.slice(i + 1).flatMap((b): [Hex, Hex][] => (isEqual(a, b) === undefined ? [[a, b]] : [])),
  )
}

function mostAgreed(votes: ReadonlyMap<Hex, Hex>, isEqual: Equality): { output: Hex; count: number } {
  const outputs = [...votes.values()]
  let best: { output: Hex; count: number } = { output: '0x', count: 0 }
  for (const output of [...new Set(outputs)].sort()) {
    const count = outputs.filter((other) => isEqual(output, other) === true).length
    if (count > best.count) best = { output, count }
  }
  return best
}

function accepted(chosen: Hex, replicas: readonly Replica[], isEqual: Equality): QuorumDecision {
  const slots = (equal: boolean) =>
    replicas.flatMap(({ slot, state, output }) =>
      state === 'result' && output !== undefined && isEqual(output, chosen) === equal ? [slot] : [],
    )
  return { kind: 'accepted', output: chosen, agreeing: slots(true), disagreeing: slots(false) }
}

function accountsToSpare(replicas: readonly Replica[]) {
  const isBusy = ({ state }: Replica) => state === 'running' || state === 'result'
  const excludeAccounts = accountsOf(replicas.filter(isBusy))
  const failed = accountsOf(replicas.filter((replica) => !isBusy(replica)))
  return { excludeAccounts, avoidAccounts: failed.filter((account) => !excludeAccounts.includes(account)) }
}

function accountsOf(replicas: readonly Replica[]): Hex[] {
  return [...new Set(replicas.map((replica) => replica.account))]
}
