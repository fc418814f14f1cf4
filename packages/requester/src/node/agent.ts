import { type Doubt, jobs, type Purchase, purchases, vouchers } from '@souk/engine'
import {
  type CapacityClass,
  countReasons,
  explain,
  type OfferEntry,
  requirementsRateE12,
  summarizeOffers,
} from '@souk/market'
import {
  type Demand,
  type Gpu,
  type GpuClass,
  type GpuHealth,
  type Hex,
  type SessionPurpose,
  SoukError,
} from '@souk/protocol'
import type { ControlHandler, ControlStreams, DataFolder } from '@souk/storage/node'
import { newestCheckpoints } from '../checkpoint-rows.ts'
import { inDoubt } from '../failover-desk.ts'
import type { JobRunner } from '../job-runner.ts'
import type { Progress } from '../job-spec.ts'
import { preparing } from '../pin-keeper.ts'
import { ProgressMeter } from '../progress-meter.ts'
import {
  type JobSummary,
  type OutputPiece,
  readOutcome,
  readOutputPiece,
  readResult,
  readSummary,
} from '../read-result.ts'
import type { Score } from '../reliability-score.ts'
import type { Requester } from '../requester.ts'
import type { SessionTarget } from '../sessions.ts'
import { mapMethods } from './agent-map.ts'
import { reserveMethods } from './agent-reserve.ts'
import { serveMethods } from './agent-serve.ts'
import { serviceMethods } from './agent-service.ts'
import { storeKeeper } from './data/keeper.ts'
import { isJobId, type JobRequest, readJob } from './job-files.ts'
import type { FrontDesk } from './serve/front-desk.ts'
import { relaySession } from './session-socket.ts'

/** A command named a job that this agent does not have, or has already. */
export class AgentError extends SoukError<{ code: 'UNKNOWN_JOB' | 'JOB_EXISTS' | 'STOPPED'; job: string }> {}

/** What an agent's commands work on. */
export interface AgentServices {
  readonly requester: Requester
  readonly folder: DataFolder
  readonly account: Hex
  readonly delegate: Hex
  /** Jobs whose files are being read. */
  readonly reading: Map<string, AbortController>
  /** The local ends of services. */
  readonly fronts: FrontDesk
  /** Random name for a new job. */
  newJobId(): string
  shutdown(): void
}

/** The commands that the owner of a requester's data folder answers, in one table for socket and process. */
export function agentMethods(services: AgentServices): Record<string, ControlHandler> {
  const { requester, folder } = services
  return {
    status: async () => status(services),
    offers: async (params) => offers(requester, (params as { demand: Demand }).demand),
    capacity: async () => capacity(requester),
    ...reserveMethods(requester),
    ...serviceMethods(requester),
    ...mapMethods(folder),
    ...serveMethods(services.fronts, (request, emit, signal) => start(services, request, emit, signal)),
    quote: async (params) => requester.quote((params as { demand: Demand }).demand),
    run: (params, emit, signal) => run(services, params as JobRequest, emit, signal),
    submit: (params, emit, signal) => submit(services, params as JobRequest, emit, signal),
    wait: (params, emit, signal) => wait(services, (params as { job: string }).job, emit, signal),
    runway: async (params) => requester.runway((params as { job: string }).job),
    summary: async (params) => summary(folder, (params as { job: string }).job),
    cancel: async (params) => {
      const { job } = params as { job: string }
      const reading = services.reading.get(job)
      if (reading === undefined) return find(requester, job).post({ type: 'stop', state: 'cancelled' })
      reading.abort(new AgentError('stopped while its files were read', { code: 'STOPPED', job }))
    },
    result: async (params) => {
      const { job, index } = params as { job: string; index: number }
      await summary(folder, job)
      return readResult(folder.journal, folder.blocks, job, index)
    },
    outcome: async (params) => {
      const { job, index } = params as { job: string; index: number }
      await summary(folder, job)
      return readOutcome(folder.journal, folder.blocks, job, index)
    },
    piece: async (params) => readOutputPiece(folder.journal, folder.blocks, params as OutputPiece),
    pools: async () => requester.pools.status(),
    decisions: async (params) => requester.pools.decisions((params as { job: string }).job),
    jobs: async () => rows(folder, jobs),
    checkpoints: async () => newestCheckpoints(folder.journal),
    doubts: async () => doubts(requester),
    leases: async () => leases(services),
    balance: async () => balance(services),
    court: async () => requester.court?.status() ?? { claims: [], disputes: [] },
    uptime: async (params) => (await requester.uptime?.look((params as { subject: Hex }).subject)) ?? null,
    place: async (params) => requester.sessions.find(params as SessionTarget, false),
    unsettled: async () => requester.unsettled().map((one) => one.lease),
    shutdown: async () => services.shutdown(),
  }
}

/** What a command asks a session for. */
export interface SessionCall {
  readonly target: SessionTarget
  readonly purpose: SessionPurpose
}

