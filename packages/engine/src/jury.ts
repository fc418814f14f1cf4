import {
  type CourtRules,
  disputeSeedBlock,
  disputeSubject,
  epochBlocks,
  type Hex,
  holdsSeat,
  isJudgedOutput,
  type Output,
  outputDigest,
  UNDECIDABLE,
  verdictDeadline,
} from '@souk/protocol'
import { juryDrawBlock } from './court-dispute-draw.ts'
import { forgetVotes, type Summons, summonses, votes } from './court-records.ts'
import { charge, mayTry } from './jury-allowance.ts'
import {
  type Jury,
  type JuryCase,
  type JuryContext,
  type JuryEffect,
  type JuryEvent,
  newCase,
} from './jury-state.ts'
import { persist } from './program.ts'
import { put } from './records.ts'

/** Cases that a juror has open at the same time; others in whose committee it sits wait for their turn. */
const MOST_CASES = 64
/** Challenges that it follows altogether; each costs its challenger a deposit. */
const MOST_CHALLENGES = 4_096
/** Tasks executed at the same time. */
const TRIALS = 1
/** Executions that may fail by this machine's fault before it abstains. */
const MOST_TRIAL_FAILURES = 3
/** Pause in milliseconds before content is looked for, or a failed execution tried, again. */
const TRIAL_PAUSE_MS = 10_000
/** Share of the time for the verdict in which content may come; then the juror abstains, or says who withheld it. */
const FETCH_SHARE = 1 / 2

/** Decides what one event means for a juror (PROTOCOL §12.3). */
export function advanceJury(context: JuryContext, jury: Jury, event: JuryEvent, nowMs: number): JuryEffect[] {
  const tried = [...jury.cases.values()].filter(({ stage }) => stage === 'executing')
  const effects = react(context, jury, event, nowMs)
  settleTrials(context, jury, tried, nowMs)
  return [...effects, ...proceed(context, jury, nowMs)]
}

/** Counts what the trials took that this event ended, however they ended. */
function settleTrials({ cores }: JuryContext, jury: Jury, tried: readonly JuryCase[], nowMs: number): void {
  if (cores === undefined) return
  const running = new Set(jury.cases.values())
  for (const each of tried) {
    const isRunning = running.has(each) && each.stage === 'executing'
    if (!isRunning) charge(jury.debt, cores, nowMs - each.sinceMs, nowMs)
  }
}

/** Tells whether trials have something left of their share of this machine; without a vote nobody is slashed. */
function hasShare({ cores }: JuryContext, { debt }: Jury, nowMs: number): boolean {
  return cores === undefined || mayTry(debt, cores, nowMs)
}

function react(context: JuryContext, jury: Jury, event: JuryEvent, nowMs: number): JuryEffect[] {
  switch (event.type) {
    case 'head':
      return onHead(context, jury, event.block)
    case 'challenged':
      return onChallenged(context, jury, event.summons)
    case 'seats':
      return onSeats(context, jury, event)
    case 'fetched':
      return onFetched(context, jury, event, nowMs)
    case 'executed':
      return onExecuted(context, jury, event)
    case 'failed':
      return onFailed(context, jury, event, nowMs)
    case 'settled':
      return drop(jury, [event.subject])
    case 'tick':
      return []
  }
}

function onHead({ rules }: JuryContext, jury: Jury, block: number): JuryEffect[] {
  const head = Math.max(jury.head ?? 0, block)
  jury.head = head
  const rows = forgetVotes('jury', jury, head)
  const late = [...jury.cases].filter(([, { summons }]) => isLate(rules, jury, summons))
  const dropped = drop(
    jury,
    late.map(([subject]) => subject),
  )
  return rows.length === 0 ? dropped : [persist('committed', ...rows), ...dropped]
}

/**
 * Tells whether nobody can use a ballot any more, or one was given and is forgotten; until the first head, nothing else
 * is known to be late.
 */
