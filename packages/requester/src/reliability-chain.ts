import { newcomer, observe } from '@souk/availability'
import { type HistoryRow, histories, partyKey, put, type Sighting, sightings, type Write } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { ChainSignal, Head } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { ProvenParty } from './gpu-proof-rows.ts'

/** Blocks after which a closing counts: none that deep is taken back. */
const SURE_BLOCKS = 64
/** Leases of others that are followed at the same time; the oldest goes first. */
const MOST_SIGHTINGS = 20_000
/** Provider processes whose history is kept; the one that changed longest ago goes first. */
const MOST_HISTORIES = 4_096

/** What the history has around it. */
export interface ChainHistoryServices {
  readonly journal: Pick<Journal, 'scan' | 'commit'>
  /** Our own account: its leases we saw ourselves. */
  readonly account: Hex
  readonly blockSeconds: number
  dateMs(): number
  /** Tells whether an account is known from leases of our own. */
  knows(account: Hex): boolean
  /** Leases followed, and processes kept; {@link MOST_SIGHTINGS} and {@link MOST_HISTORIES} unless told. */
  readonly bounds?: { readonly sightings: number; readonly histories: number }
}

type Told = Extract<ChainSignal, { kind: 'event' | 'removed' }>

/**
 * What the chain tells of leases that others had: verdicts of the court, whoever leased, and how long leases lasted that
 * accounts had which we know. Leases between strangers are counted and weigh nothing: gas is all that they cost.
 */
export class ChainHistory {
  readonly #services: ChainHistoryServices
  readonly #sightings = new Map<Hex, Sighting>()
  readonly #rows = new Map<string, HistoryRow>()

  constructor(services: ChainHistoryServices) {
    this.#services = services
  }

  /** Reads what earlier runs followed. */
  async load(): Promise<void> {
    const { journal } = this.#services
    for (const { key, value } of await journal.scan(sightings.table))
      this.#sightings.set(key as Hex, sightings.codec.decode(value))
    for (const { key, value } of await journal.scan(histories.table))
      this.#rows.set(key, histories.codec.decode(value))
  }

  /** Returns what is known of a provider process. */
  of(party: ProvenParty): HistoryRow | undefined {
    return this.#rows.get(partyKey(party))
  }

  /** Takes in what the escrow said, or what was taken back; the same twice counts once. */
  async onEvent({ kind, event, at }: Told): Promise<void> {
    if (!('lease' in event)) return
    if (event.kind === 'opened') return this.#opened(kind, event.lease, event.quote, at.block)
    const seen = this.#sightings.get(event.lease)
    if (seen === undefined) return
    if (event.kind === 'closed') seen.closedBlock = kind === 'event' ? at.block : null
    else if (event.kind === 'seized') seen.seized = kind === 'event'
    else if (event.kind === 'downAdjusted')
      setDown(seen, kind === 'event' ? event.downSlots : event.downSlots - Number(event.change), at.block)
    else return
    await this.#commit([put(sightings, event.lease, seen)])
  }

  /** Counts the leases whose closing is sure by now. */
  async onHead({ number }: Head): Promise<void> {
    const over = [...this.#sightings].filter(
      ([, { closedBlock }]) => closedBlock !== null && number >= closedBlock + SURE_BLOCKS,
    )
    const writes = over.flatMap(([lease, seen]) => this.#count(lease, seen, number))
    if (writes.length > 0) await this.#commit(writes)
  }

  async #opened(
    kind: Told['kind'],
    lease: Hex,
    { provider, resultSigner: subject, requester }: { provider: Hex; resultSigner: Hex; requester: Hex },
    openedBlock: number,
  ): Promise<void> {
    if (requester === this.#services.account) return
    if (kind === 'removed') return this.#commit(this.#forget(lease))
    const fresh = { provider, subject, requester, openedBlock }
    const seen: Sighting = { ...fresh, closedBlock: null, downSlots: 0, downBlock: null, seized: false }
    this.#sightings.set(lease, seen)
    const [oldest] = this.#sightings.keys()
    const isFull = this.#sightings.size > (this.#services.bounds?.sightings ?? MOST_SIGHTINGS)
    const gone = isFull && oldest !== undefined ? this.#forget(oldest) : []
    await this.#commit([...gone, put(sightings, lease, seen)])
  }

  #count(lease: Hex, seen: Sighting, head: number): Write[] {
    const { dateMs, blockSeconds, knows } = this.#services
    const { provider, subject, requester, openedBlock, downSlots, downBlock, seized } = seen
    const closedBlock = seen.closedBlock ?? head
    const key = partyKey({ account: provider, subject })
    const isKnown = knows(requester)
    const source = isKnown ? 'chain' : 'strangers'
    const atMs = Math.max(0, Math.round(dateMs() - (head - closedBlock) * blockSeconds * 1000))
    const ageMs = Math.max(0, closedBlock - openedBlock) * blockSeconds * 1000
    const row = this.#rows.get(key) ?? noHistory(atMs)
    const lived = { measure: 'availability', fromAgeMs: 0, untilAgeMs: ageMs, atMs } as const
    observe(row.record, { ...lived, ended: false, source })
    // What the court found is true whoever leased.
    const downMs = Math.max(0, (downBlock ?? closedBlock) - openedBlock) * blockSeconds * 1000
    const outage = { ...lived, fromAgeMs: downMs, untilAgeMs: downMs, ended: true, source: 'chain' } as const
    if (downSlots > 0) observe(row.record, outage)
    if (seized) observe(row.record, { measure: 'correctness', outcome: 'fault', source: 'chain', atMs })
    row[isKnown ? 'known' : 'strangers'] += 1
    row.down += downSlots > 0 ? 1 : 0
    row.seized += seized ? 1 : 0
    return [...this.#forget(lease), ...this.#keep(key, row)]
  }

  #keep(key: string, row: HistoryRow): Write[] {
    this.#rows.delete(key)
    this.#rows.set(key, row)
    const [oldest] = this.#rows.keys()
    const isFull = this.#rows.size > (this.#services.bounds?.histories ?? MOST_HISTORIES)
    if (!isFull || oldest === undefined) return [put(histories, key, row)]
    this.#rows.delete(oldest)
    return [put(histories, key, row), { table: histories.table, key: oldest, value: null }]
  }

  #forget(lease: Hex): Write[] {
    return this.#sightings.delete(lease) ? [{ table: sightings.table, key: lease, value: null }] : []
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) await this.#services.journal.commit(writes, 'committed')
  }
}

function setDown(seen: Sighting, slots: number, block: number): void {
  seen.downSlots = Math.max(0, slots)
  seen.downBlock = seen.downSlots === 0 ? null : (seen.downBlock ?? block)
}

function noHistory(atMs: number): HistoryRow {
  const { tallies, exposures } = newcomer(atMs)
  const record = { atMs, tallies, exposures: [...exposures] }
  return { record, known: 0, strangers: 0, down: 0, seized: 0 }
}
