import type { Stream } from '@libp2p/interface'
import { errorMessage, LIMITS, requireContent, SoukError, WireError } from '@souk/protocol'
import { pipe } from 'it-pipe'
import {
  BLOCK_ANSWER_BYTES,
  BLOCKS_PROTOCOL,
  type BlockAnswer,
  blockAnswerCodec,
  blockRequestCodec,
} from './block-messages.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { prefixAll, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** Takes a block that was asked for and verified. */
export type OnBlock = (cid: string, block: Uint8Array) => void | Promise<void>

/**
 * Fetches blocks of one peer in one request and hands out each as it comes, verified against its address.
 *
 * `cids` holds 1 to `LIMITS.blocksPerRequest` addresses. Throws {@link NetworkError} `BLOCK_MISSING`,
 * `NOT_AUTHORISED`, `WRONG_CONTENT`, `MALFORMED`, `TOO_LARGE`, `TIMEOUT` after `LIMITS.blockMs` without a whole
 * block, `STREAM_CLOSED`, `ABORTED` and those of opening a stream. What `onBlock` throws passes through.
 */
export async function fetchBlocks(
  node: SoukNode,
  target: PeerTarget,
  cids: readonly string[],
  onBlock: OnBlock,
  signal?: AbortSignal,
): Promise<void> {
  const peer = targetPeerId(target)
  const deadline = startDeadline(LIMITS.blockMs, signal)
  let stream: Stream | undefined
  try {
    stream = await openStream(node, target, BLOCKS_PROTOCOL, deadline.signal)
    const opened = stream
    deadline.signal.addEventListener('abort', () => opened.abort(deadline.signal.reason))
    if (deadline.signal.aborted) throw deadline.signal.reason
    await exchange(opened, cids, async (cid, block) => {
      deadline.extend()
      await onBlock(cid, block)
    })
    await closeStream(opened)
  } catch (error) {
    const typed = blockError(deadline.signal.aborted ? deadline.signal.reason : error, peer)
    stream?.abort(typed)
    throw typed
  } finally {
    deadline.clear()
  }
}

async function exchange(stream: Stream, cids: readonly string[], onBlock: OnBlock): Promise<void> {
  const answers = readStream(stream)
  await pipe([blockRequestCodec.encode({ v: 1, blocks: [...cids] })], prefixAll, (source) =>
    writeStream(stream, source),
  )
  await pipe(answers, splitMessages(BLOCK_ANSWER_BYTES), decodeAnswers, (source) =>
    takeAnswers(source, cids, onBlock),
  )
}

async function* decodeAnswers(source: AsyncIterable<Uint8Array>): AsyncGenerator<BlockAnswer> {
  for await (const bytes of source) yield blockAnswerCodec.decode(bytes)
}

/** Takes exactly the answers asked for, in order. */
async function takeAnswers(
  answers: AsyncIterable<BlockAnswer>,
  cids: readonly string[],
  onBlock: OnBlock,
): Promise<void> {
  let next = 0
  for await (const answer of answers) {
    const cid = cids[next]
    if (cid === undefined || answer.cid !== cid) throw unasked(answer.cid, cid)
    if ('refused' in answer) throw refused(cid, answer.refused)
    requireContent(cid, answer.block)
    await onBlock(cid, answer.block)
    next += 1
    if (next === cids.length) return
  }
  throw new NetworkError(`expected ${cids.length} blocks, got ${next} before the stream ended`, {
    code: 'STREAM_CLOSED',
  })
}

function refused(cid: string, why: 'missing' | 'not-authorised'): NetworkError {
  return why === 'missing'
    ? new NetworkError(`expected the block ${cid}, the peer does not have it; ask another peer`, {
        code: 'BLOCK_MISSING',
        cid,
      })
    : new NetworkError(`expected the block ${cid}, the peer refuses it; only members of its lease may ask`, {
        code: 'NOT_AUTHORISED',
        cid,
      })
}

function unasked(got: string, expected: string | undefined): NetworkError {
  return new NetworkError(`expected an answer for ${expected ?? 'nothing more'}, got one for ${got}`, {
    code: 'MALFORMED',
  })
}

function blockError(error: unknown, peer: string): Error {
  if (error instanceof NetworkError) {
    return new NetworkError(error.message, { ...error.data, peer }, { cause: error })
  }
  // A full store, say: nothing the peer did.
  if (error instanceof SoukError && !(error instanceof WireError)) return error
  if (!(error instanceof WireError)) return asNetworkError(error, 'STREAM_CLOSED', 'fetching blocks', peer)
  const code = error.code === 'WRONG_CONTENT' || error.code === 'TOO_LARGE' ? error.code : 'MALFORMED'
  return new NetworkError(errorMessage(error), { code, peer, cid: error.data.what }, { cause: error })
}
