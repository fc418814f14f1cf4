import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { untilInterrupted } from '../interrupt.ts'
import { findPlace } from '../wallet/place.ts'
import { agentOf } from '../wallet/session.ts'
import { printJson } from './shared.ts'

interface Options {
  network: string
  port: string
  open: boolean
  json: boolean
}

/** Fixed, so that a wallet that was allowed to see the page once knows it again. */
const DEFAULT_PORT = 8645
const MOST_PORT = 65_535

/** Adds `souk wallet web`: the wallet page, for wallets that live in a browser. */
export function addWalletWeb(wallet: Command): void {
  wallet
    .command('web')
    .description('serve the wallet page to a browser on this machine, until Ctrl-C')
    .option('--network <name or file>', 'network to use: its name on this machine, or its file', 'local')
    .option('--port <n>', 'port on loopback, 0 for a free one', `${DEFAULT_PORT}`)
    .option('--no-open', 'do not open a browser')
    .option('--json', 'print the address as one JSON document', false)
    .action(web)
}

async function web(options: Options): Promise<void> {
  const port = readPort(options.port)
  const place = await findPlace(options.network)
  const { config: network } = place
  const signal = untilInterrupted()
  // Loaded only here: no other command needs the page.
  const { buildPage, servePage } = await import('@souk/dashboard/node')
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`)
  const files = await buildPage(() => say('building the page, once; this takes a few seconds'))
  const server = await servePage({ files, port, config: { network, agent: agentOf(place) ?? null } })
  if (options.json) printJson({ url: server.url, network: network.name })
  else process.stdout.write(`${server.url}\n`)
  say(`the wallet page of network ${network.name} is at this address, for this machine alone; Ctrl-C ends it`)
  if (network.dev) {
    say('for test tokens: connect a wallet and press "Get test tokens" on the page')
    say(`a wallet that asks for the network's address: ${network.rpcUrls[0]}, chain ${network.chainId}`)
  }
  if (options.open && process.stdout.isTTY) openBrowser(server.url)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.stop()
  process.exit(0)
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= MOST_PORT) return port
  throw new CliError(`expected a port from 0 to ${MOST_PORT} for --port, got ${JSON.stringify(text)}`, {
    code: 'BAD_OPTION',
    option: '--port',
  })
}

/** Shows `url` in the person's browser; where none can be started, the printed address is enough. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
