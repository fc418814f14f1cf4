import { acknowledged, acknowledgedPrefix, refutations, type VoucherRow, vouchers } from '@souk/engine'
import { epochOf, errorMessage, type Hex, type Quote, slotCount } from '@souk/protocol'
import { type ChainLink, COURT_GAS, type CourtLink, courtData, type LeaseOnChain } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { Log } from './log.ts'

export interface DefenceOptions {
  readonly chain: Pick<ChainLink, 'sender'>
  readonly court: CourtLink
  readonly journal: Journal
  readonly log: Log
}

/** A lease of ours of which the court counts slots as down. */
interface Reported {
  readonly downSlots: number
  /** Block of the head when it was read. */
  readonly readBlock: number
  /** Slots that count, as a map, by epoch. */
  readonly epochs: ReadonlyMap<number, number>
  /** Names of the calls that were sent about them since then. */
  readonly sent: Set<string>
}

/** Blocks after which what counts as down is read again, though its number did not change. */
const REREAD_BLOCKS = 30

/** Answers reports of our downtime before the court, by vouchers that acknowledge service at the time. */
export class Defence {
  readonly #options: DefenceOptions
  readonly #reported = new Map<Hex, Reported>()
  readonly #busy = new Set<Hex>()

  constructor(options: DefenceOptions) {
    this.#options = options
  }

  /**
   * Takes what the chain shows of a lease of ours, at every look: so nothing is missed that was reported while this
   * process or the chain was away. Strikes what vouchers can; never rejects.
   */
  async looked(quote: Quote, lease: Hex, chain: LeaseOnChain, head: number): Promise<void> {
    if (chain.downSlots === 0 || chain.status === 'closed') this.#reported.delete(lease)
    else if (!this.#busy.has(lease)) {
      this.#busy.add(lease)
      await this.#answer(quote, lease, chain, head).catch((error) => {
        this.#options.log.warn('a report of downtime was not answered', { lease, error: errorMessage(error) })
      })
      this.#busy.delete(lease)
    }
  }

  async #answer(quote: Quote, lease: Hex, chain: LeaseOnChain, head: number): Promise<void> {
    const reported = await this.#read(lease, chain, head)
    const held = await this.#vouchers(lease)
    for (const [epoch, down] of reported.epochs) {
      for (const { voucher, strikes } of refutations(this.#options.court.rules, epoch, down, held)) {
        const name = `refute/${lease}/${epoch}/${voucher.ackFrom}-${voucher.ackUntil}`
        if (reported.sent.has(name)) continue
        const isSent = await this.#refute(quote, lease, { epoch, voucher, strikes, name }, head)
        if (isSent) reported.sent.add(name)
      }
    }
  }

  /** Returns what counts as down, read from the court when that has changed, and from time to time. */
  async #read(lease: Hex, chain: LeaseOnChain, head: number): Promise<Reported> {
    const known = this.#reported.get(lease)
    const isSame = known?.downSlots === chain.downSlots
    if (known !== undefined && isSame && head < known.readBlock + REREAD_BLOCKS) return known
    const { court, log } = this.#options
    const first = epochOf(court.rules, chain.openBlock)
    const last = epochOf(court.rules, Math.max(chain.openBlock, Math.min(head, chain.endBlock) - 1))
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    const records = await Promise.all(all.map((epoch) => court.reader.downRecord(lease, epoch)))
    const epochs = new Map(
      all.flatMap((epoch, i): [number, number][] => {
        const down = records[i]?.down ?? 0
        return down === 0 ? [] : [[epoch, down]]
      }),
    )
    const reported = { downSlots: chain.downSlots, readBlock: head, epochs, sent: new Set<string>() }
    this.#reported.set(lease, reported)
    if (isSame) return reported
    log.info('slots of a lease count as down', {
      lease,
      slots: chain.downSlots,
      epochs: Object.fromEntries(epochs),
    })
    return reported
  }

  /** Sends what a voucher says, where that is worth its gas now; tells whether it was sent. */
  async #refute(
    quote: Quote,
    lease: Hex,
    answer: { epoch: number; voucher: VoucherRow; strikes: number; name: string },
    head: number,
  ): Promise<boolean> {
    const { court, chain, log } = this.#options
    const { epoch, voucher, strikes, name } = answer
    // Under way, also since an earlier run; one that was mined and struck nothing is sent again.
    if (chain.sender.carried(head).has(name)) return true
    const slots = slotCount(strikes)
    if (!(await court.isWorth(BigInt(slots) * quote.slotPenalty, COURT_GAS.refute))) return false
    const { signature, ...stated } = voucher
    const data = courtData.refuteDowntime(quote, epoch, { lease, ...stated }, signature)
    await chain.sender.submit({ purpose: 'refute downtime', to: court.id.court, data, parts: [name] })
    log.info('a voucher strikes slots that were reported', { lease, epoch, slots })
    return true
  }

  async #vouchers(lease: Hex): Promise<VoucherRow[]> {
    const { journal } = this.#options
    const newest = await journal.get(vouchers.table, lease)
    const earlier = await journal.scan(acknowledged.table, acknowledgedPrefix(lease))
    const all = [...earlier.map(({ value }) => value), ...(newest === undefined ? [] : [newest])]
    return all.map((bytes) => vouchers.codec.decode(bytes))
  }
}
