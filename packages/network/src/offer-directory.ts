import { type Codec, codec, demand, LIMITS, type Offer } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { z } from 'zod'
import { BOUNDS } from './bounds.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { handleStreams } from './inbound-streams.ts'
import { prefixAll, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { classesOf, OFFER_CLASSES } from './offer-topics.ts'
import { openStream } from './open-stream.ts'
import type { PeerTarget } from './peer-target.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** Name of the protocol in protocol ids (PROTOCOL §5). */
export const DIRECTORY_PROTOCOL = 'directory'

const REQUEST_BYTES = 2_048

/** Which offers a newcomer wants to know. */
export const directoryFilter = z.strictObject({
  classes: z.array(z.enum(OFFER_CLASSES)).min(1).max(OFFER_CLASSES.length),
  /** Only offers that could serve this; null for all. */
  demand: demand.nullable(),
})
export type DirectoryFilter = z.output<typeof directoryFilter>

const directoryRequest = z.strictObject({
  v: z.literal(1),
  filter: directoryFilter,
  limit: z.int().min(1).max(LIMITS.directoryOffers),
})
const requestCodec: Codec<z.output<typeof directoryRequest>> = codec(
  'directory request',
  directoryRequest,
  REQUEST_BYTES,
)

/** Tells whether a newcomer asked for this offer: coarse, for it matches again with what it knows itself. */
export function isWanted(offer: Offer, { classes, demand }: DirectoryFilter): boolean {
  if (!classesOf(offer).some((name) => classes.includes(name))) return false
  if (demand === null) return true
  const { free, runtimes } = offer
  const { millicores, memoryBytes, diskBytes, gpu } = demand.resources
  return (
    free.millicores >= millicores &&
    free.memoryBytes >= memoryBytes &&
    free.diskBytes >= diskBytes &&
    runtimes.some(({ name }) => name === demand.runtime) &&
    (gpu === null || free.gpus.filter((one) => one.family === gpu.family).length >= gpu.count)
  )
}

/** Gives sealed offers that match a filter to whoever asks, within `LIMITS.directoryOffers`. */
export function serveDirectory(
  node: SoukNode,
  snapshot: (filter: DirectoryFilter, limit: number) => Uint8Array[],
): Promise<() => Promise<void>> {
  return handleStreams(node, DIRECTORY_PROTOCOL, BOUNDS.requestStreamsPerPeer, async (stream) => {
    const deadline = startDeadline(BOUNDS.requestMs)
    deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason))
    try {
      const { value } = await pipe(readStream(stream), splitMessages(REQUEST_BYTES)).next()
      const { filter, limit } = requestCodec.decode(value ?? new Uint8Array())
      await pipe(snapshot(filter, limit).slice(0, limit), prefixAll, (source) => writeStream(stream, source))
      await closeStream(stream)
    } finally {
      deadline.clear()
    }
  })
}

/**
 * Asks one peer for the sealed offers it knows, unchecked, and hands out each as it comes until `take` says no.
 *
 * Reads at most `limit` of them. Throws `NetworkError` as {@link openStream}, and `TOO_LARGE`, `MALFORMED`,
 * `STREAM_CLOSED`.
 */
export async function askDirectory(
  node: SoukNode,
  target: PeerTarget,
  request: { filter: DirectoryFilter; limit: number; signal?: AbortSignal },
  take: (sealed: Uint8Array) => Promise<boolean>,
): Promise<void> {
  const { filter, limit, signal } = request
  const deadline = startDeadline(BOUNDS.requestMs, signal)
  try {
    const stream = await openStream(node, target, DIRECTORY_PROTOCOL, deadline.signal)
    deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason))
    try {
      const answers = readStream(stream)
      await pipe([requestCodec.encode({ v: 1, filter, limit })], prefixAll, (source) =>
        writeStream(stream, source),
      )
      await pipe(answers, splitMessages(LIMITS.offerBytes), (source) => takeUpTo(source, limit, take))
      await closeStream(stream)
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  } finally {
    deadline.clear()
  }
}

async function takeUpTo(
  offers: AsyncIterable<Uint8Array>,
  limit: number,
  take: (sealed: Uint8Array) => Promise<boolean>,
): Promise<void> {
  let left = limit
  for await (const sealed of offers) {
    left -= 1
    if (!(await take(sealed)) || left === 0) return
  }
}