function isLate(rules: CourtRules, { head, forgottenUntil }: Jury, summons: Summons): boolean {
  if (ballotUntil(rules, summons) <= forgottenUntil) return true
  return head !== null && head >= verdictDeadline(rules, summons.block)
}

/** A party to the lease does not judge it. Late summonses are old ones, told again after a restart. */
function onChallenged({ rules, signer }: JuryContext, jury: Jury, summons: Summons): JuryEffect[] {
  const { lease, task, output, quote } = summons
  const subject = disputeSubject(lease, task, output)
  if (isLate(rules, jury, summons)) return []
  if (!isWanted(jury, subject, summons)) return []
  if ([quote.resultSigner, quote.voucherSigner].includes(signer.address)) return []
  jury.cases.set(subject, newCase(summons))
  return [persist('committed', put(summonses, subject, summons))]
}

/** A challenge that was mined in another block has another committee, as long as this juror's part is not under way. */
function isWanted({ kept, cases }: Jury, subject: Hex, { block }: Summons): boolean {
  const known = cases.get(subject)
  if (known === undefined) return !kept.has(subject) && cases.size < MOST_CHALLENGES
  return ['drawing', 'queued'].includes(known.stage) && known.summons.block !== block
}

function onSeats(
  { rules, signer, cores }: JuryContext,
  jury: Jury,
  { subject, table, seed, block }: Extract<JuryEvent, { type: 'seats' }>,
): JuryEffect[] {
  const each = jury.cases.get(subject)
  if (each?.stage !== 'drawing') return []
  const seedBlock = disputeSeedBlock(rules, each.summons.block)
  if ((block ?? seedBlock) !== seedBlock) return []
  // Who gives trials nothing of its machine abstains.
  const isMine = cores !== 0 && holdsSeat(rules, table, seed, subject, signer.address)
  if (!isMine) return drop(jury, [subject])
  each.stage = 'queued'
  return []
}

function onFetched(
  context: JuryContext,
  jury: Jury,
  { subject, isComplete, isWithheld }: Extract<JuryEvent, { type: 'fetched' }>,
  nowMs: number,
): JuryEffect[] {
  const each = jury.cases.get(subject)
  if (each?.stage !== 'fetching') return []
  each.stage = 'waiting'
  each.isFetched = isComplete
  if (isComplete) return []
  each.nextMs = nowMs + TRIAL_PAUSE_MS
  if (!isFetchOver(context, jury, each)) return []
  return isWithheld ? vote(context, jury, subject, UNDECIDABLE) : drop(jury, [subject])
}

function isFetchOver({ rules }: JuryContext, { head }: Jury, { summons }: JuryCase): boolean {
  return head !== null && head >= summons.block + Math.floor(rules.verdictBlocks * FETCH_SHARE)
}

function onExecuted(
  context: JuryContext,
  jury: Jury,
  { subject, output }: Extract<JuryEvent, { type: 'executed' }>,
): JuryEffect[] {
  if (jury.cases.get(subject)?.stage !== 'executing') return []
  return vote(context, jury, subject, verdictOn(context, output))
}

/** Only an end that all machines have alike, and within the court's fuel, is judged. */
function verdictOn({ rules }: JuryContext, output: Output): Hex {
  const isJudged = isJudgedOutput(output) && output.fuel <= rules.fuel
  return isJudged ? outputDigest(output) : UNDECIDABLE
}

function onFailed(
  context: JuryContext,
  jury: Jury,
  event: Extract<JuryEvent, { type: 'failed' }>,
  nowMs: number,
): JuryEffect[] {
  const { subject, code } = event
  const each = jury.cases.get(subject)
  if (each?.stage !== 'executing') return []
  if (isTasksFault(event)) return vote(context, jury, subject, UNDECIDABLE)
  each.stage = 'waiting'
  each.nextMs = nowMs + TRIAL_PAUSE_MS
  if (code === 'missing-input') each.isFetched = false
  else each.failures += 1
  return each.failures >= MOST_TRIAL_FAILURES ? drop(jury, [subject]) : []
}

