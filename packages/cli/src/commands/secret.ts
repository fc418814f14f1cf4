import {
  listSecrets,
  readNetworkConfig,
  readPasswordFile,
  removeSecret,
  secretFolder,
  writeSecret,
} from '@souk/settlement/node'
import type { Command } from 'commander'
import { type Home, homeOf, requireHome } from '../home.ts'
import { readValue } from '../secrets/read-value.ts'
import { addSharedOptions, printJson, printTable, type SharedOptions, size } from './shared.ts'

interface SetOptions extends SharedOptions {
  fromFile?: string
}

/** Adds `souk secret` and its verbs. */
export function addSecret(program: Command): void {
  const secret = program
    .command('secret')
    .description(
      'values that programs read and nobody writes down: kept encrypted here, given by run --secret',
    )
  const set = secret
    .command('set')
    .argument('<name>')
    .description('keep a value: the bytes of standard input, or a line that is asked for on a terminal')
    .option('--from-file <file>', 'take the bytes of a file')
  addSharedOptions(set).action(setSecret)
  addSharedOptions(secret.command('ls').description('list names, never values')).action(list)
  addSharedOptions(secret.command('rm').argument('<name>').description('forget a value')).action(remove)
}

async function setSecret(name: string, { fromFile, json, network }: SetOptions): Promise<void> {
  const home = requireHome(homeOf(network))
  const password = await readPasswordFile(home.passwordFile)
  const { dev } = await readNetworkConfig(home.networkFile)
  const bytes = await readValue(name, fromFile)
  await writeSecret(folderOf(home), password, name, bytes, { development: dev })
  if (json) printJson({ name, bytes: bytes.byteLength })
  else process.stdout.write(`${name} is kept; give it to a program by: souk run --secret ${name}\n`)
  bytes.fill(0)
}

async function list({ json, network }: SharedOptions): Promise<void> {
  const entries = await listSecrets(folderOf(requireHome(homeOf(network))))
  if (json) return printJson(entries)
  const rows = entries.map(({ name, bytes, setAtMs }) => [
    name,
    size(bytes),
    new Date(setAtMs).toLocaleString(),
  ])
  printTable(['secret', 'size', 'set'], rows)
}

async function remove(name: string, { json, network }: SharedOptions): Promise<void> {
  await removeSecret(folderOf(requireHome(homeOf(network))), name)
  if (json) printJson({ name, removed: true })
  else process.stdout.write(`${name} is forgotten\n`)
}

function folderOf({ agent }: Home): string {
  return secretFolder(agent)
}
