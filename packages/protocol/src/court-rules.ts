/** Slots of an epoch, one bit each in a downtime vote. The contract's `EPOCH_SLOTS`. */
export const EPOCH_SLOTS = 16
/** Most seats of a committee: a report lists a vote each, and gas is paid for each. */
export const MOST_SEATS = 15

/** What a court was deployed with: the contract's `Preset`, and the escrow's SETTLE. Spans are in blocks, amounts in base units of the token. */
export interface CourtRules {
  readonly slotBlocks: number
  readonly termEpochs: number
  /** Seats of a committee. */
  readonly seats: number
  /** Equal seats that decide. */
  readonly quorum: number
  /** A table with fewer watchers judges nothing. */
  readonly leastWatchers: number
  /** From the block whose hash draws the seats to the epoch; and from a challenge to such a block. */
  readonly lagBlocks: number
  /** After an epoch in which its downtime can be reported. */
  readonly reportBlocks: number
  /** After a challenge in which it can be resolved. */
  readonly verdictBlocks: number
  /** Of the escrow: from a lease's end to its finalizing. */
  readonly settleBlocks: number
  readonly stake: bigint
  readonly challengeDeposit: bigint
  readonly juryFee: bigint
  /** Beyond which a juror calls a task undecidable. */
  readonly fuel: bigint
}

/** The spans and numbers of a court, without what depends on the token and on the engines. */
export type CourtSpans = Omit<CourtRules, 'stake' | 'challengeDeposit' | 'juryFee' | 'fuel'>

/** What deployments use: `public` for blocks of 2 s, `dev` for blocks mined at will. */
export const COURT_PRESETS: Readonly<Record<'public' | 'dev', CourtSpans>> = {
  public: {
    slotBlocks: 112,
    termEpochs: 24,
    seats: 15,
    quorum: 11,
    leastWatchers: 22,
    lagBlocks: 30,
    reportBlocks: 5_400,
    verdictBlocks: 7_200,
    settleBlocks: 43_200,
  },
  dev: {
    slotBlocks: 1,
    // Not one: whoever is slashed must be out of every table whose verdicts are still wanted.
    termEpochs: 4,
    seats: 15,
    quorum: 8,
    leastWatchers: 3,
    lagBlocks: 1,
    reportBlocks: 16,
    verdictBlocks: 64,
    settleBlocks: 64,
  },
}
