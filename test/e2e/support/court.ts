import { votes } from '@souk/engine'
import { epochOf, type Quote } from '@souk/protocol'
import type { CourtStatus } from '@souk/requester'
import { type CourtEvent, type CourtLink, escrowData } from '@souk/settlement'
import { openJournalReadOnly } from '@souk/storage/node'
import { Courtroom as CourtroomOfHands, courtOf } from '../../../packages/cli/src/chaos/courtroom.ts'
import type { Stage } from './stage.ts'

/** The court of a stage, as somebody sees it who has no part in anything. */
export class Courtroom extends CourtroomOfHands {
  readonly stage: Stage

  private constructor(stage: Stage, link: CourtLink) {
    super(stage, link)
    this.stage = stage
  }

  static async open(stage: Stage): Promise<Courtroom> {
    return new Courtroom(stage, await courtOf(stage))
  }

  async epoch(): Promise<number> {
    return epochOf(this.link.rules, await this.head())
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

  /** Signs for the whole committee that a provider was down in `slots` of an epoch, and reports it. */
  async accuseFalsely(quote: Quote, epoch: number, slots: number): Promise<void> {
    const data = await this.accusation(quote, epoch, slots)
    await this.send('report what is not true', data)
  }

  /** Redeems a voucher for whoever it pays; anyone may. */
  async redeem(redemption: Parameters<typeof escrowData.redeem>[0]): Promise<void> {
    await this.withBystander(async (sender) => {
      const to = this.stage.market.config.escrow
      const { id } = await sender.submit({ purpose: 'redeem', to, data: escrowData.redeem(redemption) })
      await sender.wait(id)
    })
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
