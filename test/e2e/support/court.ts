import { votes } from '@souk/engine'
import {
  addressOf,
  downtimeSubject,
  epochOf,
  epochStart,
  type Hex,
  observationValue,
  type Quote,
  seatHolders,
  signCourtStruct,
} from '@souk/protocol'
import type { CourtStatus } from '@souk/requester'
import {
  type CourtEvent,
  type CourtLink,
  courtData,
  type EscrowEvent,
  escrowData,
  openCourtLink,
  readEscrowEvents,
  startTransactionSender,
  type TransactionSender,
} from '@souk/settlement'
import { createMemoryJournal } from '@souk/storage'
import { openJournalReadOnly } from '@souk/storage/node'
import { delegateKey } from './buyer.ts'
import type { Stage } from './stage.ts'
import { until } from './until.ts'

const POLL_MS = 25
const READ_MS = 10_000

/** The court of a stage, as somebody sees it who has no part in anything. */
export class Courtroom {
  readonly stage: Stage
  readonly link: CourtLink

  private constructor(stage: Stage, link: CourtLink) {
    this.stage = stage
    this.link = link
  }

  static async open(stage: Stage): Promise<Courtroom> {
    const { rpc, config } = stage.market
    const link = await openCourtLink({ rpc, escrow: config.escrow, reader: stage.reader })
    if (link === null) throw new Error('the market has a court')
    return new Courtroom(stage, link)
  }

  async head(): Promise<number> {
    return Number(await this.stage.market.rpc.request('eth_blockNumber', []))
  }

  async epoch(): Promise<number> {
    return epochOf(this.link.rules, await this.head())
  }

  /** Mines what is left of an epoch, if anything. */
  async endEpoch(epoch: number): Promise<void> {
    const left = epochStart(this.link.rules, epoch + 1) - (await this.head())
    if (left > 0) await this.stage.market.chain.mine(left)
  }

  /** Waits until so many blocks have come by themselves. */
  async blocksPass(count: number): Promise<void> {
    const end = (await this.head()) + count
    await until(`${count} blocks have come`, async () => (await this.head()) >= end)
  }

  /** What the agent has before the court. */
  status(): Promise<CourtStatus> {
    return this.stage.ask('agent', 'court')
  }

  /** All that the court said, in order. */
  async events(): Promise<CourtEvent[]> {
    const placed = await this.link.events(this.stage.market.config.deployedAt, await this.head())
    return placed.map(({ event }) => event)
  }

  async eventsOf<K extends CourtEvent['kind']>(kind: K): Promise<Extract<CourtEvent, { kind: K }>[]> {
    const all = await this.events()
    return all.filter((event): event is Extract<CourtEvent, { kind: K }> => event.kind === kind)
  }

  /** What the escrow gave out when it closed a lease. */
  async closing(lease: Hex): Promise<Extract<EscrowEvent, { kind: 'closed' }>> {
    const { rpc, config } = this.stage.market
    const range = { fromBlock: config.deployedAt, toBlock: await this.head() }
    const events = await readEscrowEvents(rpc, config.escrow, range, AbortSignal.timeout(READ_MS))
    for (const { event } of events) if (event.kind === 'closed' && event.lease === lease) return event
    throw new Error(`${lease} is not closed`)
  }

  async quoteOf(lease: Hex): Promise<Quote> {
    const quote = await this.link.quoteOf(lease)
    if (quote === undefined) throw new Error(`${lease} was never opened`)
    return quote
  }

  /** Keys of everyone who has a stake. */
  async watcherKeys(): Promise<Map<Hex, Uint8Array>> {
    const { parties, watchers, requester } = this.stage.market
    const staked = [...parties.filter((one) => one !== requester), ...watchers]
    const keys = await Promise.all(staked.map(delegateKey))
    return new Map(keys.map((key) => [addressOf(key), key]))
  }

  /** Signs for the whole committee that a provider was down in `slots` of an epoch, and reports it. */
  async accuseFalsely(quote: Quote, epoch: number, slots: number): Promise<void> {
    const { link } = this
    const draw = await link.drawOfEpoch(epoch)
    if (draw === null) throw new Error('the epoch has begun')
    const subject = downtimeSubject(quote.resultSigner, epoch)
    const value = observationValue({ seen: slots, up: 0 })
    const keys = await this.watcherKeys()
    const seats = seatHolders(link.rules, draw.table, draw.seed, subject).flatMap((holder, seat) => {
      const key = keys.get(holder)
      if (key === undefined) return []
      const signature = signCourtStruct(key, link.id, 'Vote', { subject, value })
      return [{ seat, maps: Number(value), signature }]
    })
    const data = courtData.reportDowntime(quote, epoch, seats)
    await this.send('report what is not true', data)
  }

  /** Sends a call to the court from an account that has no part in anything. */
  async send(purpose: string, data: Hex): Promise<void> {
    await this.withBystander(async (sender) => {
      const { id } = await sender.submit({ purpose, to: this.link.id.court, data })
      await sender.wait(id)
    })
  }

  /** Redeems a voucher for whoever it pays; anyone may. */
  async redeem(redemption: Parameters<typeof escrowData.redeem>[0]): Promise<void> {
    await this.withBystander(async (sender) => {
      const to = this.stage.market.config.escrow
      const { id } = await sender.submit({ purpose: 'redeem', to, data: escrowData.redeem(redemption) })
      await sender.wait(id)
    })
  }

  /** Sends as a rich account of the chain; the first owns the development token. */
  async withBystander<T>(work: (sender: TransactionSender) => Promise<T>, which = 1): Promise<T> {
    const { rpc, chain } = this.stage.market
    const key = chain.richKeys[which]
    if (key === undefined) throw new Error('a development chain has several rich accounts')
    const sender = await startTransactionSender({ journal: createMemoryJournal(), key, rpc, pollMs: POLL_MS })
    try {
      return await work(sender)
    } finally {
      await sender.stop()
    }
  }

  /** What a provider process has signed as watcher and juror, from its journal: it must have ended. */
  async signedBy(name: string): Promise<Map<string, string>> {
    const journal = await openJournalReadOnly(this.stage.folder(name))
    try {
      const rows = await journal.scan(votes.table)
      return new Map(rows.map(({ key, value }) => [key, votes.codec.decode(value).value]))
    } finally {
      await journal.close()
    }
  }
}
