import { type IndexedOffer, indexedOffer, type OfferEntry } from './offer-entry.ts'
import { createPriceLists } from './price-lists.ts'

/** Bounds of an index: what fake offers can displace. */
export interface OfferIndexBounds {
  /** Offers in all. */
  readonly total: number
  /** Offers of one account. */
  readonly perAccount: number
  /** Offers from one known address range. */
  readonly perAddressRange: number
}

/** Entries by peer with their counts per account and address range, in order of arrival. */
export class BoundedEntries {
  readonly #bounds: OfferIndexBounds
  readonly #byPeer = new Map<string, IndexedOffer>()
  readonly #byAccount = new Map<string, Set<string>>()
  readonly #byRange = new Map<string, Set<string>>()
  readonly #unbonded = new Set<string>()
  readonly #priceLists = createPriceLists()
  #list: readonly IndexedOffer[] | undefined

  constructor(bounds: OfferIndexBounds) {
    this.#bounds = bounds
  }

  get size(): number {
    return this.#byPeer.size
  }

  get(peerId: string): IndexedOffer | undefined {
    return this.#byPeer.get(peerId)
  }

  /** Returns all entries; the same list until something changes, because matching asks often. */
  all(): readonly IndexedOffer[] {
    this.#list ??= [...this.#byPeer.values()]
    return this.#list
  }

  /** Adds an entry of a peer that has none, evicting unbonded ones where a bound is met; false without room. */
  add(entry: OfferEntry): boolean {
    const victims = this.#victims(entry)
    if (victims === undefined) return false
    for (const peerId of victims) this.delete(peerId)
    this.#byPeer.set(entry.peerId, indexedOffer(entry, this.#priceLists.acquire(entry.offer.prices)))
    join(this.#byAccount, entry.offer.account, entry.peerId)
    if (entry.addressRange !== null) join(this.#byRange, entry.addressRange, entry.peerId)
    if (!entry.bonded) this.#unbonded.add(entry.peerId)
    this.#list = undefined
    return true
  }

  /** Replaces a known peer's entry by one with the same offer and range, in its place. */
  replace(entry: IndexedOffer): void {
    this.#byPeer.set(entry.peerId, entry)
    if (entry.bonded) this.#unbonded.delete(entry.peerId)
    else this.#unbonded.add(entry.peerId)
    this.#list = undefined
  }

  delete(peerId: string): void {
    const entry = this.#byPeer.get(peerId)
    if (entry === undefined) return
    this.#byPeer.delete(peerId)
    this.#unbonded.delete(peerId)
    this.#priceLists.release(entry.priceList)
    leave(this.#byAccount, entry.offer.account, peerId)
    if (entry.addressRange !== null) leave(this.#byRange, entry.addressRange, peerId)
    this.#list = undefined
  }

  /** Returns whom to evict so that `entry` keeps every bound; undefined where only bonded ones could go. */
  #victims(entry: OfferEntry): Set<string> | undefined {
    const range = entry.addressRange === null ? undefined : this.#byRange.get(entry.addressRange)
    const account = this.#byAccount.get(entry.offer.account)
    const victims = new Set<string>()
    const groups: [ReadonlySet<string> | undefined, number][] = [
      [account, this.#bounds.perAccount],
      [range, this.#bounds.perAddressRange],
    ]
    for (const [group, max] of groups) {
      if (group === undefined || group.size - countIn(group, victims) < max) continue
      const victim = this.#oldestUnbonded(group)
      if (victim === undefined) return undefined
      victims.add(victim)
    }
    if (this.size - victims.size < this.#bounds.total) return victims
    const [victim] = this.#unbonded
    return victim === undefined ? undefined : victims.add(victim)
  }

  #oldestUnbonded(group: ReadonlySet<string>): string | undefined {
    for (const peerId of group) if (this.#unbonded.has(peerId)) return peerId
    return undefined
  }
}

function countIn(group: ReadonlySet<string>, chosen: ReadonlySet<string>): number {
  let count = 0
  for (const peerId of chosen) if (group.has(peerId)) count++
  return count
}

function join(groups: Map<string, Set<string>>, name: string, peerId: string): void {
  const group = groups.get(name) ?? new Set()
  groups.set(name, group.add(peerId))
}

function leave(groups: Map<string, Set<string>>, name: string, peerId: string): void {
  const group = groups.get(name)
  group?.delete(peerId)
  if (group?.size === 0) groups.delete(name)
}
