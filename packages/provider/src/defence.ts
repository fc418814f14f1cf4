import { acknowledged, acknowledgedPrefix, refutations, type VoucherRow, vouchers } from '@souk/engine'
import { errorMessage, type Hex, type Quote } from '@souk/protocol'
import { type ChainLink, type CourtLink, courtData } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { Log } from './log.ts'

export interface DefenceOptions {
  readonly chain: Pick<ChainLink, 'sender'>
  readonly court: CourtLink
  readonly journal: Journal
  readonly log: Log
}

/** Answers reports of downtime in our leases with the vouchers that acknowledge service at the time. */
export class Defence {
  readonly #options: DefenceOptions

  constructor(options: DefenceOptions) {
    this.#options = options
  }

  /** Strikes what block `block` reported about a lease of ours, as far as vouchers go; never rejects. */
  async answer(quote: Quote, lease: Hex, block: number): Promise<void> {
    try {
      const { court } = this.#options
      for (const { event } of await court.events(block, block)) {
        if (event.kind === 'downtimeReported' && event.lease === lease) {
          await this.#refute(quote, lease, event.epoch, event.found)
        }
      }
    } catch (error) {
      this.#options.log.warn('a report of downtime was not answered', { lease, error: errorMessage(error) })
    }
  }

  async #refute(quote: Quote, lease: Hex, epoch: number, found: number): Promise<void> {
    const { court, chain, log } = this.#options
    const answers = refutations(court.rules, epoch, found, await this.#vouchers(lease))
    const struck = answers.reduce((map, { strikes }) => map | strikes, 0)
    log.info('downtime was reported', { lease, epoch, found, struck })
    for (const { voucher } of answers) {
      const { signature, ...stated } = voucher
      const data = courtData.refuteDowntime(quote, epoch, { lease, ...stated }, signature)
      const id = `refute/${lease}/${epoch}/${stated.ackFrom}`
      await chain.sender.submit({ id, purpose: 'refute downtime', to: court.id.court, data })
    }
  }

  async #vouchers(lease: Hex): Promise<VoucherRow[]> {
    const { journal } = this.#options
    const newest = await journal.get(vouchers.table, lease)
    const earlier = await journal.scan(acknowledged.table, acknowledgedPrefix(lease))
    const all = [...earlier.map(({ value }) => value), ...(newest === undefined ? [] : [newest])]
    return all.map((bytes) => vouchers.codec.decode(bytes))
  }
}
