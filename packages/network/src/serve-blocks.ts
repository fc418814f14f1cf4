import type { Stream } from '@libp2p/interface'
import { LIMITS } from '@souk/protocol'
import type { BlockStore } from '@souk/storage'
import { pipe } from 'it-pipe'
import {
  BLOCK_REQUEST_BYTES,
  BLOCKS_PROTOCOL,
  type BlockAnswer,
  blockRequestCodec,
} from './block-messages.ts'
import { encodeBlockAnswer } from './block-wire.ts'
import { BOUNDS } from './bounds.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { handleStreams } from './inbound-streams.ts'
import { prefixedParts, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** What a node gives to others. */
export interface ServedBlocks {
  readonly blocks: Pick<BlockStore, 'get'>
  /** Tells whether this peer may have this block: members of a lease it belongs to. */
  authorize(peerId: string, cid: string): boolean | Promise<boolean>
  /** Hears of every block that a peer was given. */
  gave?(peerId: string, cid: string, bytes: number): void
}

/**
 * Serves blocks to authorised peers, one request of at most `LIMITS.blocksPerRequest` addresses per stream.
 *
 * Returns the call that stops serving.
 */
export function serveBlocks(node: SoukNode, served: ServedBlocks): Promise<() => Promise<void>> {
  return handleStreams(node, BLOCKS_PROTOCOL, BOUNDS.requestStreamsPerPeer, (stream, peer) =>
    answerRequest(stream, peer, served),
  )
}

async function answerRequest(stream: Stream, peer: string, served: ServedBlocks): Promise<void> {
  const deadline = startDeadline(LIMITS.blockMs)
  deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason))
  try {
    await pipe(
      readStream(stream),
      splitMessages(BLOCK_REQUEST_BYTES),
      (requests) => answers(requests, peer, served, deadline.extend),
      (source) => writeStream(stream, source),
    )
    await closeStream(stream)
  } finally {
    deadline.clear()
  }
}

async function* answers(
  requests: AsyncIterable<Uint8Array>,
  peer: string,
  served: ServedBlocks,
  onProgress: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of requests) {
    for (const cid of blockRequestCodec.decode(bytes).blocks) {
      const found = await answer(cid, peer, served)
      yield* prefixedParts(encodeBlockAnswer(found))
      onProgress()
      if ('block' in found) served.gave?.(peer, cid, found.block.byteLength)
    }
    // One request a stream: whoever sends more than that is not read any further.
    return
  }
}

async function answer(cid: string, peer: string, served: ServedBlocks): Promise<BlockAnswer> {
  if (!(await served.authorize(peer, cid))) return { cid, refused: 'not-authorised' }
  const block = await served.blocks.get(cid)
  return block === undefined ? { cid, refused: 'missing' } : { cid, block }
}
