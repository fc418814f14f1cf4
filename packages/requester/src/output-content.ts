import { fetchContent, type SoukNode } from '@souk/network'
import { type Output, SoukError } from '@souk/protocol'
import { type BlockStore, contentBlocks, missingBlocks } from '@souk/storage'

/** The content behind a signed output cannot be had, or is more than its task allows. */
export class OutputError extends SoukError<{ code: 'OUTPUT_TOO_LARGE' | 'OUTPUT_EVICTED'; cid: string }> {}

/** Where a job's outputs come from and go to. */
export interface OutputTransfer {
  readonly node: SoukNode
  readonly blocks: BlockStore
  /** The peer that signed the output. */
  readonly peerId: string
  /** The job that the content is pinned to. */
  readonly job: string
  /** Bytes that the task may put out in all. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * Brings an output's content here: a result counts only once its bytes are kept, so that none is accepted whose
 * content went away with its provider.
 *
 * Throws {@link OutputError}, or what the block exchange throws.
 */
export async function fetchOutput(output: Output, transfer: OutputTransfer): Promise<void> {
  let room = transfer.maxBytes
  for (const cid of contentOf(output)) room -= await fetchOne(cid, room, transfer)
}

/** Tells whether every block of an output is here. */
export async function hasOutput(blocks: BlockStore, output: Output): Promise<boolean> {
  for (const cid of contentOf(output)) {
    if ((await missingBlocks(blocks, cid)).length > 0) return false
  }
  return true
}

/** Fetches one file of at most `maxBytes` and pins it; returns its bytes. */
async function fetchOne(cid: string, maxBytes: number, transfer: OutputTransfer): Promise<number> {
  const { node, blocks, peerId, job, signal } = transfer
  const tooLarge = new AbortController()
  let bytes = 0
  const onProgress = ({ totalBytes }: { totalBytes: number }) => {
    bytes = totalBytes
    if (totalBytes > maxBytes) tooLarge.abort()
  }
  await blocks.pin(job, [cid])
  const both = AbortSignal.any([signal, tooLarge.signal])
  const fetched = fetchContent(node, peerId, cid, blocks, { signal: both, onProgress })
  await fetched.catch((error) => {
    throw tooLarge.signal.aborted ? outputTooLarge(cid, bytes, maxBytes) : error
  })
  if (bytes > maxBytes) throw outputTooLarge(cid, bytes, maxBytes)
  await blocks.pin(job, await contentBlocks(blocks, cid))
  if ((await missingBlocks(blocks, cid)).length === 0) return bytes
  throw new OutputError(
    `expected ${cid} to stay while it was pinned, parts are gone; enlarge the block store`,
    {
      code: 'OUTPUT_EVICTED',
      cid,
    },
  )
}

function contentOf(output: Output): Set<string> {
  return new Set([output.stdout, ...output.files.map((file) => file[1])])
}

function outputTooLarge(cid: string, bytes: number, maxBytes: number): OutputError {
  return new OutputError(
    `expected at most ${maxBytes} more bytes of output, ${cid} has ${bytes}; another provider is asked`,
    { code: 'OUTPUT_TOO_LARGE', cid },
  )
}
