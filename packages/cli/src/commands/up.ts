import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connectControl, serveControl } from '@souk/storage/node'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { type Home, homeOf } from '../home.ts'
import { untilInterrupted } from '../interrupt.ts'
import { printJson } from './shared.ts'

interface Options {
  gpu?: string[]
  foreground: boolean
  json: boolean
}

interface Status {
  readonly pid: number
  readonly providers: readonly string[]
  readonly rpcUrl: string
}

/** Name of the market that lives on this machine alone. */
const LOCAL = 'local'
const START_MS = 90_000
const STOP_MS = 30_000

/** Adds `souk up` and `souk down`. */
export function addUp(program: Command): void {
  program
    .command('up')
    .description('start a local market and leave it running: chain, five providers, an agent with money')
    .option('--gpu <words...>', 'GPUs that each provider sells, such as software; none unless told')
    .option('--foreground', 'stay attached; Ctrl-C ends the market', false)
    .option('--json', 'print one JSON document', false)
    .action(up)
  program
    .command('down')
    .description('end the local market')
    .option('--json', 'print one JSON document', false)
    .action(down)
}

async function up(options: Options): Promise<void> {
  const home = homeOf(LOCAL)
  await requireNone(home)
  if (options.foreground) return supervise(home, options.gpu)
  const status = await detach(home, options.gpu)
  if (options.json) printJson(status)
  else process.stdout.write(welcome)
  process.exit(0)
}

const welcome = `
The market is running. Try, from any terminal:

  npx souk offers                          what is for sale
  npx souk run program.wasm -- args        run a WASI program on it
  npx souk leases                          what was leased and paid
  npx souk wallet balance                  what is left
  npx souk down                            end the market
`

async function down({ json }: Options): Promise<void> {
  const home = homeOf(LOCAL)
  const client = await connectControl(home.path)
  if (client === undefined) {
    throw new CliError(`expected a running market in ${home.path}, there is none; souk up starts one`, {
      code: 'NO_MARKET',
      home: home.path,
    })
  }
  const { pid } = (await client.call('status')) as Status
  await client.call('shutdown')
  client.close()
  const end = performance.now() + STOP_MS
  while (isAlive(pid) && performance.now() < end) await pause(50)
  if (json) printJson({ stopped: !isAlive(pid) })
  else process.stdout.write(isAlive(pid) ? 'the market is still stopping\n' : 'the market has ended\n')
  process.exit(isAlive(pid) ? EXIT.failed : 0)
}

/** Runs the market in this process until Ctrl-C or `souk down`. */
async function supervise(home: Home, gpus?: readonly string[]): Promise<void> {
  const signal = untilInterrupted()
  // A development chain forgets everything when it ends, so what belonged to the last one goes too.
  rmSync(home.path, { recursive: true, force: true })
  mkdirSync(home.path, { recursive: true, mode: 0o700 })
  const { defaultPlan, EXTRA_WATCHERS, LocalMarket } = await import('../local-market/local-market.ts')
  const onStep = (sentence: string) => process.stderr.write(`${sentence}\n`)
  const market = await LocalMarket.start({
    home: home.path,
    providers: defaultPlan(gpus),
    watchers: EXTRA_WATCHERS,
    onStep,
    signal,
  })
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => end())
  const control = await serveControl(home.path, {
    status: async (): Promise<Status> => ({
      pid: process.pid,
      providers: defaultPlan().map(({ name }) => name),
      rpcUrl: market.chain.rpcUrl,
    }),
    shutdown: async () => end(),
  })
  onStep('ready')
  await ended
  await control.stop()
  await market.stop()
  // Its chain is gone: commands shall say that there is no market.
  rmSync(home.networkFile, { force: true })
  process.exit(0)
}

/** Starts a supervisor of its own, shows its steps, and returns when the market is ready. */
async function detach(home: Home, gpus: readonly string[] = []): Promise<Status> {
  mkdirSync(join(home.path, '..'), { recursive: true, mode: 0o700 })
  const logFile = `${home.path}.log`
  const log = openSync(logFile, 'w', 0o600)
  const script = fileURLToPath(new URL('../../bin/souk.js', import.meta.url))
  const options = gpus.length === 0 ? [] : ['--gpu', ...gpus]
  const child = spawn(process.execPath, [script, 'up', '--foreground', ...options], {
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  child.unref()
  const onInterrupt = () => child.kill('SIGINT')
  process.on('SIGINT', onInterrupt)
  const end = performance.now() + START_MS
  for (let shown = 0; performance.now() < end; await pause(100)) {
    shown = showNew(logFile, shown)
    const status = await readStatus(home)
    if (status !== undefined) return status
    if (child.exitCode !== null || child.signalCode !== null) break
  }
  throw new CliError(`expected the market to start, it did not; see ${logFile}`, {
    code: 'CHILD_FAILED',
    name: 'market',
    log: logFile,
  })
}

function showNew(logFile: string, shown: number): number {
  const text = readFileSync(logFile, 'utf8')
  process.stderr.write(text.slice(shown))
  return text.length
}

async function readStatus(home: Home): Promise<Status | undefined> {
  const client = await connectControl(home.path)
  try {
    return (await client?.call('status')) as Status | undefined
  } catch {
    return undefined
  } finally {
    client?.close()
  }
}

async function requireNone(home: Home): Promise<void> {
  if (!existsSync(home.path) || (await readStatus(home)) === undefined) return
  throw new CliError(`a market is already running in ${home.path}; use it, or end it with: souk down`, {
    code: 'MARKET_RUNS',
    home: home.path,
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
