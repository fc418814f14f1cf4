import type { Execution, FailedOutcome, Inside, Outcome } from '../executor.ts'
import { Capture } from './capture.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Death, Deaths } from './deaths.ts'
import type { Docker } from './docker.ts'
import type { Image } from './images.ts'
import { insideOf } from './inside.ts'
import { interruptible } from './interrupt.ts'
import type { Keeper } from './keeper.ts'
import { takeFiles } from './outputs.ts'
import { Program } from './program.ts'
import { type Ground, GVISOR, PROGRAM_UID, programSettings } from './settings.ts'
import { packFiles } from './tar.ts'
import { CHECKPOINTS, type World } from './world.ts'

/** Milliseconds for the output files of one task to be read. */
const COLLECT_MS = 600_000
/** Bytes and files beyond an output's that a work folder may hold: blocks are larger than files, and folders count. */
const SLACK_BYTES = 4_194_304
const SLACK_FILES = 1_024
/** Exit codes of 128 and the number of a signal by which a program's own fault ends it: ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS. */
const TRAPS = [4, 5, 6, 7, 8, 11, 31].map((signal) => 128 + signal)
/** The exit code of what was killed. */
const KILLED = 137

/** Everything that one run needs. */
export interface Run {
  readonly docker: Docker
  readonly ground: Ground
  readonly deaths: Deaths
  readonly keeper: Keeper
  readonly image: Image
  readonly world: World
  readonly execution: Execution
  readonly hear: NonNullable<Execution['hear']>
  /** Is told that the program runs, and the way into it. */
  begun(inside: Inside): void
  /** Is told what goes on after the outcome; the slot is free when it has ended. */
  later(cleanup: Promise<unknown>): void
}

/** Runs a program to its end, its deadline or the caller's wish. Throws `NotRunnable`, and what the daemon says. */
export async function runProgram(run: Run, signal: AbortSignal): Promise<Outcome> {
  const { docker, keeper, execution, world } = run
  await fill(run)
  const program = await Program.create(docker, run.deaths, settingsOf(run))
  const over = new AbortController()
  const checkpoints = new Checkpoints(keeper, boundsOf(execution), run.hear)
  try {
    const capture = new Capture(execution.task.limits.outputBytes, run.hear)
    await program.start(world.stdin)
    if (run.ground.runtime === GVISOR) await program.guard()
    run.hear({ kind: 'started' })
    run.begun(insideOf({ container: program.container, keeper, over: over.signal }))
    const read = capture.read(program.output)
    const ended = Promise.race([exitAndOutput(program, read), full(capture, keeper)])
    const finished = await interruptible(ended, execution.deadlineMs, signal)
    if (finished.kind === 'cancelled') return cancelled()
    if (finished.kind === 'deadline') return await late(program, execution.deadlineMs)
    return await outcomeOf(run, program, capture, finished.value)
  } finally {
    over.abort()
    checkpoints.close()
    run.later(program.stop())
  }
}

/** Puts files and secrets where the program looks for them. */
async function fill({ keeper, world, execution }: Run): Promise<void> {
  await keeper.put('/work', packFiles(world.files, { uid: PROGRAM_UID, mode: 0o755 }))
  const { bytes, files } = boundsOf(execution)
  keeper.watch(bytes + SLACK_BYTES, files + SLACK_FILES)
  if (world.secrets.length === 0) return
  await keeper.put('/run/secrets', packFiles(world.secrets, { uid: PROGRAM_UID, mode: 0o400 }))
}

function settingsOf({ ground, keeper, image, world, execution: { task } }: Run) {
  const { entrypoint } = world.image
  return programSettings(ground, { keeper: keeper.id, image, entrypoint, task })
}

function boundsOf({ task: { limits } }: Execution) {
  return { bytes: limits.outputBytes, files: limits.files }
}

/** Resolves with the program's end once everything that the program wrote is here. */
async function exitAndOutput(program: Program, read: Promise<void>): Promise<Death> {
  const death = await program.exited
  await read
  return death
}

/** Resolves once the program wrote more than it may, to standard output or to files. */
async function full(capture: Capture, keeper: Keeper): Promise<'full'> {
  const folder = new Promise<void>((resolve) => {
    keeper.onFull = resolve
  })
  await Promise.race([capture.full, folder])
  return 'full'
}

async function late(program: Program, deadlineMs: number): Promise<FailedOutcome> {
  const cpuMs = await program.measure()
  const why = `the program ran longer than its deadline of ${deadlineMs} ms and was stopped`
  return { ...failed('deadline', why), cpuMs }
}

async function outcomeOf(
  run: Run,
  program: Program,
  capture: Capture,
  end: Death | 'full',
): Promise<Outcome> {
  const { runMs, cpuMs } = program
  const meter = { fuel: 0n, runMs, cpuMs: Math.min(cpuMs, runMs) }
  const written = { kind: 'output' as const, stdout: capture.stdout, files: [], ...meter }
  if (end === 'full') return { ...written, status: { kind: 'output-limit' }, log: capture.log }
  if (end.outOfMemory) {
    return failed(
      'out-of-memory',
      `the program took more than the ${run.execution.task.limits.pages} pages of its task`,
    )
  }
  if (end.code === KILLED)
    return failed('killed', 'the program was ended from outside, or by itself with SIGKILL')
  const { files, unnameable } = await collect(run, capture.stdoutBytes)
  if (files === null) return { ...written, status: { kind: 'output-limit' }, log: capture.log }
  const log = [
    capture.log,
    ...unnameable.map((path) => `left out: ${JSON.stringify(path)} is no name of an output`),
  ]
  return { ...written, files, status: statusOf(end.code), log: log.filter((line) => line !== '').join('\n') }
}

function statusOf(code: number) {
  return TRAPS.includes(code) ? ({ kind: 'trap' } as const) : ({ kind: 'exit', code } as const)
}

/** Takes what the program made or changed below `/work`, but for its checkpoints. */
async function collect({ keeper, world, execution }: Run, stdoutBytes: number) {
  const { bytes, files } = boundsOf(execution)
  const bounds = { bytes: bytes - stdoutBytes, files }
  const taken = (async () => takeFiles(await keeper.get('/work/.'), bounds, outputPath, world.known))()
  const collected = await interruptible(taken, COLLECT_MS, new AbortController().signal)
  if (collected.kind === 'done') return collected.value
  throw new Error(`the output files could not be read within ${COLLECT_MS} ms`)
}

/** Returns the path of an output; null for the folder itself and for checkpoints. */
function outputPath(name: string): string | null {
  const path = name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')
  return path === '' || path === CHECKPOINTS || path.startsWith(`${CHECKPOINTS}/`) ? null : path
}

export function cancelled(): FailedOutcome {
  return failed('cancelled', 'the task was cancelled')
}

export function failed(code: FailedOutcome['code'], message: string): FailedOutcome {
  return { kind: 'failed', code, message }
}
