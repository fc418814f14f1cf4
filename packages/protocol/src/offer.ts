import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { gpuClass } from './gpu-facts.ts'
import { LIMITS } from './limits.ts'
import { gpuFamily, offeredRuntime, resources } from './resources.ts'
import { address, count, signature, text, uint } from './schema.ts'

/** Unit prices in base units × 1e12, so that a second of a thousandth of a core is still an integer. */
export const prices = z.strictObject({
  /** Base units, charged once when a lease starts. */
  startFee: uint(96),
  coreSecondE12: uint(128),
  gibSecondE12: uint(128),
  gpuSecondE12: uint(128),
})
export type Prices = z.output<typeof prices>

/** The delegate's signature over `PeerBinding{peerId, account, expires}` (PROTOCOL §4). */
export const binding = z.strictObject({
  /** Unix seconds. */
  expires: count(2 ** 40 - 1),
  signature,
})
export type Binding = z.output<typeof binding>

/** Capacity that cannot be leased now, in sum, for who wants to know how full the market is. */
export const takenCapacity = z.strictObject({
  millicores: count(10_000_000),
  memoryBytes: count(),
  /** GPUs by model; the rest, where an offer has more models than this. */
  gpus: z
    .array(z.strictObject({ family: gpuFamily, model: text(96), count: count(LIMITS.offerGpus) }))
    .max(LIMITS.offerGpuClasses),
})
export type TakenCapacity = z.output<typeof takenCapacity>

/** A provider's signed, short-lived advertisement of free capacity and prices. The envelope names the peer. */
export const offer = z.strictObject({
  kind: z.literal('offer'),
  network: text(128),
  /** Rises with every announcement of this peer; milliseconds since the epoch at the announcement. */
  seq: count(),
  /** Unix seconds after which the offer is void. */
  expires: count(2 ** 40 - 1),
  account: address,
  /** The delegate's address: this provider process as the court knows it. */
  subject: address,
  binding,
  addresses: z.array(text(256)).max(LIMITS.offerAddresses),
  /** Capacity that is free now. */
  free: resources,
  /** Capacity that leases have; absent where the provider does not say. */
  leased: takenCapacity.optional(),
  /** Capacity that is kept for reservations; absent where the provider does not say. */
  reserved: takenCapacity.optional(),
  /** Measured single-core speed in SHA-256 MiB/s of the wasm benchmark. */
  coreMibPerSecond: count(1_000_000),
  prices,
  /** What is known of the models among the GPUs, each once. */
  gpuClasses: z.array(gpuClass).max(LIMITS.offerGpuClasses),
  /** Engines whose sandbox proved itself on this machine, each once. */
  runtimes: z.array(offeredRuntime).max(8),
  region: text(32).nullable(),
})
export type Offer = z.output<typeof offer>

/** Takes back an earlier offer at once. */
export const tombstone = z.strictObject({
  kind: z.literal('tombstone'),
  network: text(128),
  seq: count(),
})
export type Tombstone = z.output<typeof tombstone>

/** What an offer envelope carries. */
export const announcement = z.discriminatedUnion('kind', [offer, tombstone])
export type Announcement = Offer | Tombstone

export const announcementCodec: Codec<Announcement> = codec('offer', announcement, LIMITS.offerBytes)
