import { resolve } from 'node:path'
import { errorCode, errorMessage, type Hex } from '@souk/protocol'
import { readKeystore, readNetworkConfig, readPasswordFile } from '@souk/settlement/node'
import { connectControl } from '@souk/storage/node'
import { Command, Option } from 'commander'
import { signConsent } from './consent.ts'
import { addImages } from './image-options.ts'
import { notRunning } from './operator-error.ts'
import {
  addRuntime,
  parseAddress,
  parseJuryShare,
  parseSeconds,
  parseShare,
  parseSize,
} from './parse-options.ts'
import type { RunOptions } from './run-options.ts'
import { runProvider } from './run-provider.ts'
import { describeStopped, drainProvider, killProvider } from './stop-provider.ts'
import { commandWatching, describeWatching, type WatchCommandOptions } from './watch-command.ts'
import { exitCodeOf } from './watchdog-heart.ts'

interface ConsentOptions {
  networkFile: string
  keystore: string
  passwordFile: string
  for: Hex
  json: boolean
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
    '--jury-share <number>',
    'share of the cores that judging challenged results may take over an hour, 0 up to 1; it abstains beyond',
    parseJuryShare,
    0.1,
  )
  .option(
    '--slurm [partition]',
    'sell the nodes of the Slurm cluster that this machine submits to, instead of itself',
  )
  .option(
    '--watch-only',
    'sell nothing: only watch others and judge results, for the stake of the account',
    false,
  )
  .option(
    '--require-runtime <name>',
    'do not start where this engine does not run; may be given again',
    addRuntime,
    [],
  )
  .option(
    '--gpu <words...>',
    'GPUs for sale: ids, a family (nvidia, amd, apple, software), all or none; all with the whole machine, else none',
  )
  .option('--machine-cache <file>', 'file that remembers the measured machine')
  .option('--cache-size <size>', 'disk for programs, inputs and outputs; 4GiB unless told', parseSize)
  .option(
    '--image-allow <pattern>',
    'take container images of such names alone, such as docker.io/library/*; may be given again',
    addImages,
  )
  .option('--image-list <file>', 'take container images in this list, one name or pattern a line')
  .option('--image-size <size>', 'bytes of a container image at most; 16GiB unless told', parseSize)
  .option('--no-image-pull', 'pull no container images: take what is here, or comes as an archive')
  .option('--no-image-archives', 'load no container images from archives that come with tasks')
  .option('--core-hour <amount>', 'price of one core for one hour, in token units', '0.1')
  .option('--gib-hour <amount>', 'price of one GiB of memory for one hour', '0.01')
  .option('--gpu-hour <amount>', 'price of one GPU for one hour', '1')
  .option('--start-fee <amount>', 'price of starting a lease', '0.0001')
  .option('--drain-seconds <seconds>', 'time that leases get to end on SIGTERM', Number, 30)
  .option('--exit-with-parent', 'stop when standard input ends', false)
  .option('--watchdog', 'start it again when it dies, or stands still', false)
  .option(
    '--watchdog-seconds <seconds>',
    'time without a sign of life after which it stands still',
    parseSeconds,
    30,
  )
  .addOption(new Option('--log <format>', 'log format').choices(['text', 'json']).default('text'))
  .addOption(new Option('--fault <fault>', 'lie, on a development network: wrong-result[:SHARE]').hideHelp())
  .action((options: RunOptions) => runProvider(options, fail))

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
  .description(
    'what a running provider sells, leases and earns, how its machine is, and where it stands as a watcher, as JSON',
  )
  .requiredOption('--data <dir>', 'its data folder')
  .option('--json', 'print one JSON document, as it does anyway', true)
  .action(status)

program
  .command('watch')
  .description('where a running provider stands as a watcher, and whether it goes on from term to term')
  .requiredOption('--data <dir>', 'its data folder')
  .addOption(
    new Option('--leave', 'take no further place: the stake can be taken back in time').default(false),
  )
  .addOption(new Option('--stay', 'take a further place each term').default(false).conflicts('leave'))
  .option('--json', 'print one JSON document', false)
  .action(watch)

program
  .command('stop')
  .description('end a running provider: no new leases, the present ones end, then it does')
  .requiredOption('--data <dir>', 'its data folder')
  .option('--now', 'end every execution at once, whatever state the provider is in', false)
  .option('--json', 'print one JSON document', false)
  .action(stop)

await program.parseAsync().catch(fail)

async function status({ data }: { data: string }): Promise<void> {
  const client = await connectControl(resolve(data))
  if (client === undefined) throw notRunning(resolve(data))
  const found = await client.call('status')
  client.close()
  process.stdout.write(`${JSON.stringify(found, plain, 2)}\n`)
}

async function watch({ json, ...options }: WatchCommandOptions & { json: boolean }): Promise<void> {
  const found = await commandWatching(options)
  process.stdout.write(json ? `${JSON.stringify(found, plain)}\n` : describeWatching(found))
}

async function stop({ data, now, json }: { data: string; now: boolean; json: boolean }): Promise<void> {
  const folder = resolve(data)
  const stopped = await (now ? killProvider(folder) : drainProvider(folder))
  process.stdout.write(json ? `${JSON.stringify(stopped, plain)}\n` : describeStopped(folder, stopped))
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

async function consent(options: ConsentOptions): Promise<void> {
  const config = await readNetworkConfig(options.networkFile)
  const password = await readPasswordFile(options.passwordFile)
  const { key } = await readKeystore(options.keystore, password)
  const signed = await signConsent(config, key, options.for)
  const command = `souk wallet watch ${signed.key} --consent ${signed.consent}`
  process.stdout.write(
    options.json
      ? `${JSON.stringify(signed)}\n`
      : `${signed.key} agrees to watch for ${options.for}, whose wallet now sends:\n\n  ${command}\n`,
  )
}

function fail(error: unknown): never {
  process.stderr.write(`souk-provider: ${errorMessage(error)} [${errorCode(error)}]\n`)
  process.exit(exitCodeOf(error))
}
