import { errorMessage, type Hex } from '@souk/protocol'
import { type Command, Option } from 'commander'
import { failWith } from '../fail.ts'
import { localPrograms } from '../program/local-programs.ts'

interface AgentOptions {
  networkFile: string
  data: string
  account: Hex
  keystore: string
  passwordFile: string
  listen: string[]
  exitWithParent: boolean
  log: 'text' | 'json'
}

/** Adds `souk agent start`: the process that owns the requester's data folder and outlives commands. */
export function addAgent(program: Command): void {
  const agent = program.command('agent').description('the long-lived requester that commands talk to')
  agent
    .command('start')
    .description('own the data folder, hold leases, run jobs; ends on SIGTERM or Ctrl-C')
    .requiredOption('--network-file <file>', 'network file')
    .requiredOption('--data <dir>', 'data folder')
    .requiredOption('--account <address>', 'account that pays')
    .requiredOption('--keystore <file>', 'encrypted key of the delegate')
    .requiredOption('--password-file <file>', 'file with its password')
    .option('--listen <multiaddr...>', 'addresses to listen on', ['/ip4/127.0.0.1/tcp/0'])
    .option('--exit-with-parent', 'stop when standard input ends', false)
    .addOption(new Option('--log <format>', 'log format').choices(['text', 'json']).default('text'))
    .action(start)
}

async function start(options: AgentOptions): Promise<void> {
  const { createLog } = await import('@souk/provider')
  const { openAgent } = await import('@souk/requester/node')
  const log = createLog((line) => process.stdout.write(line), options.log, Date.now)
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const agent = await openAgent({
    ...options,
    folder: options.data,
    programs: localPrograms(),
    onProblem: (sentence, error) => log.warn(sentence, { error: errorMessage(error) }),
    onFatal: failWith,
    onShutdown: end,
  })
  const { node } = agent.requester
  log.info('ready', { peerId: node.peerId, addresses: node.addresses(), pid: process.pid })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end())
  if (options.exitWithParent) process.stdin.resume().on('end', () => end())
  await ended
  await agent.stop()
  process.exit()
}
