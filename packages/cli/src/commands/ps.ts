import { setTimeout as pause } from 'node:timers/promises'
import type { DecisionRow, Doubt, JobRow } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { type PoolStatus, verdictWords } from '@souk/requester'
import { durationWords } from '@souk/settlement'
import type { Command } from 'commander'
import { createLogUpdate } from 'log-update'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { writeOut } from '../inside/write-out.ts'
import { untilInterrupted } from '../interrupt.ts'
import { decisionCells, POOL_HEAD, poolCells } from '../map/pool-words.ts'
import {
  addSharedOptions,
  jsonText,
  type Session,
  type SharedOptions,
  short,
  tableText,
  withSession,
} from './shared.ts'

interface Options extends SharedOptions {
  watch: boolean
  decisions?: string
}

/** Milliseconds between two looks of `--watch`. */
const WATCH_MS = 1_000

/** A job as commands show it. */
type ShownJob = JobRow & {
  /** Milliseconds since the epoch; null without a checkpoint. */
  readonly checkpointAtMs: number | null
  readonly doubts: readonly { lease: Hex; reason: Doubt }[]
  /** How its leases grow and shrink; null for a job without a pool, or one that is over. */
  readonly pool: PoolStatus | null
}

/** Adds `souk ps`. */
export function addPs(program: Command): void {
  const ps = program
    .command('ps')
    .description('list jobs, the oldest first, and the pools of leases of those that grow and shrink')
    .option('-w, --watch', 'look again every second, until Ctrl-C', false)
    .option('--decisions <job>', 'list what the pool of a job was to be, and why, the newest first')
  addSharedOptions(ps).action(show)
}

async function show(options: Options): Promise<void> {
  const { json, watch, decisions } = options
  if (watch && decisions !== undefined) {
    throw new CliError('--watch: expected without --decisions; leave one out', {
      code: 'BAD_OPTION',
      option: '--watch',
    })
  }
  await withSession(options, async (session) => {
    const text = (): Promise<string> =>
      decisions === undefined ? jobsText(session, json) : decisionsText(session, decisions, json)
    if (watch) return repeat(text)
    await writeOut(process.stdout, Buffer.from(await text()))
    return 0
  })
}

/** Shows something anew every second: on a terminal in its place, elsewhere one after the other. */
async function repeat(text: () => Promise<string>): Promise<number> {
  const signal = untilInterrupted()
  const live = process.stdout.isTTY === true ? createLogUpdate(process.stdout) : null
  while (!signal.aborted) {
    const shown = await text()
    if (live === null) await writeOut(process.stdout, Buffer.from(shown))
    else live(shown)
    await pause(WATCH_MS, undefined, { signal }).catch(() => {})
  }
  live?.done()
  return EXIT.interrupted
}

async function jobsText(session: Session, json: boolean): Promise<string> {
  const jobs = await readJobs(session)
  if (json) return `${jsonText(jobs)}\n`
  if (jobs.length === 0) return 'no jobs yet\n'
  const pools = jobs.flatMap(({ pool }) => pool ?? [])
  const table = tableText(
    ['job', 'name', 'tasks', 'quorum', 'state', 'started', 'newest checkpoint', 'in doubt'],
    jobs.map(jobCells),
  )
  if (pools.length === 0) return table
  return `${table}\n${tableText(
    POOL_HEAD,
    pools.map((pool) => poolCells(pool, session.config)),
  )}`
}

async function readJobs({ owner }: Session): Promise<ShownJob[]> {
  const rows = await owner.call<JobRow[]>('jobs')
  const savedAtMs = await owner.call<Record<string, number>>('checkpoints')
  const doubts = await owner.call<Record<string, { lease: Hex; reason: Doubt }[]>>('doubts')
  const pools = new Map((await owner.call<PoolStatus[]>('pools')).map((pool) => [pool.job, pool]))
  return rows
    .sort((a, b) => a.createdAtMs - b.createdAtMs)
    .map((row) => ({
      ...row,
      checkpointAtMs: savedAtMs[row.id] ?? null,
      doubts: row.state === 'running' ? (doubts[row.id] ?? []) : [],
      pool: pools.get(row.id) ?? null,
    }))
}

function jobCells(row: ShownJob): string[] {
  return [
    row.id,
    row.name,
    String(row.tasks),
    `${row.k} of ${row.n}`,
    row.state,
    new Date(row.createdAtMs).toLocaleTimeString(),
    row.checkpointAtMs === null ? '–' : `${ageWords(row.checkpointAtMs)} ago`,
    row.doubts.map(({ lease, reason }) => `${short(lease)}: ${verdictWords(reason)}`).join('\n') || '–',
  ]
}

async function decisionsText({ owner, config }: Session, job: string, json: boolean): Promise<string> {
  const decisions = await owner.call<DecisionRow[]>('decisions', { job })
  if (json) return `${jsonText(decisions)}\n`
  if (decisions.length === 0) return `no decisions about ${job}: it has no pool\n`
  const head = ['when', 'leases', 'why', 'ready', 'waiting', 'running', 'committed', 'budget left']
  return tableText(
    head,
    decisions.map((one) => decisionCells(one, config)),
  )
}

/** Says how long ago something was. */
function ageWords(atMs: number): string {
  return durationWords(Math.max(0, Math.floor((Date.now() - atMs) / 1000)))
}
