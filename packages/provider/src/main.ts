import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAmount, rateOfHour } from '@souk/market'
import { loadNodeKey } from '@souk/network/node'
import { errorCode, errorMessage, type Hex, type Prices } from '@souk/protocol'
import { measureMachine, openRuntimes, shareOf } from '@souk/runtime'
import { readKeystore, readNetworkConfig, useFastCurve } from '@souk/settlement/node'
import { connectControl, openDataFolder, serveControl } from '@souk/storage/node'
import { Command, InvalidArgumentError, Option } from 'commander'
import { notRunning, signConsent } from './consent.ts'
import { parseFault } from './fault.ts'
import { type Goods, NO_GOODS } from './goods.ts'
import { createLog, type Log } from './log.ts'
import { Provider } from './provider.ts'

interface ConsentOptions {
  networkFile: string
  keystore: string
  passwordFile: string
  for: Hex
  json: boolean
}

interface Options {
  networkFile: string
  data: string
  account: Hex
  keystore: string
  passwordFile: string
  listen: string[]
  share: number
  watchOnly: boolean
  machineCache?: string
  coreHour: string
  gibHour: string
  gpuHour: string
  startFee: string
  fault?: string
  drainSeconds: number
  exitWithParent: boolean
  log: 'text' | 'json'
}

const program = new Command('souk-provider').description('Sells a share of this machine on a Souk network.')

const KEY_OPTIONS = {
  network: ['--network-file <file>', 'network file'],
  keystore: ['--keystore <file>', 'encrypted key of the delegate that signs for the account'],
  password: ['--password-file <file>', 'file with the password of the keystore'],
} as const

program
  .command('run', { isDefault: true })
  .description('sell, watch and judge until it is stopped; what happens without another command')
  .requiredOption(...KEY_OPTIONS.network)
  .requiredOption('--data <dir>', 'data folder; one process at a time owns it')
  .requiredOption('--account <address>', 'account that earns', parseAddress)
  .requiredOption(...KEY_OPTIONS.keystore)
  .requiredOption(...KEY_OPTIONS.password)
  .option('--listen <multiaddr...>', 'addresses to listen on', ['/ip4/0.0.0.0/tcp/0'])
  .option('--share <number>', 'share of the machine that is for sale, above 0 up to 1', parseShare, 0.5)
  .option(
    '--watch-only',
    'sell nothing: only watch others and judge results, for the stake of the account',
    false,
  )
  .option('--machine-cache <file>', 'file that remembers the measured machine')
  .option('--core-hour <amount>', 'price of one core for one hour, in token units', '0.1')
  .option('--gib-hour <amount>', 'price of one GiB of memory for one hour', '0.01')
  .option('--gpu-hour <amount>', 'price of one GPU for one hour', '1')
  .option('--start-fee <amount>', 'price of starting a lease', '0.0001')
  .option('--drain-seconds <seconds>', 'time that leases get to end on SIGTERM', Number, 30)
  .option('--exit-with-parent', 'stop when standard input ends', false)
  .addOption(new Option('--log <format>', 'log format').choices(['text', 'json']).default('text'))
  .addOption(new Option('--fault <fault>', 'lie, on a development network: wrong-result[:SHARE]').hideHelp())
  .action(run)

program
  .command('consent')
  .description(
    'print the signature with which an account can put up the stake of this key: souk wallet watch',
  )
  .requiredOption(...KEY_OPTIONS.network)
  .requiredOption(...KEY_OPTIONS.keystore)
  .requiredOption(...KEY_OPTIONS.password)
  .requiredOption('--for <address>', 'account whose stake it is', parseAddress)
  .option('--json', 'print one JSON document', false)
  .action(consent)

program
  .command('status')
  .description('what a running provider sells, leases and earns, and where it stands as a watcher, as JSON')
  .requiredOption('--data <dir>', 'its data folder')
  .action(status)

await program.parseAsync().catch(fail)

async function status({ data }: { data: string }): Promise<void> {
  const client = await connectControl(resolve(data))
  if (client === undefined) throw notRunning(resolve(data))
  const found = await client.call('status')
  client.close()
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  process.stdout.write(`${JSON.stringify(found, plain, 2)}\n`)
}

