/** Every bound of this package, with its unit and the failure it stops (docs/LIMITS.md). */
export const CHAIN_LIMITS = {
  /** Milliseconds for one HTTP request to an endpoint, before the next endpoint is tried. */
  rpcTimeoutMs: 10_000,
  /** Calls in one HTTP request: public endpoints refuse larger batches. */
  rpcBatchCalls: 100,
  /** Calls waiting for an answer: a hanging endpoint stops us here instead of eating memory. */
  rpcPendingCalls: 10_000,
  /** Bytes of one answer: what a hostile endpoint can make us hold. */
  rpcAnswerBytes: 32 * 1024 * 1024,
  /** Milliseconds after which a failed endpoint that stands earlier in the list is tried again. */
  rpcReturnMs: 30_000,
  /** First and longest pause in milliseconds between attempts while no endpoint answers. */
  retryFirstMs: 200,
  retryLongestMs: 5_000,
  /** Milliseconds without an answer after which a chain counts as away: one bad answer is no outage. */
  awayMs: 3_000,
  /** Transactions submitted and not yet final, per key: nodes keep about 64 per sender in their pools. */
  pendingTransactions: 256,
  /** Receipts asked for in one step of tracking. */
  trackedPerStep: 64,
  /** Final transactions remembered, so that an id submitted again finds its first hash. */
  finalTransactions: 4_096,
  /** Blocks of one eth_getLogs request: the usual limit of public endpoints. */
  logRangeBlocks: 2_000,
  /** Blocks back from the head in which a process that was away looks for the court's events: what is older is decided. */
  courtEventBlocks: 8_000,
  /** Balances and delegates remembered by a ledger view. */
  ledgerViewEntries: 10_000,
  /** Bytes of one keystore or network file: real ones have less than two thousand. */
  fileBytes: 64 * 1024,
  /** scrypt memory in bytes (128·N·r) that a foreign keystore may ask for; ours takes 256 MiB. */
  scryptBytes: 512 * 1024 * 1024,
  /** scrypt work N·r·p that a foreign keystore may ask for: 4 times ours, some seconds. */
  scryptWork: 4 * 262_144 * 8,
  /** PBKDF2 rounds that a foreign keystore may ask for: some seconds. */
  pbkdf2Rounds: 10_000_000,
} as const
