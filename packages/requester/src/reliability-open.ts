import { EPOCH_SLOTS, epochBlocks } from '@souk/protocol'
import type { CourtLink } from '@souk/settlement'
import { ReliabilityBook } from './reliability-book.ts'
import { ChainHistory } from './reliability-chain.ts'
import { UptimeLooks } from './reliability-look.ts'
import type { UptimeSource } from './reliability-uptime.ts'
import type { RequesterOptions } from './requester-options.ts'
import type { UptimeDesk } from './uptime-desk.ts'

/** Opens what is known of providers, from our own leases and from the chain, with what earlier runs noted. */
export async function openReliability(
  options: Pick<RequesterOptions, 'journal' | 'dateMs' | 'account' | 'config' | 'onProblem'>,
): Promise<{ reliability: ReliabilityBook; history: ChainHistory }> {
  const { journal, dateMs, account, config, onProblem } = options
  const reliability = new ReliabilityBook({ journal, dateMs, onProblem })
  const knows = reliability.knows.bind(reliability)
  const history = new ChainHistory({ journal, dateMs, account, blockSeconds: config.blockSeconds, knows })
  await reliability.load()
  await history.load()
  reliability.sources.chain = history
  return { reliability, history }
}

/** Returns what uptime books proved, as evidence; what was not looked at yet is not known. */
export function uptimeSource(
  desk: Pick<UptimeDesk, 'known' | 'look' | 'ttlMs'>,
  { rules }: Pick<CourtLink, 'rules'>,
  { config, clock, dateMs }: Pick<RequesterOptions, 'config' | 'clock' | 'dateMs'>,
): UptimeSource & { stop(): void } {
  const looks = new UptimeLooks({ ttlMs: desk.ttlMs, clock, look: (subject) => desk.look(subject) })
  return {
    want: (subjects) => looks.want(subjects),
    stop: () => looks.stop(),
    slotMs: (epochBlocks(rules) / EPOCH_SLOTS) * config.blockSeconds * 1000,
    of(subject) {
      const known = desk.known(subject)
      if (known === undefined) return undefined
      const atMs = Math.max(0, Math.round(dateMs() - (clock() - known.atMs)))
      return { ...known, lies: known.lies.length, atMs }
    },
  }
}
