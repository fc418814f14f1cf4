import {
  advanceVoteStock,
  type DoubleVote,
  doubleVotePrefix,
  doubleVotes,
  newVoteStock,
  ProgramLoop,
  type SignedVote,
  type VoteStockEffect,
  type VoteStockEvent,
} from '@souk/engine'
import { NOBODY } from '@souk/protocol'
import { COURT_GAS, courtData, SLASH_SHARE } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import { type DisputeServices, sendToCourt } from './court-services.ts'

export interface DoubleVoteServices extends Pick<DisputeServices, 'court' | 'chain' | 'onProblem'> {
  readonly journal: Journal
  /** The journal cannot be written: the process must stop. */
  fatal(error: unknown): void
}

/** Compares the votes that this process comes to see, and takes the stake of who signed two for one subject. */
export class DoubleVoteDesk {
  readonly #services: DoubleVoteServices
  readonly #loop: ProgramLoop<VoteStockEvent, VoteStockEffect>
  /** Proofs that are under way, by row. */
  readonly #proving = new Set<string>()

  private constructor(services: DoubleVoteServices, rows: Iterable<readonly [string, DoubleVote]>) {
    const { court, fatal } = services
    const stock = newVoteStock(rows)
    this.#services = services
    this.#loop = new ProgramLoop({
      advance: (event) => advanceVoteStock(court.id, stock, event),
      perform: (effect) => this.#perform(effect),
      // The program counts in blocks.
      clock: () => 0,
      fail: fatal,
    })
  }

  /** Goes on with what an earlier run found. */
  static async open(services: DoubleVoteServices): Promise<DoubleVoteDesk> {
    const rows = await services.journal.scan(doubleVotes.table, doubleVotePrefix(services.court.id))
    return new DoubleVoteDesk(
      services,
      rows.map(({ key, value }) => [key, doubleVotes.codec.decode(value)]),
    )
  }

  /** Takes in votes that were given, whoever they came from. */
  note(votes: readonly SignedVote[]): Promise<void> {
    return votes.length === 0 ? Promise.resolve() : this.#loop.post({ type: 'votes', votes })
  }

  /** Takes a new block: what was not worth its gas, or failed, is looked at again. */
  onHead(block: number): Promise<void> {
    return this.#loop.post({ type: 'head', block })
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  #perform(effect: VoteStockEffect): Promise<void> | void {
    if (effect.do === 'persist') return this.#services.journal.commit(effect.writes, effect.durability)
    if (this.#proving.has(effect.row)) return
    this.#proving.add(effect.row)
    this.#prove(effect)
      .catch((error) => this.#services.onProblem('a watcher that signed twice was not reported', error))
      .finally(() => this.#proving.delete(effect.row))
  }

  async #prove({ row, vote }: Extract<VoteStockEffect, { do: 'prove' }>): Promise<void> {
    const { court } = this.#services
    if (await this.#isGone(vote)) return this.#loop.post({ type: 'gone', row })
    if (!(await court.isWorth(court.rules.stake / SLASH_SHARE, COURT_GAS.slash))) return
    const { subject, key, first, second } = vote
    const call = {
      purpose: 'report a watcher that signed twice',
      part: `slash/${key}`,
      data: courtData.slash(subject, first, second),
    }
    const isMined = await sendToCourt(this.#services, call, 'mined')
    if (isMined && (await this.#isGone(vote))) await this.#loop.post({ type: 'gone', row })
  }

  /** Tells whether there is nothing to take: somebody was first, or its owner has left. */
  async #isGone({ key }: DoubleVote): Promise<boolean> {
    return (await this.#services.court.reader.watcher(key)).account === NOBODY
  }
}
