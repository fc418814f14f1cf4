import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { MAX_REPLICAS } from '@souk/availability'
import { errorMessage } from '@souk/protocol'
import { parseDomains } from '@souk/requester'
import type { JobRequest } from '@souk/requester/node'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'

/** Options that say how available the leases of a job shall be. */
export interface AvailabilityOptions {
  availability?: string
  domains?: string
}

/** Bytes of a mapping: some thousand lines. */
const MAPPING_BYTES = 512 * 1024
const [LEAST_PERCENT, MOST_PERCENT] = [50, 99.9999]

/** Adds the options that say how available the leases of a job shall be. */
export function addAvailabilityOptions(command: Command): Command {
  return command
    .option(
      '--availability <percent>',
      'lease the cheapest set of offers of which enough live through --duration with this chance, such as 99.9',
    )
    .option('--domains <file>', 'where addresses are, for that: lines of prefix,region,asn')
}

/**
 * Reads `--availability` and `--domains`; nothing where neither is given. Throws {@link CliError} `BAD_OPTION`, and
 * `DomainError` where the mapping cannot be read.
 */
export function readAvailability({
  availability,
  domains,
}: AvailabilityOptions): Partial<Pick<JobRequest, 'availability' | 'domains' | 'leases'>> {
  if (availability === undefined) {
    if (domains === undefined) return {}
    throw bad('--domains', '--availability beside it: nothing else asks where providers are', domains)
  }
  const target = readPercent(availability)
  const mapping = domains === undefined ? {} : { domains: parseDomains(readMapping(domains)) }
  // Who has just joined the network waits for so many offers: a plan can only choose among those that it knows.
  return { availability: target, ...mapping, leases: MAX_REPLICAS }
}

function readPercent(text: string): number {
  const percent = /^\d{1,3}(\.\d{1,6})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (percent >= LEAST_PERCENT && percent <= MOST_PERCENT) return percent / 100
  throw bad('--availability', `percents from ${LEAST_PERCENT} to ${MOST_PERCENT}, such as 99.9`, text)
}

function readMapping(path: string): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    throw bad('--domains', 'a file that can be read', errorMessage(error))
  }
  try {
    const { size } = fstatSync(file)
    if (size > MAPPING_BYTES) throw bad('--domains', `a file of at most ${MAPPING_BYTES} bytes`, `${size}`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${got}`, { code: 'BAD_OPTION', option })
}
