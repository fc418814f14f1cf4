import { formatAmount, perHour } from '@souk/market'
import type { NetworkConfig } from '@souk/settlement'
import { readNetworkConfig } from '@souk/settlement/node'
import Table from 'cli-table3'
import type { Command } from 'commander'
import { type Home, homeOf, requireHome } from '../home.ts'
import { writeOut } from '../inside/write-out.ts'
import { type Owner, openOwner } from '../owner.ts'

/** Options that every command takes. */
export interface SharedOptions {
  network: string
  json: boolean
}

/** What a command works with. */
export interface Session {
  readonly home: Home
  readonly config: NetworkConfig
  readonly owner: Owner
}

/** Adds the options that every command takes. */
export function addSharedOptions(command: Command): Command {
  return command
    .option('--network <name>', 'network to use', 'local')
    .option('--json', 'print one JSON document', false)
}

/** Opens a session for one command and ends the process with its exit code. Throws `CliError` `NO_MARKET`. */
export async function withSession(
  options: SharedOptions,
  work: (session: Session) => Promise<number>,
): Promise<void> {
  const home = requireHome(homeOf(options.network))
  const config = await readNetworkConfig(home.networkFile)
  const owner = await openOwner(home)
  let code: number
  try {
    code = await work({ home, config, owner })
  } finally {
    await owner.close()
  }
  // A pipe takes what it is given bit by bit; the end of the process would cut it off.
  for (const stream of [process.stdout, process.stderr]) await writeOut(stream, new Uint8Array())
  process.exit(code)
}

/** Prints a value as JSON with amounts as decimal strings. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`)
}

/** Returns a value as JSON with amounts as decimal strings. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return item.toString()
    return item instanceof Uint8Array ? Buffer.from(item).toString('base64') : item
  })
}

/** Prints rows under a head; for people. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  process.stdout.write(tableText(head, rows))
}

/** Returns rows under a head as lines; for people. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } })
  table.push(...rows.map((row) => [...row]))
  return `${table.toString()}\n`
}

/** Shows an amount of base units with the token's symbol. */
export function amount(config: NetworkConfig, baseUnits: bigint): string {
  return `${formatAmount(baseUnits, config.tokenDecimals)} ${config.tokenSymbol}`
}

/** Shows a rate per hour, to six decimals, rounded up. */
export function hourly(config: NetworkConfig, rateE12: bigint): string {
  const step = 10n ** BigInt(Math.max(0, config.tokenDecimals - 6))
  const rounded = ((perHour(rateE12) + step - 1n) / step) * step
  return `${formatAmount(rounded, config.tokenDecimals)} ${config.tokenSymbol}/h`
}

/** Shows bytes in the largest unit that keeps a whole number or one decimal. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const at = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${Number((bytes / 1024 ** at).toFixed(1))} ${units[at]}`
}

/** Shortens an identifier for a table. */
export function short(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 6)}…${id.slice(-6)}`
}
