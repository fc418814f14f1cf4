import type { Output } from '@souk/protocol'
import { leasesFor, type TaskOutcome } from '@souk/requester'
import type { JobRequest } from '@souk/requester/node'
import type { Command } from 'commander'
import { addOutcomeOptions, handOver, type OutcomeOptions } from '../data/hand-over.ts'
import { addInputOptions, type InputOptions, readGateways, readInputs } from '../data/input-options.ts'
import { addDemandOptions, type DemandOptions, readDemand, readDuration, readSize } from '../demand.ts'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { homeOf, requireHome } from '../home.ts'
import { type MeteringOptions, readMetering } from '../program/metering.ts'
import {
  type PreparedProgram,
  type ProgramOptions,
  prepareProgram,
  requireEngine,
  usualEngine,
} from '../program/prepare-program.ts'
import {
  type AssuranceOptions,
  addAssuranceOptions,
  readAssurance,
  readExpected,
} from '../run/assurance-option.ts'
import {
  type AvailabilityOptions,
  addAvailabilityOptions,
  readAvailability,
} from '../run/availability-option.ts'
import { addCompareOption, type CompareOptions, readCompare } from '../run/compare-option.ts'
import { follow, type JobEnd } from '../run/follow.ts'
import { lackWords } from '../run/job-words.ts'
import { addMoneyOptions, type MoneyOptions, readGrace, readTopUp } from '../run/money-options.ts'
import { addStandbyOption, readStandby, type StandbyOption } from '../run/standby-option.ts'
import { addSecretOptions, readSecretOptions, type SecretOptions } from '../secrets/secret-options.ts'
import { addSharedOptions, printJson, type Session, type SharedOptions, withSession } from './shared.ts'

interface RunOptions
  extends DemandOptions,
    InputOptions,
    MoneyOptions,
    MeteringOptions,
    OutcomeOptions,
    SecretOptions,
    CompareOptions,
    AssuranceOptions,
    AvailabilityOptions,
    StandbyOption,
    ProgramOptions {
  grace: string
  env: string[]
  follow: boolean
  deadline: string
  outputLimit: string
  seed: string
}

/** Adds `souk run`, `souk wait` and `souk stop`. */
export function addRun(program: Command): void {
  const run = program
    .command('run')
    .description('run a program on leased machines and print what it prints')
    .argument(
      '<program>',
      'WASI preview 1 program, source in C or C++ (.c, .cpp), script (.js), kernel for GPUs (.wgsl), or image (docker://NAME@sha256:…)',
    )
    .argument('[args...]', 'its arguments, after --')
    .option('--with <file>', 'further source to compile, or module of a script; may be repeated', collect, [])
    .option('--cflag <flag>', 'flag for the compiler; may be repeated', collect, [])
    .option('--image-archive <file>', 'the image, as docker save writes it, where no registry has it')
    .option('--entrypoint <word>', "entry point in place of the image's own; may be repeated", collect, [])
    .option('--spec <file>', "a kernel's buffers and passes (default: its name with .json behind it)")
    .option('--fuel <number>', 'instructions that the program may use, under wasm-det (default: 10^12)')
    .option('--depth <number>', 'calls that the program may nest, under wasm-det (default: 10000)')
    .option('--env <name=value>', 'environment entry; may be repeated', collect, [])
    .option('--follow', 'show what one replica writes while it runs, unchecked, on standard error', false)
    .option('--deadline <time>', 'longest execution, such as 30s', '60s')
    .option('--output-limit <size>', 'most that the program may write', '16MiB')
    .option('--seed <number>', 'seed of the random numbers that the program reads', '0')
    .option('--grace <time>', 'how long to wait for money before failing, such as 15m; 0 not to wait', '15m')
  addAvailabilityOptions(run)
  addStandbyOption(run)
  addOutcomeOptions(addSecretOptions(addInputOptions(addAssuranceOptions(addCompareOption(run)))))
  addSharedOptions(addMoneyOptions(addDemandOptions(run))).action(runProgram)
  const follower = program.command('wait').argument('<job>').description('follow a job to its end')
  addOutcomeOptions(follower)
  addSharedOptions(addMoneyOptions(follower)).action(wait)
  addSharedOptions(
    program.command('stop').argument('<job>').description('stop a job; it costs what was used'),
  ).action(stop)
}

async function runProgram(program: string, args: string[], options: RunOptions): Promise<void> {
  const home = requireHome(homeOf(options.network))
  // Before the session: a program that does not compile needs no market.
  const prepared = await prepareProgram(program, args, options, home)
  const compare = await readCompare(options, home)
  await withSession(options, async (session) => {
    const name = [program, ...args].join(' ').slice(0, 256)
    const given = readRequest(name, prepared, { engine: usualEngine(program), ...options }, session)
    const request = { ...given, ...(compare === undefined ? {} : { compare }) }
    const topUp = await readTopUp(options, session)
    return finish(session, options, await follow(session, options, 'run', request, topUp))
  })
}

