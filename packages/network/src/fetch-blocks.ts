import type { Stream } from '@libp2p/interface'
import { errorMessage, LIMITS, requireContent, SoukError, WireError } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { BLOCK_ANSWER_BYTES, BLOCKS_PROTOCOL, type BlockAnswer, blockRequestCodec } from './block-messages.ts'
import { decodeBlockAnswer } from './block-wire.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { throughGate } from './fetch-gate.ts'
import type { Lack } from './fetch-plan.ts'
import { prefixAll, splitInPlace } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** What becomes of the blocks of one request. */
export interface Taker {
  /** Takes a block that was asked for and verified; its bytes are there until the returned promise settles. */
  block(cid: string, block: Uint8Array): void | Promise<void>
  /** Hears that the peer does not give a block; what this throws ends the request. */
  refused(cid: string, why: Lack): void
}

/**
 * Fetches blocks of one peer in one request and hands out each as it comes, verified against its address.
 *
 * `cids` holds 1 to `LIMITS.blocksPerRequest` addresses. Throws {@link NetworkError} `WRONG_CONTENT`, `MALFORMED`,
 * `TOO_LARGE`, `TIMEOUT` after `LIMITS.blockMs` without a whole block, `STREAM_CLOSED`, `ABORTED` and those of opening
 * a stream. What `taker` throws passes through.
 */
export async function fetchBlocks(
  node: SoukNode,
  target: PeerTarget,
  cids: readonly string[],
  taker: Taker,
  signal?: AbortSignal,
): Promise<void> {
  await throughGate(node, targetPeerId(target), signal, () => request(node, target, cids, taker, signal))
}

async function request(
  node: SoukNode,
  target: PeerTarget,
  cids: readonly string[],
  taker: Taker,
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
    await exchange(opened, cids, {
      async block(cid, block) {
        deadline.extend()
        await taker.block(cid, block)
      },
      refused: taker.refused,
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

async function exchange(stream: Stream, cids: readonly string[], taker: Taker): Promise<void> {
  const answers = readStream(stream)
  await pipe([blockRequestCodec.encode({ v: 1, blocks: [...cids] })], prefixAll, (source) =>
    writeStream(stream, source),
  )
  await pipe(answers, splitInPlace(BLOCK_ANSWER_BYTES), decodeAnswers, (source) =>
    takeAnswers(source, cids, taker),
  )
}

async function* decodeAnswers(source: AsyncIterable<Uint8Array>): AsyncGenerator<BlockAnswer> {
  for await (const bytes of source) yield decodeBlockAnswer(bytes)
}

/** Takes exactly the answers asked for, in order, and receives each while the one before is taken. */
async function takeAnswers(
  answers: AsyncIterable<BlockAnswer>,
  cids: readonly string[],
  taker: Taker,
): Promise<void> {
  let next = 0
  let taken: Promise<void> | undefined
  try {
    for await (const answer of answers) {
      const cid = cids[next]
      if (cid === undefined || answer.cid !== cid) throw unasked(answer.cid, cid)
      if ('block' in answer) requireContent(cid, answer.block)
      // Also before a refusal: what comes next is read to where the block before this answer lies.
      await taken
      if ('refused' in answer) taker.refused(cid, answer.refused)
      else taken = take(taker, cid, answer.block)
      next += 1
      if (next === cids.length) return
    }
    throw new NetworkError(`expected ${cids.length} blocks, got ${next} before the stream ended`, {
      code: 'STREAM_CLOSED',
    })
  } finally {
    // What broke off the request does not break off what came before.
    await taken
  }
}

/** What it rejects with is heard of by whoever awaits it, which may be later. */
function take(taker: Taker, cid: string, block: Uint8Array): Promise<void> {
  const taken = Promise.resolve(taker.block(cid, block))
  taken.catch(() => {})
  return taken
}

/** Returns the error of a block that a peer does not give. */
export function refusedBlock(cid: string, why: Lack): NetworkError {
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
