import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TaskFiles } from '@souk/requester/node'
import type { Command } from 'commander'
import { size } from '../commands/shared.ts'
import { CliError } from '../errors.ts'

/** Options that say what a program reads. */
export interface InputOptions {
  input: string[]
  file: string[]
  stdin?: string
  ipfsGateway: string[]
}

/** Gateways that give single blocks to everyone; what they give is verified. */
const GATEWAYS = ['https://trustless-gateway.link', 'https://ipfs.io']
/** Bytes up to which the only input is standard input as well: a task reads both, and can read twice as much. */
export const STDIN_BYTES = 256 * 1024 * 1024
const WEB = /^(https?:\/\/[^#]*(?:#sha256=[0-9a-f]{64})?)(?:=(.*))?$/i
const SOURCE = /^(?:https?|ipfs):\/\//i

/** Adds the options that say what a program reads. */
export function addInputOptions(command: Command): Command {
  return command
    .option(
      '--input <source[=name]>',
      'file, folder, pattern, https://…#sha256=…, or ipfs://CID/path that the program sees, by its own name or another; ' +
        'may be repeated. A single file is standard input, too',
      collect,
      [],
    )
    .option('--file <path=source>', 'the same, with the name in front; may be repeated', collect, [])
    .option('--stdin <source>', 'file that the program reads as standard input')
    .option(
      '--ipfs-gateway <url>',
      `gateway for blocks of IPFS; may be repeated (default: ${GATEWAYS.join(', ')})`,
      collect,
      [],
    )
}

/** Reads what a program reads; throws {@link CliError} `BAD_OPTION`. */
export function readInputs({ input, file, stdin }: InputOptions): Pick<TaskFiles, 'stdin' | 'inputs'> {
  const named = input.map(splitInput)
  const before = file.map(splitFile)
  const own = stdin === undefined ? onlyFile(named) : located(stdin)
  return {
    stdin: own,
    inputs: [...before, ...named].map(([name, source]) => [name, located(source)] as const),
  }
}

/** Returns the gateways to ask; throws {@link CliError} `BAD_OPTION`. */
export function readGateways({ ipfsGateway }: Pick<InputOptions, 'ipfsGateway'>): string[] {
  for (const url of ipfsGateway) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw bad('--ipfs-gateway', 'an address such as https://ipfs.io', url)
    }
  }
  return ipfsGateway.length === 0 ? GATEWAYS : ipfsGateway
}

/** Parts `SOURCE=NAME`; what is there under the whole text, or is an address, may have `=` in it. */
function splitInput(text: string): readonly [name: string | null, source: string] {
  const web = WEB.exec(text)
  if (web?.[1] !== undefined) return [named(web[2], text), web[1]]
  if (existsSync(text)) return [null, text]
  const at = text.lastIndexOf('=')
  return at <= 0 ? [null, text] : [named(text.slice(at + 1), text), text.slice(0, at)]
}

function named(name: string | undefined, text: string): string | null {
  if (name === undefined) return null
  if (name !== '') return name
  throw bad('--input', 'SOURCE or SOURCE=NAME', text)
}

function splitFile(text: string): readonly [name: string, source: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw bad('--file', 'PATH=SOURCE', text)
}

/** Returns the only input as standard input, where it is one file of this machine without another name. */
function onlyFile(inputs: readonly (readonly [string | null, string])[]): string | null {
  const [only, ...others] = inputs
  if (only === undefined || others.length > 0 || only[0] !== null || SOURCE.test(only[1])) return null
  const path = resolve(only[1])
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile() !== true) return null
  if (stat.size <= STDIN_BYTES) return path
  throw new CliError(
    `--input: expected at most ${size(STDIN_BYTES)} for a file that is standard input as well, ${only[1]} has ` +
      `${size(stat.size)}; give it as --stdin FILE, or as --input FILE=NAME`,
    { code: 'BAD_OPTION', option: '--input' },
  )
}

function located(source: string): string {
  return SOURCE.test(source) ? source : resolve(source)
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${got}`, { code: 'BAD_OPTION', option })
}