async function wait(job: string, options: MoneyOptions & OutcomeOptions): Promise<void> {
  await withSession(options, async (session) => {
    const topUp = await readTopUp(options, session)
    const end = await follow(session, options, 'wait', { job }, topUp)
    return finish(session, options, end)
  })
}

async function stop(job: string, options: SharedOptions): Promise<void> {
  await withSession(options, async ({ owner }) => {
    await owner.call('cancel', { job })
    if (options.json) printJson({ job, state: 'cancelled' })
    else process.stdout.write(`${job} is stopped\n`)
    return 0
  })
}

/** Prints what a job came to and returns the exit code. */
async function finish(session: Session, options: OutcomeOptions, end: JobEnd): Promise<number> {
  const { owner, config } = session
  const outcome = await owner.call<TaskOutcome | undefined>('outcome', { job: end.job, index: 0 })
  if (end.interrupted) return EXIT.interrupted
  const { interrupted: _, ...shown } = end
  const { shortage } = end
  if (shortage === null || outcome !== undefined) return showOutcome(owner, options, shown, outcome)
  if (options.json) printJson(shown)
  else {
    const words = lackWords(shortage, config)
    process.stderr.write(`souk: job ${end.job} stopped for want of money: ${words} [NOT_ENOUGH_BALANCE]\n`)
  }
  return EXIT.noMoney
}

async function showOutcome(
  owner: Session['owner'],
  options: OutcomeOptions,
  end: Omit<JobEnd, 'interrupted'>,
  outcome: TaskOutcome | undefined,
): Promise<number> {
  if (outcome === undefined || outcome.failure !== null) {
    const { code = end.state, message = 'it was stopped before it had a result' } = outcome?.failure ?? {}
    if (options.json) printJson({ ...end, ...outcome })
    else if (outcome === undefined && end.secretsProblem !== null) {
      process.stderr.write(
        `souk: job ${end.job} stopped without its secrets: ${end.secretsProblem} [NO_SECRETS]\n`,
      )
    } else process.stderr.write(`souk: job ${end.job} has no result: ${message} [${code}]\n`)
    return EXIT.failed
  }
  await handOver(owner, end, outcome, options)
  return exitCode(outcome.output?.status)
}

/** A program's own exit code, as a shell gives it; a trap is 134, like an abort. */
function exitCode(status: Output['status'] | undefined): number {
  if (status?.kind === 'exit') return status.code
  const words = {
    trap: 'it trapped',
    'output-limit': 'it wrote more than --output-limit',
    'out-of-fuel': 'it ran out of fuel',
  }
  if (status !== undefined)
    process.stderr.write(`souk: the program did not exit: ${words[status.kind]} [${status.kind}]\n`)
  return status?.kind === 'trap' ? 134 : EXIT.failed
}

function readRequest(
  name: string,
  { program, args, inputs: ofProgram }: PreparedProgram,
  options: RunOptions,
  { config }: Session,
): JobRequest {
  const assurance = readAssurance(options.assurance)
  const demand = readDemand(options, config.tokenDecimals)
  requireEngine(program, demand.runtime)
  const { stdin, inputs } = readInputs(options)
  const isKernel = demand.runtime === 'webgpu/1'
  if (isKernel && demand.resources.gpu === null) throw noGpu()
  for (const entry of options.env) split('--env', entry)
  return {
    name,
    program,
    tasks: [
      {
        args,
        env: options.env,
        stdin: isKernel && !options.stdin ? null : stdin,
        inputs: [...ofProgram, ...inputs],
      },
    ],
    assurance,
    deadlineMs: readDuration(options.deadline) * 1000,
    ...readExpected(options),
    demand,
    leases: leasesFor(assurance),
    ...readAvailability(options),
    ...readStandby(options),
    memoryBytes: demand.resources.memoryBytes,
    ...readMetering(options, demand.runtime),
    outputBytes: readSize('--output-limit', options.outputLimit),
    seed: readSeed(options.seed),
    ipfsGateways: readGateways(options),
    graceMs: readGrace(options.grace),
    secrets: readSecretOptions(options, demand.runtime),
  }
}

function noGpu(): CliError {
  const expected = 'nvidia, amd or apple for a kernel, or software for one that is computed on processors'
  return new CliError(`--gpu: expected ${expected}, got none`, { code: 'BAD_OPTION', option: '--gpu' })
}

function readSeed(text: string): bigint {
  if (/^\d{1,19}$/.test(text)) return BigInt(text)
  throw new CliError(`--seed: expected a whole number from 0 on, got ${text}`, {
    code: 'BAD_OPTION',
    option: '--seed',
  })
}

function split(option: string, pair: string): [string, string] {
  const at = pair.indexOf('=')
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
  throw new CliError(`${option}: expected NAME=VALUE, got ${pair}`, { code: 'BAD_OPTION', option })
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}
