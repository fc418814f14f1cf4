import type { Output } from '@souk/protocol'
import type { TaskOutcome } from '@souk/requester'
import type { TaskFiles } from '@souk/requester/node'
import type { Command } from 'commander'
import { addOutcomeOptions, handOver, type OutcomeOptions } from '../data/hand-over.ts'
import { addInputOptions, type InputOptions, readGateways, readInputs } from '../data/input-options.ts'
import { readEngine } from '../demand.ts'
import { EXIT } from '../exit-codes.ts'
import { homeOf, requireHome } from '../home.ts'
import { prepareProgram, usualEngine } from '../program/prepare-program.ts'
import {
  type AvailabilityOptions,
  addAvailabilityOptions,
  readAvailability,
} from '../run/availability-option.ts'
import { readCompare } from '../run/compare-option.ts'
import { requireDetachable, startDetached } from '../run/detach.ts'
import { follow, type JobEnd } from '../run/follow.ts'
import { addJobOptions, type JobOptions, PROGRAM_WORDS, readRequest } from '../run/job-request.ts'
import { lackWords } from '../run/job-words.ts'
import { addMoneyOptions, type MoneyOptions, readTopUp } from '../run/money-options.ts'
import { addSharedOptions, printJson, type Session, type SharedOptions, withSession } from './shared.ts'

interface RunOptions extends JobOptions, InputOptions, MoneyOptions, OutcomeOptions, AvailabilityOptions {
  follow: boolean
  detach: boolean
}

/** Adds `souk run`, `souk wait` and `souk stop`. */
export function addRun(program: Command): void {
  const run = program
    .command('run')
    .description('run a program on leased machines and print what it prints')
    .argument('<program>', PROGRAM_WORDS)
    .argument('[args...]', 'its arguments, after --')
    .option('--follow', 'show what one replica writes while it runs, unchecked, on standard error', false)
    .option(
      '-d, --detach',
      'print the name of the job and leave it to the agent, which goes on with it',
      false,
    )
  addAvailabilityOptions(run)
  addOutcomeOptions(addInputOptions(addJobOptions(run)))
  addSharedOptions(addMoneyOptions(run)).action(runProgram)
  const follower = program.command('wait').argument('<job>').description('follow a job to its end')
  addOutcomeOptions(follower)
  addSharedOptions(addMoneyOptions(follower)).action(wait)
  addSharedOptions(
    program.command('stop').argument('<job>').description('stop a job; it costs what was used'),
  ).action(stop)
}

async function runProgram(program: string, args: string[], options: RunOptions): Promise<void> {
  const home = requireHome(homeOf(options.network))
  if (options.detach) await requireDetachable(home, options)
  // Before the session: a program that does not compile needs no market.
  const prepared = await prepareProgram(program, args, options, home)
  const compare = await readCompare(options, home)
  await withSession(options, async (session) => {
    const name = [program, ...args].join(' ').slice(0, 256)
    const engine = usualEngine(program)
    const given = readRequest(name, prepared, { engine, ...options }, [readTask(options, engine)], session)
    const request = {
      ...given,
      ...readAvailability(options),
      ipfsGateways: readGateways(options),
      ...(compare === undefined ? {} : { compare }),
    }
    if (options.detach) return startDetached(session, request, options)
    const topUp = await readTopUp(options, session)
    return finish(session, options, await follow(session, options, 'run', request, topUp))
  })
}

/** A kernel has no standard input unless it is told to. */
function readTask(options: RunOptions, usual: string): Pick<TaskFiles, 'stdin' | 'inputs'> {
  const { stdin, inputs } = readInputs(options)
  const isKernel = readEngine(options.engine ?? usual) === 'webgpu/1'
  return { stdin: isKernel && !options.stdin ? null : stdin, inputs }
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
