import { type Assurance, AssuranceError, type JobEstimate, parseAssurance } from '@souk/requester'
import { durationWords, type NetworkConfig } from '@souk/settlement'
import type { Command } from 'commander'
import { readDuration } from '../demand.ts'
import { CliError } from '../errors.ts'
import { shortAmount } from '../wallet/short-amount.ts'

/** How far results are checked, and how long an execution is expected to take. */
export interface AssuranceOptions {
  readonly assurance: string
  readonly expect?: string
}

const OPTION = '--assurance'

/** Adds the options that say how far results are checked. */
export function addAssuranceOptions(command: Command): Command {
  return command
    .option(
      `${OPTION} <rule>`,
      'none; audit: one result, held back, some executed again by others; replicate:R: most of R at once; quorum:K/N: K equal results of N providers',
      'quorum:2/3',
    )
    .option('--expect <time>', 'how long an execution should take, for the estimate (default: --deadline)')
}

/** Reads `--assurance`. Throws {@link CliError} `BAD_OPTION`. */
export function readAssurance(text: string): Assurance {
  try {
    return parseAssurance(text)
  } catch (error) {
    if (!(error instanceof AssuranceError)) throw error
    throw new CliError(
      `${OPTION}: ${error.message}`,
      { code: 'BAD_OPTION', option: OPTION },
      { cause: error },
    )
  }
}

/** Reads `--expect` in milliseconds. Throws {@link CliError} `BAD_OPTION`. */
export function readExpected({ expect }: AssuranceOptions): { expectedMs?: number } {
  return expect === undefined ? {} : { expectedMs: readDuration(expect) * 1000 }
}

/** Says in one sentence what a job is expected to cost and take. */
export function estimateWords(estimate: JobEstimate, config: NetworkConfig): string {
  const { assurance, executions, price, timeMs, taskMs, isBound } = estimate
  const amount = `${shortAmount(price, config.tokenDecimals)} ${config.tokenSymbol}`
  const each = `${durationWords(Math.ceil(taskMs / 1000))} each`
  const most = isBound ? 'at most about' : 'about'
  const times = executions.toFixed(2).replace(/\.?0+$/, '')
  return `${assurance}: ${times} executions of a task, ${each}; ${most} ${amount} and ${durationWords(Math.ceil(timeMs / 1000))}`
}
