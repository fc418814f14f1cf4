import { formatAmount } from '@souk/market'
import { type JobEventReport, percent, verdictWords, warningWords } from '@souk/requester'
import { durationWords, type NetworkConfig } from '@souk/settlement'
import { hourly, short } from '../commands/shared.ts'
import { estimateWords } from './assurance-option.ts'

/** What a job or a command lacks, in base units. */
export interface Lack {
  readonly lacks: 'balance' | 'limit' | 'expiry'
  readonly needed: bigint
  readonly available: bigint
}

/** Digits after the point of an amount that is missing. */
const SHOWN_DIGITS = 6

/** Says in one sentence what happened to a job; undefined for what people need not know. */
export function jobWords(event: JobEventReport, config: NetworkConfig): string | undefined {
  switch (event.kind) {
    case 'lease':
      return `leased ${short(event.peerId)} in ${event.negotiatedMs} ms`
    case 'lease-over':
      return event.phase === 'lost' ? `lost a lease: ${event.why}` : undefined
    case 'refused':
      return event.why
    case 'suspended':
      return `${event.attempts.length} running tasks go to other providers`
    case 'suspect':
      return `a provider is in doubt: ${verdictWords(event.reason)}`
    case 'failed-over':
      return `task ${event.index} runs elsewhere: ${event.reason === null ? 'its lease was lost' : verdictWords(event.reason)}`
    case 'refuted':
      return `the provider is there after all, ${durationWords(event.afterMs / 1000)} later`
    case 'failed':
      return `a provider could not run it: ${event.message} [${event.code}]`
    case 'continued':
      return `task ${event.index} goes on from its newest checkpoint; no court judges what comes of it`
    case 'checkpoint-refused':
      return `a checkpoint could not be had: ${event.message} [${event.code}]`
    case 'device-class':
      return `results are compared on one model of GPU: ${event.model}`
    case 'differs':
      return `two results of task ${event.index} differ: ${event.why}`
    case 'caught':
      return 'a provider gave a wrong result; the quorum found it'
    case 'proof':
      return proofWords(event)
    case 'estimate':
      return estimateWords(event, config)
    case 'audited':
      return event.verdict === 'valid' ? undefined : `an audit found the result of task ${event.index} wrong`
    case 'convicted':
      return `${short(event.account)} gave a wrong result: it gets nothing more; ${event.again} of its results are executed again`
    case 'recalled':
      return `the result of task ${event.index} is in question; it is executed again`
    case 'plan':
      return planWords(event, config)
    case 'pool':
      return poolWords(event)
    case 'starved':
      return 'no provider is left for what is open; looking for more'
    case 'low':
      return warningWords(event)
    case 'paused': {
      const until = new Date(event.untilMs).toLocaleTimeString()
      const left = durationWords(Math.max(0, Math.ceil((event.untilMs - event.atMs) / 1000)))
      return `waiting for money: ${lackWords(event, config)}; what is done is kept, the job fails at ${until} (in ${left})`
    }
    case 'resumed':
      return `going on, after waiting for ${durationWords(event.pausedMs / 1000)}`
    default:
      return undefined
  }
}

function proofWords({
  code,
  gpu,
  marks,
  why,
}: Extract<JobEventReport, { kind: 'proof' }>): string | undefined {
  if (code !== 'proven') return `the leased GPU ${gpu} did not prove itself: ${why}`
  return marks.length > 0 ? `the leased GPU ${gpu} is far slower than its model` : undefined
}

const CAPS: Readonly<Record<string, string>> = {
  max: 'which is what --max allows',
  budget: 'which is all that the budget pays for',
  rate: 'which is all that the rate per hour pays for',
  market: 'which is all that is offered',
}

function poolWords({ desired, wanted, cappedBy }: Extract<JobEventReport, { kind: 'pool' }>): string {
  const leases = desired === 1 ? '1 lease' : `${desired} leases`
  const cap = cappedBy === null ? '' : ` instead of ${wanted}, ${CAPS[cappedBy] ?? cappedBy}`
  return `the pool is to hold ${leases}${cap}`
}

function planWords(
  { k, seconds, survival, target, peers, rateE12, unknown }: Extract<JobEventReport, { kind: 'plan' }>,
  config: NetworkConfig,
): string {
  const set = `${peers.length} ${peers.length === 1 ? 'lease' : 'leases'} for ${hourly(config, rateE12)} together`
  const chance = `at least ${k} of them for ${durationWords(seconds)} with ${percent(survival)} (wanted: ${percent(target)})`
  const places = unknown === 0 ? '' : `; the place of ${unknown} is not known`
  return `${set}: ${chance}${places}`
}

/** Tells whether an event is about money, trust or progress: those are told as they happen also to programs. */
export function isToldAtOnce({ kind }: JobEventReport): boolean {
  if (kind === 'estimate' || kind === 'plan' || kind === 'convicted' || kind === 'recalled') return true
  return kind === 'paused' || kind === 'resumed' || kind === 'low' || kind === 'progress'
}

/** Says what is missing and which command adds it. Amounts are rounded up. */
export function lackWords({ lacks, needed, available }: Lack, config: NetworkConfig): string {
  const units = (baseUnits: bigint) => `${roundedUp(baseUnits, config.tokenDecimals)} ${config.tokenSymbol}`
  const missing = roundedUp(needed - available, config.tokenDecimals)
  switch (lacks) {
    case 'balance':
      return `the next leases need ${units(needed)}, ${missing} of it are missing; souk wallet deposit ${missing} adds them`
    case 'limit':
      return `the next leases need ${units(needed)}, the limit of the agent's key is ${missing} too low; souk wallet delegate --limit AMOUNT raises it`
    case 'expiry':
      return "the agent's key is not authorised or has expired; souk wallet delegate --limit AMOUNT authorises it again"
  }
}

function roundedUp(baseUnits: bigint, decimals: number): string {
  const step = 10n ** BigInt(Math.max(0, decimals - SHOWN_DIGITS))
  return formatAmount(((baseUnits + step - 1n) / step) * step, decimals)
}
