import { leasesFor } from '@souk/requester'
import type { JobRequest, TaskFiles } from '@souk/requester/node'
import type { Command } from 'commander'
import type { Session } from '../commands/shared.ts'
import { addDemandOptions, type DemandOptions, readDemand, readDuration, readSize } from '../demand.ts'
import { CliError } from '../errors.ts'
import { type MeteringOptions, readMetering } from '../program/metering.ts'
import { type PreparedProgram, type ProgramOptions, requireEngine } from '../program/prepare-program.ts'
import { addSecretOptions, readSecretOptions, type SecretOptions } from '../secrets/secret-options.ts'
import {
  type AssuranceOptions,
  addAssuranceOptions,
  readAssurance,
  readExpected,
} from './assurance-option.ts'
import { addCompareOption, type CompareOptions } from './compare-option.ts'
import { readGrace } from './money-options.ts'
import { addStandbyOption, readStandby, type StandbyOption } from './standby-option.ts'

/** What every job takes, whatever its tasks are. */
export interface JobOptions
  extends DemandOptions,
    MeteringOptions,
    SecretOptions,
    CompareOptions,
    AssuranceOptions,
    StandbyOption,
    ProgramOptions {
  grace: string
  env: string[]
  deadline: string
  outputLimit: string
  seed: string
}

/** What the argument of a command that runs a program may be. */
export const PROGRAM_WORDS =
  'WASI preview 1 program, source in C or C++ (.c, .cpp), script (.js), kernel for GPUs (.wgsl), or image (docker://NAME@sha256:…)'

/** Adds the options that every job takes, but for those of what its tasks read. */
export function addJobOptions(command: Command): Command {
  command
    .option('--with <file>', 'further source to compile, or module of a script; may be repeated', collect, [])
    .option('--cflag <flag>', 'flag for the compiler; may be repeated', collect, [])
    .option('--image-archive <file>', 'the image, as docker save writes it, where no registry has it')
    .option('--entrypoint <word>', "entry point in place of the image's own; may be repeated", collect, [])
    .option('--spec <file>', "a kernel's buffers and passes (default: its name with .json behind it)")
    .option('--fuel <number>', 'instructions that the program may use, under wasm-det (default: 10^12)')
    .option('--depth <number>', 'calls that the program may nest, under wasm-det (default: 10000)')
    .option('--env <name=value>', 'environment entry; may be repeated', collect, [])
    .option('--deadline <time>', 'longest execution of a task, such as 30s', '60s')
    .option('--output-limit <size>', 'most that the program may write', '16MiB')
    .option('--seed <number>', 'seed of the random numbers that the program reads', '0')
    .option('--grace <time>', 'how long to wait for money before failing, such as 15m; 0 not to wait', '15m')
  addStandbyOption(command)
  return addDemandOptions(addSecretOptions(addAssuranceOptions(addCompareOption(command))))
}

/** Makes the request for a job of these tasks, each with what its program brings. Throws {@link CliError}. */
export function readRequest(
  name: string,
  { program, args, inputs: ofProgram }: PreparedProgram,
  options: JobOptions,
  tasks: readonly Pick<TaskFiles, 'stdin' | 'inputs'>[],
  { config }: Pick<Session, 'config'>,
): JobRequest {
  const assurance = readAssurance(options.assurance)
  const demand = readDemand(options, config.tokenDecimals)
  requireEngine(program, demand.runtime)
  if (demand.runtime === 'webgpu/1' && demand.resources.gpu === null) throw noGpu()
  for (const entry of options.env) split('--env', entry)
  return {
    name,
    program,
    tasks: tasks.map(({ stdin, inputs }) => {
      return { args, env: options.env, stdin, inputs: [...ofProgram, ...inputs] }
    }),
    assurance,
    deadlineMs: readDuration(options.deadline) * 1000,
    ...readExpected(options),
    demand,
    leases: leasesFor(assurance),
    ...readStandby(options),
    memoryBytes: demand.resources.memoryBytes,
    ...readMetering(options, demand.runtime),
    outputBytes: readSize('--output-limit', options.outputLimit),
    seed: readSeed(options.seed),
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
