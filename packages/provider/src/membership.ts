import { epochBlocks, epochOf, errorMessage, type Hex, NOBODY, termOf } from '@souk/protocol'
import { type ChainLink, type CourtLink, courtData } from '@souk/settlement'
import type { Log } from './log.ts'

export interface MembershipOptions {
  readonly chain: Pick<ChainLink, 'sender'>
  readonly court: CourtLink
  readonly log: Log
}

/** Whose stake a key watches for, and when it has a place. */
export interface Places {
  /** `null` where it has no stake, and so only answers probes. */
  readonly account: Hex | null
  /** The term of now, and those up to the one after next in which the key has a place. */
  readonly term: number
  readonly places: readonly number[]
}

/** Terms for which a place can be held: this, the next, and the one after it. */
const TERMS_AHEAD = 2
/** Parts of a term after each of which a renewal that failed is tried again. */
const RENEWAL_PARTS = 16

/** Keeps a key in the tables of watchers: an account enrolled it once, it takes each further place itself. */
export class Membership {
  readonly #options: MembershipOptions
  readonly #key: Hex
  /** First block at which the next place is looked after. */
  #renewBlock = 0
  #isRenewing = false

  constructor(options: MembershipOptions, key: Hex) {
    this.#options = options
    this.#key = key
  }

  /** Takes a place in the table of the term after next, once a term; never rejects. */
  async onHead(head: number): Promise<void> {
    if (head < this.#renewBlock || this.#isRenewing) return
    const { court, log } = this.#options
    const termBlocks = court.rules.termEpochs * epochBlocks(court.rules)
    this.#isRenewing = true
    try {
      await this.#renew(termOf(court.rules, epochOf(court.rules, head)))
      this.#renewBlock = head - (head % termBlocks) + termBlocks
    } catch (error) {
      log.warn('the place in the next table was not taken', { error: errorMessage(error) })
      this.#renewBlock = head + Math.ceil(termBlocks / RENEWAL_PARTS)
    } finally {
      this.#isRenewing = false
    }
  }

  /** Tells by the chain of now when the key has a place, as seen from block `head`. */
  async places(head: number): Promise<Places> {
    const { reader, rules } = this.#options.court
    const term = termOf(rules, epochOf(rules, head))
    const terms = Array.from({ length: TERMS_AHEAD + 1 }, (_, i) => term + i)
    const [{ account }, ...tables] = await Promise.all([
      reader.watcher(this.#key),
      ...terms.map((each) => reader.table(each)),
    ])
    const places = terms.filter((_, i) => tables[i]?.includes(this.#key))
    return { account: account === NOBODY ? null : account, term, places }
  }

  async #renew(term: number): Promise<void> {
    const { court, chain, log } = this.#options
    const key = this.#key
    const { account, lastTerm } = await court.reader.watcher(key)
    const isFirst = this.#renewBlock === 0
    if (account === NOBODY) {
      if (isFirst) log.info('this process does not watch: its key has no stake', { key })
      return
    }
    if (isFirst) log.info('this process watches', { key, account, lastTerm })
    if (lastTerm >= term + TERMS_AHEAD) return
    const data = courtData.enrol(key)
    const request = { id: `enrol/${court.id.court}/${term}`, purpose: 'watch in the term after next' }
    await chain.sender.submit({ ...request, to: court.id.court, data })
    log.info('watching goes on', { term: term + TERMS_AHEAD })
  }
}
