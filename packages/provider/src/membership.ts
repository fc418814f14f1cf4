import { type MembershipRow, memberships, put } from '@souk/engine'
import { epochBlocks, epochOf, errorMessage, type Hex, NOBODY, termOf } from '@souk/protocol'
import {
  type ChainLink,
  type CourtLink,
  courtData,
  type NetworkConfig,
  networkScope,
  type WatcherOnChain,
} from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { Log } from './log.ts'

export interface MembershipOptions {
  readonly config: NetworkConfig
  readonly chain: Pick<ChainLink, 'sender' | 'reader'>
  readonly court: CourtLink
  readonly journal: Journal
  /** The account that earns here: whose stake it would be. */
  readonly account: Hex
  readonly log: Log
}

/** Whose stake a key watches for, when it has a place, and whether it takes further ones. */
export interface Standing {
  /** `null` where it has no stake, and so only answers probes. */
  readonly account: Hex | null
  /** The term of now, and those up to the one after next in which the key has a place. */
  readonly term: number
  readonly places: readonly number[]
  /** Whether it takes its further places by itself. */
  readonly renews: boolean
  /** First block in which the stake can be taken back, if no further place is taken; `null` without stake. */
  readonly leaveBlock: number | null
  /** What stands in the way of watching, and what to do about it; `null` where nothing does. */
  readonly lacks: string | null
}

/** Terms for which a place can be held: this, the next, and the one after it. */
const TERMS_AHEAD = 2
/** Parts of a term after each of which is looked whether its place was really taken, until it was. */
const RENEWAL_PARTS = 16

/**
 * Keeps a key in the tables of watchers: an account enrolled it once, it takes each further place itself, in every run,
 * until its operator has it leave.
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #key: Hex
  #row: MembershipRow
  /** First block at which the next place is looked after. */
  #renewBlock = 0
  #isRenewing = false
  #saidFor: Hex | null | undefined

  private constructor(options: MembershipOptions, key: Hex, row: MembershipRow) {
    this.#options = options
    this.#key = key
    this.#row = row
  }

  /** Goes on as an earlier run was told. */
  static async open(options: MembershipOptions, key: Hex): Promise<Membership> {
    const bytes = await options.journal.get(memberships.table, rowKey(options, key))
    const row = bytes === undefined ? { renews: true, account: null } : memberships.codec.decode(bytes)
    return new Membership(options, key, row)
  }

  /** Takes further places, or no more; on disk when it resolves. */
  async renew(renews: boolean): Promise<void> {
    await this.#keep({ ...this.#row, renews }, 'synced')
    this.#renewBlock = 0
    this.#options.log.info(renews ? 'watching goes on from term to term' : 'no further place is taken', {
      key: this.#key,
    })
  }

  /** Takes a place in the table of the term after next, once a term; never rejects. */
  async onHead(head: number): Promise<void> {
    if (head < this.#renewBlock || this.#isRenewing) return
    const { court, log } = this.#options
    const termBlocks = court.rules.termEpochs * epochBlocks(court.rules)
    this.#isRenewing = true
    // Told otherwise meanwhile, it looks again at the next head.
    const { renews } = this.#row
    let nextBlock = head + Math.ceil(termBlocks / RENEWAL_PARTS)
    try {
      const isDone = await this.#look(termOf(court.rules, epochOf(court.rules, head)), head)
      if (isDone) nextBlock = head - (head % termBlocks) + termBlocks
    } catch (error) {
      log.warn('the place in the next table was not taken', { error: errorMessage(error) })
    } finally {
      this.#isRenewing = false
    }
    if (renews === this.#row.renews) this.#renewBlock = nextBlock
  }

  /** Tells by the chain of now where the key stands, as seen from block `head`. */
  async standing(head: number): Promise<Standing> {
    const { reader, rules } = this.#options.court
    const term = termOf(rules, epochOf(rules, head))
    const terms = Array.from({ length: TERMS_AHEAD + 1 }, (_, i) => term + i)
    const [watcher, ...tables] = await Promise.all([
      reader.watcher(this.#key),
      ...terms.map((each) => reader.table(each)),
    ])
    const isStaked = watcher.account !== NOBODY
    return {
      account: isStaked ? watcher.account : null,
      term,
      places: terms.filter((_, i) => tables[i]?.includes(this.#key)),
      renews: this.#row.renews,
      leaveBlock: isStaked ? watcher.leaveBlock : null,
      lacks: isStaked ? null : await this.#lacks(),
    }
  }

  /** Tells whether nothing is left to do in this term. */
  async #look(term: number, head: number): Promise<boolean> {
    const watcher = await this.#options.court.reader.watcher(this.#key)
    await this.#note(watcher)
    if (watcher.account === NOBODY || !this.#row.renews) return true
    if (watcher.lastTerm >= term + TERMS_AHEAD) return true
    await this.#enrol(term, head)
    return false
  }

  /** Says whose stake it is, where that has changed; one that is gone was slashed, or taken back. */
  async #note({ account, lastTerm }: WatcherOnChain): Promise<void> {
    const { log } = this.#options
    const key = this.#key
    const owner = account === NOBODY ? null : account
    if (owner === this.#saidFor) return
    this.#saidFor = owner
    if (owner !== null) log.info('this process watches', { key, account: owner, lastTerm })
    else log.warn('this process does not watch', { key, why: await this.#lacks() })
    if (owner !== this.#row.account) await this.#keep({ ...this.#row, account: owner }, 'committed')
  }

  /** Says why there is no stake, and what to do. */
  async #lacks(): Promise<string> {
    const { court, chain, account } = this.#options
    const { stake } = court.rules
    const key = this.#key
    if (this.#row.account !== null)
      return `the stake that ${this.#row.account} had put up for ${key} is gone: it was slashed, or taken back`
    const held = await chain.reader.tokenBalance(account)
    const how = `souk-provider consent --for ${account}, then souk wallet watch ${key} --consent …`
    if (held >= stake) return `${key} has no stake; put ${stake} base units up for it: ${how}`
    return `the stake is too small: ${account} has ${held} of the ${stake} base units that ${key} needs; send it tokens, then: ${how}`
  }

  async #enrol(term: number, head: number): Promise<void> {
    const { court, chain, log } = this.#options
    const part = `enrol/${court.id.court}/${this.#key}/${term}`
    // Under way, also since an earlier run; what was mined and took no place is sent again.
    if (chain.sender.carried(head).has(part)) return
    const request = { purpose: 'watch in the term after next', parts: [part] }
    await chain.sender.submit({ ...request, to: court.id.court, data: courtData.enrol(this.#key) })
    log.info('watching goes on', { term: term + TERMS_AHEAD })
  }

  async #keep(row: MembershipRow, durability: 'synced' | 'committed'): Promise<void> {
    this.#row = row
    const write = put(memberships, rowKey(this.#options, this.#key), row)
    await this.#options.journal.commit([write], durability)
  }
}

/** Keys name the chain: a journal may have seen another one. */
function rowKey({ config }: MembershipOptions, key: Hex): string {
  return `${networkScope(config)}/${key}`
}
