/**
 * Every bound of the wire protocol, with its unit and the failure it stops (docs/LIMITS.md).
 *
 * Relations between bounds are asserted by `limits.test.ts`.
 */

const KIB = 1024
const MIB = 1024 * KIB

export const LIMITS = {
  /** Bytes of one signed offer, envelope included: gossip repeats it to every peer of a bucket. */
  offerBytes: 2 * KIB,
  /** Bytes of one frame on a lease channel: what a slow peer can make us buffer per read. */
  frameBytes: 256 * KIB,
  /** Bytes of one block: the unit of transfer, verification and resumption. */
  blockBytes: 1 * MIB,
  /** Bytes of content carried inside a frame instead of by the block exchange, per attempt or result. */
  inlineBytes: 32 * KIB,
  /** Blocks asked for in one block request: bounds the answering side's work per message. */
  blocksPerRequest: 64,
  /** Bytes of one encoded task or output object. */
  objectBytes: 64 * KIB,
  /** Bytes of one input or output file: 4,096 leaves, so that its link node fits in a block. */
  fileBytes: 4096 * MIB,
  /** Arguments plus environment entries of one task. */
  taskStrings: 256,
  /** Characters of one argument, path or environment entry. */
  stringLength: 4096,
  /** Input or output files of one task. */
  taskFiles: 256,
  /** Leaves of one signed result batch: a Merkle path is then at most 10 hashes in the court. */
  batchLeaves: 1024,
  /** Attempts in one `run` frame. */
  runAttempts: 64,
  /** Attempts in flight on one lease, whatever credit the provider grants. */
  credit: 64,
  /** Durable frames waiting for an acknowledgement; a peer that never acknowledges stops us here. */
  outboxFrames: 1024,
  /** Other peers of a job that a provider is told of: each is one that it may dial, and must serve. */
  sources: 16,
  /** Secrets of one job: each is a file in the memory of every provider that works for it. */
  secrets: 32,
  /** Bytes of a job's secrets together: they cross in one frame, and stay in memory for a lease. */
  secretsBytes: 64 * KIB,
  /** Characters of a secret's name, which is a file's. */
  secretName: 64,
  /** Addresses in one offer. */
  offerAddresses: 8,
  /** GPUs in one offer. */
  offerGpus: 16,
  /** Models of GPU in one offer: what is measured is told for each, and an offer is small. */
  offerGpuClasses: 4,
  /** Offers in one directory answer. */
  directoryOffers: 256,
  /** Milliseconds a peer may take for one negotiation step before its candidate is dropped. */
  negotiationMs: 5_000,
  /** Milliseconds for one block request to make progress. */
  blockMs: 15_000,
  /** Lifetime in seconds of a quote between `accept` and its opening on chain (PROTOCOL §10). */
  openBeforeSeconds: 300,
  /** Lifetime in seconds of one lease; longer work renews by a successor (PROTOCOL §6). */
  leaseSeconds: 3_600,
  /** Seconds ahead for which capacity can be reserved: the bond of its provider is locked for as long. */
  reserveAheadSeconds: 86_400,
  /** Seconds of one reservation, in which several leases may use it. */
  reserveSeconds: 21_600,
  /** Seconds after its begin at which a reservation that nobody used is let go. */
  claimSeconds: 600,
  /** Milliseconds between beats on a lease channel. */
  beatMs: 500,
} as const