/** Tells whether no machine could have decided it in the time that a court gives. */
function isTasksFault({ code, isTasksFault = false }: Extract<JuryEvent, { type: 'failed' }>): boolean {
  return code === 'bad-program' || (code === 'deadline' && isTasksFault)
}

/** Signs a ballot; the row is on disk before anybody can ask for it. */
function vote({ rules, signer }: JuryContext, jury: Jury, subject: Hex, value: Hex): JuryEffect[] {
  const each = jury.cases.get(subject)
  if (each === undefined || jury.kept.has(subject)) return []
  if (isLate(rules, jury, each.summons)) return drop(jury, [subject])
  const untilBlock = ballotUntil(rules, each.summons)
  const row = { value, signature: signer.sign('Vote', { subject, value }), untilBlock }
  jury.cases.delete(subject)
  jury.kept.set(subject, untilBlock)
  const forget = { table: summonses.table, key: subject, value: null }
  return [
    persist('synced', put(votes, subject, row), forget),
    { do: 'voted', subject, value },
    { do: 'dropped', subject },
  ]
}

/**
 * Returns the first block in which a ballot need not be kept: what the court said is read again from two times
 * `verdictBlocks` back, and a node may be an epoch behind.
 */
function ballotUntil(rules: CourtRules, { block }: Summons): number {
  return block + 2 * rules.verdictBlocks + epochBlocks(rules)
}

function drop(jury: Jury, subjects: readonly Hex[]): JuryEffect[] {
  const gone = subjects.filter((subject) => jury.cases.delete(subject))
  if (gone.length === 0) return []
  const rows = gone.map((key) => ({ table: summonses.table, key, value: null }))
  return [persist('committed', ...rows), ...gone.map((subject): JuryEffect => ({ do: 'dropped', subject }))]
}

/** Opens as many of the queued cases as there is room for, the oldest first. */
function admit(jury: Jury): void {
  const queued = [...jury.cases.values()].filter(({ stage }) => stage === 'queued')
  const room = MOST_CASES - count(jury, ['fetching', 'waiting', 'executing'])
  for (const each of queued.slice(0, Math.max(0, room))) each.stage = 'waiting'
}

/** Starts what can be started now: draws, fetches, and one trial at a time. */
function proceed(context: JuryContext, jury: Jury, nowMs: number): JuryEffect[] {
  const { head } = jury
  if (head === null) return []
  admit(jury)
  let free = TRIALS - count(jury, ['executing'])
  const isAllowed = hasShare(context, jury, nowMs)
  return [...jury.cases].flatMap(([subject, each]) => {
    if (each.stage === 'drawing') return draw(context, subject, each, head)
    const isReady = isAllowed && each.stage === 'waiting' && nowMs >= each.nextMs
    if (!isReady || isLate(context.rules, jury, each.summons)) return []
    const { task, quote } = each.summons
    if (!each.isFetched) {
      each.stage = 'fetching'
      return [{ do: 'fetch', subject, task, quote } as const]
    }
    if (free <= 0) return []
    free -= 1
    each.stage = 'executing'
    each.sinceMs = nowMs
    return [{ do: 'execute', subject, task } as const]
  })
}

function draw({ rules }: JuryContext, subject: Hex, each: JuryCase, head: number): JuryEffect[] {
  const challengedAt = each.summons.block
  if (head < juryDrawBlock(rules, challengedAt) || each.askedBlock === head) return []
  each.askedBlock = head
  return [{ do: 'seats', subject, block: disputeSeedBlock(rules, challengedAt) }]
}

function count({ cases }: Jury, stages: readonly JuryCase['stage'][]): number {
  return [...cases.values()].filter(({ stage }) => stages.includes(stage)).length
}
