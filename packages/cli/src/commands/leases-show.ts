import type { Hex } from '@souk/protocol'
import type { LeaseReport } from '@souk/requester'
import type { LeaseRow } from '@souk/requester/node'
import { durationWords, type NetworkConfig } from '@souk/settlement'
import type { Command } from 'commander'
import { addSharedOptions, amount, hourly, printJson, type SharedOptions, withSession } from './shared.ts'

/** Adds `souk leases show`. */
export function addLeasesShow(leases: Command): void {
  const show = leases.command('show').description('show what a lease promised, and what came of it')
  addSharedOptions(show.argument('<lease>', 'its name, or how that begins')).action(showLease)
}

async function showLease(name: string, options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const named = (await owner.call<LeaseRow[]>('leases')).filter(({ lease }) => lease.startsWith(name))
    const lease = named.length === 1 ? named[0]?.lease : (name as Hex)
    const report = await owner.call<LeaseReport>('lease', { lease })
    if (options.json) printJson(report)
    else process.stdout.write(`${reportLines(config, report).join('\n')}\n`)
    return 0
  })
}

/** Returns a lease's report in words; what is not known is said to be unknown. */
export function reportLines(config: NetworkConfig, report: LeaseReport): string[] {
  const { promised, measured, attested, compensated } = report
  return [
    `lease        ${report.lease}, ${report.settled ? 'settled' : report.phase}`,
    `for          ${report.job}`,
    `provider     ${report.provider}, process ${report.subject}`,
    `promised     ${durationWords(promised.seconds)} at ${hourly(config, promised.rateE12)}`,
    `             ${promisedWords(config, report)}`,
    `measured     ${measuredWords(measured)}`,
    `attested     ${attestedWords(attested)}`,
    `compensated  ${compensatedWords(config, compensated)}`,
    `paid         ${amount(config, compensated.paid)}${backWords(config, compensated)}`,
  ]
}

function promisedWords(config: NetworkConfig, { promised }: LeaseReport): string {
  const { bond, slotPenalty, slotSeconds, bondedSlots, backedAvailability } = promised
  if (slotSeconds === null || backedAvailability === null) return 'no court judges downtime on this network'
  const slot = `${amount(config, slotPenalty)} for each ${durationWords(slotSeconds)} that it is found down`
  const down = `${(backedAvailability * 100).toFixed(1)} % of its time`
  return `${slot}, ${bondedSlots} of them at most (${amount(config, bond)}): enough down to ${down}`
}

function measuredWords({
  upMs,
  degradedMs,
  downMs,
  unseenMs,
  availability,
}: LeaseReport['measured']): string {
  if (availability === null) return 'nothing yet'
  const [up, degraded, down, unseen] = [upMs, degradedMs, downMs, unseenMs].map(
    (ms) => `${(ms / 1000).toFixed(1)} s`,
  )
  return `${(availability * 100).toFixed(2)} % up: ${up} up, ${degraded} degraded, ${down} down, ${unseen} not seen`
}

function attestedWords({ downSlots, votes, challenged, wrong }: LeaseReport['attested']): string {
  const down = `${downSlots} slots down${votes > 0 ? ` by ${votes} votes` : ''}`
  return challenged === 0 ? down : `${down}; ${challenged} results challenged, ${wrong} of them wrong`
}

function compensatedWords(
  config: NetworkConfig,
  { toRequester, burned }: LeaseReport['compensated'],
): string {
  if (toRequester === null || burned === null) return 'not known before the escrow has closed the lease'
  return `${amount(config, toRequester)} to you, ${amount(config, burned)} burned`
}

function backWords(config: NetworkConfig, { refund }: LeaseReport['compensated']): string {
  return refund === null ? ' so far' : `; ${amount(config, refund)} came back`
}
