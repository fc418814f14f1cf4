import { UNDECIDABLE } from '@souk/protocol'
import type { CourtStatus } from '@souk/requester'
import type { LeaseRow } from '@souk/requester/node'
import type { Command } from 'commander'
import { addLeasesShow } from './leases-show.ts'
import { healthWords } from './offer-gpus.ts'
import {
  addSharedOptions,
  amount,
  hourly,
  printJson,
  printTable,
  type SharedOptions,
  short,
  withSession,
} from './shared.ts'

/** Adds `souk leases`, with `show`. */
export function addLeases(program: Command): void {
  const list = program.command('leases').description('list leases, the oldest first')
  addSharedOptions(list).action(leases)
  addLeasesShow(list)
}

async function leases(options: SharedOptions): Promise<void> {
  await withSession(options, async ({ config, owner }) => {
    const bought = await owner.call<LeaseRow[]>('leases')
    const court = await owner.call<CourtStatus>('court')
    const rows = bought.map((row) => ({ ...row, ...courtFacts(court, row) }))
    if (options.json) printJson(rows)
    else if (rows.length === 0) process.stdout.write('no leases yet\n')
    else {
      const hasGpus = rows.some(({ gpus }) => gpus.length > 0)
      printTable(
        [
          'lease',
          'provider',
          'job',
          'state',
          'price',
          'paid',
          'negotiated',
          ...(hasGpus ? ['GPUs'] : []),
          'court',
        ],
        rows.map((row) => [
          short(row.lease),
          short(row.peerId),
          row.job,
          row.settled ? 'settled' : row.phase,
          hourly(config, row.rateE12),
          amount(config, row.paid),
          row.negotiatedMs === null ? '–' : `${row.negotiatedMs} ms`,
          ...(hasGpus ? [row.gpus.map(healthWords).join('\n') || '–'] : []),
          courtWords(row),
        ]),
      )
      if (rows.some(({ downSlots }) => downSlots !== null)) process.stdout.write(WHAT_VOTES_SAY)
    }
    return 0
  })
}

/** Under leases that broke: what their slots mean. */
const WHAT_VOTES_SAY =
  'Slots are down in which enough watchers could not reach the provider’s process, or it did not show its key.\n' +
  'Their votes say neither that it served this lease otherwise, nor that its work was useful.\n'

interface CourtFacts {
  /** Slots that the court counts as down; null where nothing was claimed since the agent started. */
  readonly downSlots: number | null
  /** What a jury says of a result that was challenged; null without a challenge. */
  readonly challenged: 'pending' | 'right' | 'wrong' | 'undecidable' | 'undecided' | null
}

function courtFacts({ claims, disputes }: CourtStatus, { lease }: LeaseRow): CourtFacts {
  const claim = claims.find((one) => one.lease === lease)
  const dispute = disputes.find((one) => one.lease === lease && one.stage !== 'none')
  return {
    downSlots: claim?.downSlots ?? null,
    challenged: dispute === undefined ? null : verdictOf(dispute),
  }
}

function verdictOf({ stage, verdict, output }: CourtStatus['disputes'][number]): CourtFacts['challenged'] {
  if (stage !== 'done') return 'pending'
  if (verdict === null) return 'undecided'
  if (verdict.value === UNDECIDABLE) return 'undecidable'
  return verdict.value === output ? 'right' : 'wrong'
}

function courtWords({ downSlots, challenged }: CourtFacts): string {
  const down = downSlots === null ? [] : [`${downSlots} slots down`]
  const judged = challenged === null ? [] : [`a result challenged: ${challenged}`]
  return [...down, ...judged].join(', ') || '–'
}
