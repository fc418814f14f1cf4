import { type Demand, errorCode } from '@souk/protocol'
import type { JobEventReport, JobStarted, JobSummary } from '@souk/requester'
import type { Session } from '../commands/shared.ts'
import { type ProgressScreen, progressScreen } from '../data/progress-lines.ts'
import { untilInterrupted } from '../interrupt.ts'
import { isToldAtOnce, jobWords } from './job-words.ts'
import { liveLogs } from './live-logs.ts'
import { keepToppedUp, type TopUpEvent, type TopUpPlan, topUpWords } from './top-up.ts'
import { waitForOffers } from './wait-for-offers.ts'

/** How a job ended. */
export type JobEnd = Pick<JobSummary, 'job' | 'state' | 'shortage' | 'secretsProblem'> & {
  readonly interrupted: boolean
}

/** How a job is followed. */
export interface FollowOptions {
  readonly json: boolean
  /** Shows what one replica writes while it runs. */
  readonly follow?: boolean
  /** Shows how far it is; transfers alone unless told. */
  readonly screen?: ProgressScreen
}

/** What the agent tells whoever starts a job or waits for it. */
export type AgentEvent = JobEventReport | { readonly kind: 'reading'; readonly job: string } | JobStarted

/** Says in one sentence what people should know of an event; shows on the screen how far bytes are. */
export function wordsOf(
  event: unknown,
  screen: ProgressScreen,
  config: Session['config'],
): string | undefined {
  const report = event as AgentEvent
  if (report.kind === 'reading' || report.kind === 'started') return undefined
  if (report.kind === 'progress') {
    screen.show(report)
    return undefined
  }
  return jobWords(report, config)
}

/**
 * Follows a job to its end, adding money within the user's cap; the first Ctrl-C stops it, the second leaves it to
 * the agent. Programs are told on standard error, one JSON document a line, what happens to the money and how far
 * bytes have come; `hear` gets every event first.
 */
export async function follow(
  session: Session,
  { json, follow: shows = false, screen = progressScreen(process.stderr) }: FollowOptions,
  method: 'run' | 'wait',
  params: { job: string } | { demand: Demand; leases: number },
  topUp: TopUpPlan | undefined,
  hear: (event: AgentEvent) => void = () => {},
): Promise<JobEnd> {
  const { owner, config } = session
  const signal = untilInterrupted()
  const ended = new AbortController()
  const live = shows ? liveLogs(owner) : undefined
  let topping: Promise<void> | undefined
  let job = 'job' in params ? params.job : undefined
  const say = (sentence: string) => {
    screen.clear()
    process.stderr.write(`souk: ${sentence}\n`)
  }
  const onTopUp = (event: TopUpEvent) => (json ? printLine(event) : say(topUpWords(event, session)))
  const onStarted = (id: string) => {
    job = id
    if (topUp !== undefined) topping = keepToppedUp(topUp, owner, id, onTopUp, ended.signal)
  }
  const onEvent = (event: unknown) => {
    const report = event as AgentEvent
    hear(report)
    if (report.kind === 'reading') {
      job = report.job
      return
    }
    if (report.kind === 'started') return onStarted(report.job)
    if (report.kind === 'dispatched' && job !== undefined) live?.dispatched(job)
    if (json && isToldAtOnce(report)) return printLine(report)
    const sentence = json ? undefined : wordsOf(report, screen, config)
    if (sentence !== undefined) say(sentence)
  }
  signal.addEventListener('abort', () => {
    if (job !== undefined) void owner.call('cancel', { job }).catch(() => {})
  })
  if ('demand' in params)
    await waitForOffers(owner, params.demand, params.leases, signal, json ? () => {} : say)
  else onStarted(params.job)
  try {
    const end = await owner.call<JobSummary>(method, params, onEvent).catch((error) => {
      // Without grace the job failed at once: its summary says what it lacks, in units that people know.
      if (job === undefined || errorCode(error) !== 'NOT_ENOUGH_BALANCE') throw error
      return owner.call<JobSummary>('summary', { job })
    })
    return { ...end, interrupted: signal.aborted }
  } finally {
    screen.clear()
    ended.abort()
    await live?.stop()
    await topping
  }
}

function printLine(event: JobEventReport | TopUpEvent): void {
  const text = JSON.stringify(event, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}` : item))
  process.stderr.write(`${text}\n`)
}
