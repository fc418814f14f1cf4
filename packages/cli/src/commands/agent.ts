import { readFileSync } from 'node:fs'
import { errorMessage, type Hex } from '@souk/protocol'
import { type Command, Option } from 'commander'
import { detachAgent, stopAgent } from '../agent/detach-agent.ts'
import { failWith } from '../fail.ts'
import { type Home, homeOf, requireHome } from '../home.ts'
import { localPrograms } from '../program/local-programs.ts'
import { addSharedOptions, printJson, type SharedOptions } from './shared.ts'

interface StartOptions extends SharedOptions {
  networkFile?: string
  data?: string
  account?: Hex
  keystore?: string
  passwordFile?: string
  listen: string[]
  foreground: boolean
  exitWithParent: boolean
  log: 'text' | 'json'
}

/** Adds `souk agent start` and `stop`: the process that owns the requester's data folder and outlives commands. */
export function addAgent(program: Command): void {
  const agent = program.command('agent').description('the long-lived requester that commands talk to')
  const begin = agent
    .command('start')
    .description('start it: it owns the data folder, holds leases, runs jobs, and survives this terminal')
    .option('--foreground', 'stay attached; it ends on Ctrl-C or SIGTERM', false)
    .option('--exit-with-parent', 'stay attached, and stop when standard input ends', false)
    .option('--network-file <file>', "network file (default: the network's own)")
    .option('--data <dir>', "data folder (default: the agent's of the network)")
    .option('--account <address>', 'account that pays (default: as the data folder says)')
    .option('--keystore <file>', 'encrypted key of the delegate')
    .option('--password-file <file>', 'file with its password')
    .option('--listen <multiaddr...>', 'addresses to listen on', ['/ip4/127.0.0.1/tcp/0'])
    .addOption(new Option('--log <format>', 'log format').choices(['text', 'json']).default('text'))
  addSharedOptions(begin).action(start)
  const end = agent.command('stop').description('end it; what it was doing goes on at its next start')
  addSharedOptions(end.option('--data <dir>', "data folder (default: the agent's of the network)")).action(
    stop,
  )
}

async function start(options: StartOptions): Promise<void> {
  const { foreground, exitWithParent, json } = options
  if (foreground || exitWithParent) return serve(options)
  const { data } = placesOf(options)
  const started = await detachAgent(data)
  if (json) printJson(started)
  else process.stdout.write(`the agent runs (process ${started.pid}); it logs to ${started.log}\n`)
  process.exit(0)
}

async function stop({ network, data, json }: SharedOptions & { data?: string }): Promise<void> {
  const home = homeOf(network)
  const stopped = await stopAgent(data ?? home.agent, home)
  if (json) printJson({ stopped })
  else process.stdout.write(stopped ? 'the agent has ended\n' : 'the agent is still stopping\n')
  process.exit(stopped ? 0 : 1)
}

async function serve(options: StartOptions): Promise<void> {
  const { createLog } = await import('@souk/provider')
  const { openAgent } = await import('@souk/requester/node')
  const log = createLog((line) => process.stdout.write(line), options.log, Date.now)
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const { data, ...places } = placesOf(options)
  const agent = await openAgent({
    ...places,
    folder: data,
    listen: options.listen,
    programs: localPrograms(),
    onProblem: (sentence, error) => log.warn(sentence, { error: errorMessage(error) }),
    onFatal: failWith,
    onShutdown: end,
  })
  const { node } = agent.requester
  log.info('ready', { peerId: node.peerId, addresses: node.addresses(), pid: process.pid })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end())
  if (options.exitWithParent) process.stdin.resume().on('end', () => end())
  await ended
  await agent.stop()
  process.exit()
}

/** Where everything is: what is not said is where the network's home has it. Throws `CliError` `NO_MARKET`. */
function placesOf({ network, networkFile, data, account, keystore, passwordFile }: StartOptions) {
  const isWhole = [networkFile, data, account, keystore, passwordFile].every((one) => one !== undefined)
  const home = homeOf(network)
  if (!isWhole) requireHome(home)
  return {
    networkFile: networkFile ?? home.networkFile,
    data: data ?? home.agent,
    account: account ?? accountOf(home),
    keystore: keystore ?? home.keystore,
    passwordFile: passwordFile ?? home.passwordFile,
  }
}

function accountOf({ accountFile }: Home): Hex {
  return (JSON.parse(readFileSync(accountFile, 'utf8')) as { account: Hex }).account
}
