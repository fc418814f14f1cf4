import { readFileSync } from 'node:fs'
import {
  addressOf,
  type CourtRules,
  downtimeSubject,
  EPOCH_SLOTS,
  epochOf,
  epochStart,
  type Hex,
  observationValue,
  type Quote,
  reportDeadline,
  seatHolders,
  signCourtStruct,
  slotCount,
  slotsInside,
  type Voucher,
} from '@souk/protocol'
import {
  type CourtLink,
  courtData,
  type EscrowEvent,
  type LeaseOnChain,
  openCourtLink,
  readEscrowEvents,
  startTransactionSender,
  type TransactionSender,
} from '@souk/settlement'
import { readKeystore } from '@souk/settlement/node'
import { createMemoryJournal } from '@souk/storage'
import type { Party } from '../local-market/accounts.ts'
import type { MarketHands } from './hands.ts'
import { failed, until } from './until.ts'

const POLL_MS = 25
const READ_MS = 10_000
/** Which of the chain's rich accounts sends what nobody of the market would. */
const BYSTANDER = 1

/** Returns the key of a party's delegate. */
export async function delegateKey({ keystore, passwordFile }: Party): Promise<Uint8Array> {
  return (await readKeystore(keystore, readFileSync(passwordFile, 'utf8').trim())).key
}

/** Slots of one epoch. */
export interface Served {
  readonly epoch: number
  readonly slots: number
}

/** Returns the court of a market. */
export async function courtOf({ market, reader }: MarketHands): Promise<CourtLink> {
  const link = await openCourtLink({ rpc: market.rpc, escrow: market.config.escrow, reader })
  if (link === null) throw failed('the market has no court')
  return link
}

/** The court of a market, for those who lie before it: here are all watchers' keys. */
export class Courtroom {
  readonly link: CourtLink
  readonly #hands: MarketHands

  constructor(hands: MarketHands, link: CourtLink) {
    this.#hands = hands
    this.link = link
  }

  get rules(): CourtRules {
    return this.link.rules
  }

  async head(): Promise<number> {
    return Number(await this.#hands.market.rpc.request('eth_blockNumber', []))
  }

  /** Mines what is left of an epoch, if anything. */
  async endEpoch(epoch: number): Promise<void> {
    const left = epochStart(this.rules, epoch + 1) - (await this.head())
    if (left > 0) await this.#hands.market.chain.mine(left)
  }

  /** Waits until so many blocks have come by themselves. */
  async blocksPass(count: number): Promise<void> {
    const end = (await this.head()) + count
    await until(`${count} blocks have come`, async () => (await this.head()) >= end)
  }

  epochsBetween(from: number, to: number): number[] {
    const first = epochOf(this.rules, from)
    return Array.from({ length: epochOf(this.rules, to) - first + 1 }, (_, i) => first + i)
  }

  /** Returns the whole slots of the newest epoch within blocks [from, to); undefined for fewer than `least`. */
  slotsBetween(from: number, to: number, least: number): Served | undefined {
    const epoch = epochOf(this.rules, to)
    const begin = Math.max(from, epoch * EPOCH_SLOTS * this.rules.slotBlocks)
    const slots = to > begin ? slotsInside(this.rules, epoch, begin, to) : 0
    return slotCount(slots) >= least ? { epoch, slots } : undefined
  }

  /** Waits until an epoch was reported, or no longer can be. */
  async reportsAreIn(lease: Hex, epoch: number): Promise<void> {
    await until(`epoch ${epoch} is reported, or too old`, async () => {
      const { down } = await this.link.reader.downRecord(lease, epoch)
      return down !== 0 || (await this.head()) >= reportDeadline(this.rules, epoch)
    })
  }

  /** Counts the slots of these epochs that are down for a lease. */
  async downSlots(lease: Hex, epochs: readonly number[]): Promise<number> {
    const records = await Promise.all(epochs.map((epoch) => this.link.reader.downRecord(lease, epoch)))
    return records.reduce((sum, { down }) => sum + slotCount(down), 0)
  }

  async quoteOf(lease: Hex): Promise<Quote> {
    const quote = await this.link.quoteOf(lease)
    if (quote === undefined) throw failed(`${lease} was never opened`)
    return quote
  }

  leaseState(lease: Hex): Promise<LeaseOnChain> {
    return this.#hands.reader.leaseState(lease)
  }

  /** What the escrow gave out when it closed a lease. */
  async closing(lease: Hex | undefined): Promise<Extract<EscrowEvent, { kind: 'closed' }>> {
    const { rpc, config } = this.#hands.market
    const range = { fromBlock: config.deployedAt, toBlock: await this.head() }
    const events = await readEscrowEvents(rpc, config.escrow, range, AbortSignal.timeout(READ_MS))
    for (const { event } of events) if (event.kind === 'closed' && event.lease === lease) return event
    throw failed(`${lease} is not closed`)
  }

  /** Encodes a report by at most so many seats that a provider was down in `slots` of an epoch. */
  async accusation(quote: Quote, epoch: number, slots: number, mostSeats = this.rules.seats): Promise<Hex> {
    const { link, rules } = this
    const draw = await link.drawOfEpoch(epoch)
    if (draw === null) throw failed('nobody was drawn for the epoch')
    const subject = downtimeSubject(quote.resultSigner, epoch)
    const value = observationValue({ seen: slots, up: 0 })
    const keys = await this.watcherKeys()
    const seats = seatHolders(rules, draw.table, draw.seed, subject).flatMap((holder, seat) => {
      const key = keys.get(holder)
      if (key === undefined) return []
      const signature = signCourtStruct(key, link.id, 'Vote', { subject, value })
      return [{ seat, maps: Number(value), signature }]
    })
    return courtData.reportDowntime(quote, epoch, seats.slice(0, mostSeats))
  }

  /** Encodes the claim that a voucher acknowledges what was found down. */
  refutation(quote: Quote, epoch: number, voucher: Voucher, signature: Hex): Hex {
    return courtData.refuteDowntime(quote, epoch, voucher, signature)
  }

  /** Sends a call to the court, and tells whether it was refused. */
  async refuses(data: Hex): Promise<boolean> {
    try {
      await this.send('lie', data)
      return false
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'CONTRACT_REVERTED') return true
      throw error
    }
  }

  /** Sends a call to the court from an account that has no part in anything. */
  async send(purpose: string, data: Hex): Promise<void> {
    await this.withBystander(async (sender) => {
      const { id } = await sender.submit({ purpose, to: this.link.id.court, data })
      await sender.wait(id)
    })
  }

  /** Sends as a rich account of the chain; the first owns the development token. */
  async withBystander<T>(work: (sender: TransactionSender) => Promise<T>, which = BYSTANDER): Promise<T> {
    const { rpc, chain } = this.#hands.market
    const key = chain.richKeys[which]
    if (key === undefined) throw failed('the chain has too few rich accounts')
    const sender = await startTransactionSender({ journal: createMemoryJournal(), key, rpc, pollMs: POLL_MS })
    try {
      return await work(sender)
    } finally {
      await sender.stop()
    }
  }

  /** Keys of everyone who has a stake. */
  async watcherKeys(): Promise<Map<Hex, Uint8Array>> {
    const { parties, watchers, requester } = this.#hands.market
    const staked = [...parties.filter((one) => one !== requester), ...watchers]
    const keys = await Promise.all(staked.map(delegateKey))
    return new Map(keys.map((key) => [addressOf(key), key]))
  }
}