/** The streams that the owner of a requester's data folder answers with. */
export function agentStreams({ sessions }: Pick<Requester, 'sessions'>): ControlStreams {
  return {
    session: async (params, signal) => {
      const { target, purpose } = params as SessionCall
      const session = await sessions.open(target, purpose, { signal })
      const { attempt } = session
      return { answer: { attempt }, serve: (stream) => relaySession(session, stream) }
    },
  }
}

function status({ requester, account, delegate }: AgentServices) {
  const { node, chain, budget, jobs: running, leases: held } = requester
  return {
    pid: process.pid,
    peerId: node.peerId,
    addresses: node.addresses(),
    account,
    delegate,
    head: chain.head(),
    available: budget.available,
    jobs: running.size,
    leases: held.size,
    offers: requester.market.index.size,
  }
}

/** One offer as commands show it. */
export interface OfferRow {
  readonly peerId: string
  readonly account: Hex
  readonly via: string
  readonly bonded: boolean
  readonly free: {
    millicores: number
    memoryBytes: number
    diskBytes: number
    gpus: readonly Gpu[]
  }
  /** What is known of the models among the GPUs. */
  readonly gpuClasses: readonly GpuClass[]
  /** Base units × 1e12 per second for one GPU. */
  readonly gpuSecondE12: bigint
  readonly coreMibPerSecond: number
  /** Base units × 1e12 per second for what the demand asks. */
  readonly rateE12: bigint
  /** Why the offer does not fit; `null` where it does. */
  readonly reason: string | null
  /** How far its provider can be relied upon for as long as the demand says, and what that rests on. */
  readonly reliability: Score
}

/** What the market has, as far as this agent knows it. */
export interface CapacitySummary {
  readonly classes: readonly CapacityClass[]
  /** Offers that no money stands behind, which are not counted. */
  readonly unbonded: number
}

function capacity({ market: { index } }: Requester): CapacitySummary {
  index.expire(Date.now() / 1000)
  const bonded = index.all().filter((entry) => entry.bonded)
  return { classes: summarizeOffers(bonded), unbonded: index.size - bonded.length }
}

async function offers(requester: Requester, demand: Demand) {
  await requester.market.measure(demand)
  const matched = requester.offers(demand)
  const { reliability } = requester
  reliability.learn(matched.candidates.map(({ entry: { offer } }) => offer))
  const fitting = matched.candidates.map(({ entry }) => offerRow(entry, demand, null, reliability))
  const others = matched.rejected.map(({ entry, reason }) =>
    offerRow(entry, demand, reason.code, reliability),
  )
  return {
    offers: [...fitting, ...others],
    summary: explain(matched),
    reasons: countReasons(matched.rejected),
  }
}

function offerRow(
  { offer, peerId, via, bonded }: OfferEntry,
  demand: Demand,
  reason: string | null,
  book: Requester['reliability'],
): OfferRow {
  const { account, free, coreMibPerSecond, gpuClasses } = offer
  const { gpuSecondE12 } = offer.prices
  const rateE12 = requirementsRateE12(offer.prices, demand.resources)
  const row = { peerId, account, via, bonded, free, gpuClasses, gpuSecondE12, coreMibPerSecond }
  const reliability = book.score(offer, 1000 * demand.durationSeconds)
  return { ...row, rateE12, reason, reliability }
}

async function run(
  services: AgentServices,
  request: JobRequest,
  emit: (event: unknown) => void,
  signal: AbortSignal,
) {
  return follow(services, await start(services, request, emit, signal))
}

async function start(
  services: AgentServices,
  request: JobRequest,
  emit: (event: unknown) => void,
  signal: AbortSignal,
): Promise<JobRunner> {
  const id = await jobIdOf(services, request)
  return begin(services, id, request, whileListening(emit, signal), signal)
}

/** Starts a job that goes on without its caller, once its files are read: answers when it has its first lease. */
async function submit(
  services: AgentServices,
  request: JobRequest,
  emit: (event: unknown) => void,
  signal: AbortSignal,
): Promise<{ job: string }> {
  const { job } = await start(services, request, emit, signal)
  return { job: job.row.id }
}

/** Returns the name that a request chose, or a new one. Throws {@link AgentError} `JOB_EXISTS`. */
async function jobIdOf(
  { folder, reading, newJobId }: AgentServices,
  { id }: Pick<JobRequest, 'id'>,
): Promise<string> {
  if (id === undefined) return newJobId()
  const isTaken = reading.has(id) || (await folder.journal.get(jobs.table, id)) !== undefined
  if (isJobId(id) && !isTaken) return id
  throw new AgentError(
    `expected a name of 12 hexadecimal digits that no job has, got ${id}; choose another`,
    {
      code: 'JOB_EXISTS',
      job: id,
    },
  )
}

