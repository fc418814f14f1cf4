import {
  type CourtRules,
  disputeSubject,
  downtimeSubject,
  EPOCH_SLOTS,
  epochStart,
  type Hex,
  isCourtSigned,
  leaseOf,
  type Quote,
  reportDeadline,
  type SeatedVote,
  seatHolders,
  slotStart,
} from '@souk/protocol'
import type { ClaimedLease, DownRecord } from '../court-claim-state.ts'
import type { Lot } from '../watch-state.ts'
import { COURT } from './court-parties.ts'
import { NETWORK } from './parties.ts'

/** What the contract answers: the slots it found, or the error with which it reverts. */
export type Ruling = number | string

/** A slow copy of the court's rules, slot by slot and seat by seat, to hold programs against. */
export class ContractCopy {
  readonly rules: CourtRules
  readonly records = new Map<number, DownRecord>()

  constructor(rules: CourtRules) {
    this.rules = rules
  }

  /** Does what `reportDowntime` does in a block. */
  report(
    block: number,
    quote: Quote,
    lease: ClaimedLease,
    epoch: number,
    { table, seed }: Lot,
    votes: readonly SeatedVote[],
  ): Ruling {
    const { rules } = this
    if (lease.isClosed) return 'NotLive'
    if (block < epochStart(rules, epoch + 1)) return 'TooEarly'
    if (block >= reportDeadline(rules, epoch)) return 'TooLate'
    const subject = downtimeSubject(quote.resultSigner, epoch)
    const fault = this.#seatFault(subject, { table, seed }, votes)
    if (fault !== null) return fault
    const record = this.records.get(epoch) ?? { down: 0, refuted: 0 }
    let found = 0
    for (let slot = 0; slot < EPOCH_SLOTS; slot++) {
      const [from, to] = [slotStart(rules, epoch, slot), slotStart(rules, epoch, slot + 1)]
      const isInside = from >= lease.from && to <= lease.until
      const isKnown = bit(record.down | record.refuted, slot)
      const count = votes.filter(({ value }) => callsDown(value, slot)).length
      if (isInside && !isKnown && count >= rules.quorum) found += 2 ** slot
    }
    if (found === 0) return 'NothingNew'
    this.records.set(epoch, { ...record, down: record.down | found })
    return found
  }

  /** Does what `resolve` does in a block, for a challenge made in `challengedAt`; returns 0 for success. */
  resolve(
    block: number,
    challengedAt: number,
    call: { quote: Quote; task: Hex; output: Hex; verdict: Hex; votes: readonly SeatedVote[] },
    lot: Lot,
  ): Ruling {
    const { quote, task, output, verdict, votes } = call
    if (block >= challengedAt + this.rules.verdictBlocks) return 'TooLate'
    if (votes.length < this.rules.quorum) return 'TooFewBallots'
    if (votes.some(({ value }) => value !== verdict)) return 'NotSeated'
    return this.#seatFault(disputeSubject(leaseOf(NETWORK, quote), task, output), lot, votes) ?? 0
  }

  #seatFault(subject: Hex, { table, seed }: Lot, votes: readonly SeatedVote[]): string | null {
    if (table.length < this.rules.leastWatchers) return 'TableTooSmall'
    const holders = seatHolders(this.rules, table, seed, subject)
    let next = 0
    for (const { seat, value, signature } of votes) {
      if (seat < next || seat >= this.rules.seats) return 'BadSeat'
      next = seat + 1
      if (!isCourtSigned(COURT, 'Vote', { subject, value }, signature, holders[seat] ?? '0x'))
        return 'NotSeated'
    }
    return null
  }
}

/** Tells whether a vote is well formed and calls a slot down; throws for one that the contract refuses. */
function callsDown(value: Hex, slot: number): boolean {
  const word = BigInt(value)
  const [seen, up] = [Number(word >> 16n), Number(word & 0xffffn)]
  if (word >> 32n !== 0n || (up & ~seen) !== 0) throw new Error('BadMaps')
  return bit(seen, slot) && !bit(up, slot)
}

function bit(map: number, slot: number): boolean {
  return Math.floor(map / 2 ** slot) % 2 === 1
}
