import type { JobRequest } from '@souk/requester/node'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { homeOf, requireHome } from '../home.ts'
import { Manifest } from '../map/manifest.ts'
import { findInputs, type MapInput, seenAs } from '../map/map-inputs.ts'
import { MapResults, Printer, requireFree } from '../map/map-results.ts'
import { digestsOf, MapRun } from '../map/map-run.ts'
import { showMap } from '../map/map-summary.ts'
import { addPoolOptions, type PoolOptions, readPool } from '../map/pool-options.ts'
import { prepareProgram, usualEngine } from '../program/prepare-program.ts'
import { readAssurance } from '../run/assurance-option.ts'
import { readCompare } from '../run/compare-option.ts'
import { requireDetachable } from '../run/detach.ts'
import { addJobOptions, type JobOptions, PROGRAM_WORDS, readRequest } from '../run/job-request.ts'
import { addMoneyOptions, type MoneyOptions, readTopUp } from '../run/money-options.ts'
import { addSharedOptions, type Session, withSession } from './shared.ts'

interface MapOptions extends JobOptions, MoneyOptions, PoolOptions {
  cores: string
  inputs: string[]
  out?: string
  force: boolean
  stream: boolean
  ordered: boolean
  retries: string
  leases: string
  detach: boolean
}

/** Most that `--retries` and `--leases` may say. */
const MOST_RETRIES = 10
const MOST_LEASES = 64

/** Adds `souk map`. */
export function addMap(program: Command): void {
  const map = program
    .command('map')
    .description('run a program over many inputs, one task each, on leased machines')
    .argument('<program>', PROGRAM_WORDS)
    .argument('[args...]', "its arguments, after --; {} stands for the input's name")
    .requiredOption(
      '--inputs <pattern...>',
      'files, folders or quoted patterns; each file is a task that reads it as standard input, and by its name',
    )
    .option(
      '--out <dir>',
      'folder of the results: NAME.out is what a task printed, NAME.files what it wrote; running the same again does what is missing',
    )
    .option('--force', 'replace results that another command left in --out', false)
    .option(
      '--stream',
      'print what tasks print as they come, beside --out; without it that is what happens',
      false,
    )
    .option('--ordered', 'the same, in the order of the inputs', false)
    .option('--retries <number>', 'times that a task which failed on all providers is tried again', '0')
    .option('--leases <number>', 'leases to hold at the same time, without --budget', '4')
    .option('-d, --detach', 'leave the work to the agent; running the same again fetches the results', false)
  addJobOptions(addPoolOptions(map))
  addSharedOptions(addMoneyOptions(map)).action(mapProgram)
}

async function mapProgram(program: string, args: string[], options: MapOptions): Promise<void> {
  requireFitting(options)
  const home = requireHome(homeOf(options.network))
  if (options.detach) await requireDetachable(home, { ...(options.topUp && { topUp: options.topUp }) })
  const inputs = await findInputs(options.inputs)
  const prepared = await prepareProgram(program, args, options, home)
  const compare = await readCompare(options, home)
  await withSession(options, async (session) => {
    const name = ['map', program, ...args].join(' ').slice(0, 256)
    const engine = usualEngine(program)
    const tasks = inputs.map((input) => taskOf(input, options.engine ?? engine))
    const given = readRequest(name, prepared, { engine, ...options }, tasks, session)
    const pool = readPool(options, readAssurance(options.assurance), session.config, Date.now())
    const request: JobRequest = {
      ...given,
      ...(pool === undefined ? {} : { pool }),
      tasks: given.tasks.map((task, i) => ({ ...task, args: named(task.args, inputs[i]) })),
      leases: Math.max(given.leases, readCount('--leases', options.leases, 1, MOST_LEASES)),
      ...(compare === undefined ? {} : { compare }),
    }
    return mapInputs(session, inputs, request, options)
  })
}

/** A kernel has no standard input. */
function taskOf(input: MapInput, engine: string) {
  const inputs = [[seenAs(input), input.file]] as const
  return { stdin: engine.startsWith('webgpu') ? null : input.file, inputs }
}

function named(args: readonly string[], input: MapInput | undefined): string[] {
  return args.map((arg) => (input === undefined ? arg : arg.replaceAll('{}', seenAs(input))))
}

async function mapInputs(
  session: Session,
  inputs: readonly MapInput[],
  request: JobRequest,
  options: MapOptions,
): Promise<number> {
  const { out = null, force, json, assurance, detach } = options
  const retries = readCount('--retries', options.retries, 0, MOST_RETRIES)
  const manifest = out === null ? Manifest.inMemory() : Manifest.open(out)
  try {
    if (out !== null && !force) requireFree(out, inputs, manifest)
    const printer = out === null || options.stream || options.ordered ? new Printer(options.ordered) : null
    const results = new MapResults(session.owner, out, printer)
    const topUp = await readTopUp(options, session)
    const digests = await digestsOf(session, request)
    const plan = { inputs, request, assurance, retries, json, topUp }
    const run = new MapRun(session, plan, digests, manifest, results)
    if (detach) return await leave(run, json)
    const end = await run.toEnd()
    showMap({ run, end, manifest, out, json, config: session.config })
    if (end.stopped?.interrupted === true) return EXIT.interrupted
    if (end.stopped?.shortage != null) return EXIT.noMoney
    return run.isClean() ? 0 : EXIT.failed
  } finally {
    manifest.close()
  }
}

async function leave(run: MapRun, json: boolean): Promise<number> {
  const job = await run.detach()
  const { tasks, done } = run.counts()
  if (json) process.stdout.write(`${JSON.stringify({ job, tasks, done })}\n`)
  else {
    if (job !== null) process.stdout.write(`${job}\n`)
    const left = job === null ? 'nothing is left to do' : 'the rest goes on; run the same again to fetch it'
    process.stderr.write(`souk: ${done} of ${tasks} tasks done; ${left}\n`)
  }
  return 0
}

/** Throws {@link CliError} `BAD_OPTION` for options that do not go together. */
function requireFitting({ out, json, stream, ordered, detach }: MapOptions): void {
  if (json && out === undefined) throw bad('--json', '--out, where results go')
  if (json && (stream || ordered)) throw bad('--json', 'no --stream and no --ordered beside it')
  if (detach && out === undefined) throw bad('--detach', '--out, where results will go')
}

function readCount(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1
  if (value >= least && value <= most) return value
  throw bad(option, `a whole number from ${least} to ${most}, got ${text}`)
}

function bad(option: string, expected: string): CliError {
  return new CliError(`${option}: expected ${expected}`, { code: 'BAD_OPTION', option })
}