/** Reads a job's files into the block store and starts it; what was read of one that does not start is let go. */
async function begin(
  { requester, folder: { blocks }, reading }: AgentServices,
  id: string,
  request: JobRequest,
  emit: (event: unknown) => void,
  signal: AbortSignal,
): Promise<JobRunner> {
  const control = new AbortController()
  reading.set(id, control)
  emit({ kind: 'reading', job: id, atMs: Date.now() })
  const tell = (one: Progress) => emit({ kind: 'progress', atMs: Date.now(), ...one })
  const meter = new ProgressMeter(tell, () => performance.now())
  try {
    const spec = await readJob(request, {
      keeper: storeKeeper(blocks, preparing(id)),
      signal: AbortSignal.any([signal, control.signal]),
      onProgress: (name, haveBytes, totalBytes) => meter.note({ what: 'input', name, haveBytes, totalBytes }),
    })
    return await requester.run(spec, id, emit)
  } finally {
    reading.delete(id)
    await blocks.unpin(preparing(id))
  }
}

async function wait(
  services: AgentServices,
  job: string,
  emit: (event: unknown) => void,
  signal: AbortSignal,
) {
  const runner = services.requester.jobs.get(job)
  if (runner === undefined) return summary(services.folder, job)
  for (const event of runner.history) emit(event)
  const unsubscribe = runner.subscribe(emit)
  signal.addEventListener('abort', unsubscribe, { once: true })
  try {
    return await follow(services, runner)
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', unsubscribe)
  }
}

/** Returns, by job, which leases are in doubt and why. */
function doubts(requester: Requester): Record<string, { lease: Hex; reason: Doubt }[]> {
  const all = [...requester.jobs].map(([id, runner]) => [id, inDoubt(runner)] as const)
  return Object.fromEntries(all)
}

/** Waits until a job and its leases are over; a restarted agent waits for nobody. */
async function follow({ folder, requester }: AgentServices, runner: JobRunner): Promise<JobSummary> {
  await runner.finished
  await requester.release(runner)
  return summary(folder, runner.job.row.id)
}

/** Passes events on until the caller is gone. */
function whileListening(emit: (event: unknown) => void, signal: AbortSignal): (event: unknown) => void {
  return (event) => {
    if (!signal.aborted) emit(event)
  }
}

async function summary({ journal }: DataFolder, job: string): Promise<JobSummary> {
  const found = await readSummary(journal, job)
  if (found !== undefined) return found
  throw unknownJob(job)
}

function find(requester: Requester, job: string): JobRunner {
  const runner = requester.jobs.get(job)
  if (runner !== undefined) return runner
  throw unknownJob(job)
}

function unknownJob(job: string): AgentError {
  return new AgentError(`expected a job of this agent, got ${job}; souk ps lists them`, {
    code: 'UNKNOWN_JOB',
    job,
  })
}

/** One lease as commands show it. */
export type LeaseRow = Pick<
  Purchase,
  'lease' | 'peerId' | 'phase' | 'settled' | 'job' | 'negotiatedMs' | 'acceptedAtMs'
> & {
  readonly provider: Hex
  readonly rateE12: bigint
  readonly deposit: bigint
  /** Base units that the newest voucher promises. */
  readonly voucher: bigint
  /** Base units promised by voucher, or agreed at the close. */
  readonly paid: bigint
  /** How its GPUs are, as its provider told last; empty for a lease that is over, and without a GPU. */
  readonly gpus: readonly GpuHealth[]
}

async function leases({ folder, requester }: AgentServices): Promise<LeaseRow[]> {
  const list: LeaseRow[] = []
  for (const purchase of await rows(folder, purchases)) {
    const bytes = await folder.journal.get(vouchers.table, purchase.lease)
    const voucher = bytes === undefined ? 0n : vouchers.codec.decode(bytes).cumulative
    const { lease, peerId, phase, settled, job, negotiatedMs, acceptedAtMs, quote, agreement } = purchase
    const paid = agreement?.paid ?? voucher
    const { provider, rate: rateE12, deposit } = quote
    list.push({
      lease,
      peerId,
      phase,
      settled,
      job,
      negotiatedMs,
      acceptedAtMs,
      provider,
      rateE12,
      deposit,
      voucher,
      paid,
      gpus: requester.leases.get(lease)?.state.gpus ?? [],
    })
  }
  return list.sort((a, b) => a.acceptedAtMs - b.acceptedAtMs)
}

async function balance({ requester, account, delegate }: AgentServices) {
  const { reader } = requester.chain
  const [wallet, ledger, native, gas] = await Promise.all([
    reader.tokenBalance(account),
    reader.balance(account),
    reader.nativeBalance(account),
    reader.nativeBalance(delegate),
  ])
  const locked = requester
    .unsettled()
    .filter((one) => one.purchase.opening !== null)
    .reduce((sum, one) => sum + one.purchase.quote.deposit, 0n)
  return {
    account,
    delegate,
    wallet,
    ledger,
    locked,
    available: requester.budget.available,
    native,
    delegateNative: gas,
  }
}

async function rows<T>(
  folder: DataFolder,
  table: { table: string; codec: { decode(bytes: Uint8Array): T } },
): Promise<T[]> {
  return (await folder.journal.scan(table.table)).map((row) => table.codec.decode(row.value))
}