async function consent(options: ConsentOptions): Promise<void> {
  const config = await readNetworkConfig(options.networkFile)
  const password = readFileSync(options.passwordFile, 'utf8').trim()
  const { key } = await readKeystore(options.keystore, password)
  const signed = await signConsent(config, key, options.for)
  const command = `souk wallet watch ${signed.key} --consent ${signed.consent}`
  process.stdout.write(
    options.json
      ? `${JSON.stringify(signed)}\n`
      : `${signed.key} agrees to watch for ${options.for}, whose wallet now sends:\n\n  ${command}\n`,
  )
}

async function run(options: Options): Promise<void> {
  const log = createLog((line) => process.stdout.write(line), options.log, Date.now)
  await useFastCurve()
  const config = await readNetworkConfig(options.networkFile)
  const fault = options.fault === undefined ? null : parseFault(options.fault, config.dev)
  const password = readFileSync(options.passwordFile, 'utf8').trim()
  const folder = await openDataFolder(resolve(options.data))
  const { key } = await readKeystore(options.keystore, password)
  const goods = options.watchOnly ? NO_GOODS : await readGoods(options, config.tokenDecimals, folder.path)
  const runtimes = await openRuntimes()
  for (const { name, why } of runtimes.refused) log.warn('an engine does not run here', { name, why })
  const provider = await Provider.start({
    config,
    nodeKey: await loadNodeKey(join(folder.path, 'node.key')),
    delegateKey: key,
    account: options.account,
    journal: folder.journal,
    blocks: folder.blocks,
    listen: options.listen,
    ...goods,
    runtimes,
    fault,
    log,
    clock: () => performance.now(),
    dateMs: Date.now,
    random: (bytes) => randomBytes(bytes),
    onFatal: fail,
  })
  const control = await serveControl(folder.path, {
    // Without a chain a provider still says how it stands.
    status: async () => ({ ...provider.status(), watching: await provider.watching().catch(() => null) }),
    drain: async () => provider.drain(options.drainSeconds),
    shutdown: async () => void setImmediate(() => stop('asked to')),
  })
  const { peerId, addresses, subject } = provider.status()
  log.info('ready', { peerId, addresses, subject, account: options.account, pid: process.pid })
  const stop = stopper(log, options, provider, async () => {
    await control.stop()
    await provider.stop()
    await folder.close()
  })
}

/** Stops once, however often it is asked: the first signal drains, the second ends at once. */
function stopper(
  log: Log,
  options: Options,
  provider: Provider,
  close: () => Promise<void>,
): (why: string) => void {
  let asked = 0
  const end = async () => {
    await close().catch((error) => log.warn('did not stop cleanly', { error: errorMessage(error) }))
    process.exit()
  }
  const stop = (why: string, drains: boolean) => {
    asked += 1
    log.info('stopping', { why })
    if (!drains || asked > 1) return void end()
    void provider.drain(options.drainSeconds).then(end)
  }
  process.on('SIGTERM', () => stop('SIGTERM', true))
  process.on('SIGINT', () => stop('SIGINT', true))
  if (options.exitWithParent) process.stdin.resume().on('end', () => stop('the parent is gone', false))
  return (why) => stop(why, false)
}

/** Measures what this machine can sell, and reads what it is to cost. */
async function readGoods(options: Options, decimals: number, diskPath: string): Promise<Goods> {
  const cacheFile = options.machineCache
  const machine = await measureMachine({ diskPath, ...(cacheFile === undefined ? {} : { cacheFile }) })
  return {
    resources: shareOf(machine, options.share),
    coreMibPerSecond: machine.coreMibPerSecond,
    prices: readPrices(options, decimals),
  }
}

function readPrices(options: Options, decimals: number): Prices {
  const perSecondE12 = (amount: string) => rateOfHour(parseAmount(amount, decimals))
  return {
    startFee: parseAmount(options.startFee, decimals),
    coreSecondE12: perSecondE12(options.coreHour),
    gibSecondE12: perSecondE12(options.gibHour),
    gpuSecondE12: perSecondE12(options.gpuHour),
  }
}

function parseShare(text: string): number {
  const share = Number(text)
  if (share > 0 && share <= 1) return share
  throw new InvalidArgumentError('expected a number above 0 and up to 1')
}

function parseAddress(text: string): Hex {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as Hex
  throw new InvalidArgumentError('expected 0x and 40 hexadecimal digits')
}

function fail(error: unknown): never {
  process.stderr.write(`souk-provider: ${errorMessage(error)} [${errorCode(error)}]\n`)
  process.exit(1)
}
