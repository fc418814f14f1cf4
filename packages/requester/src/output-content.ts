import { type FetchProgress, fetchContent, type SoukNode } from '@souk/network'
import { LIMITS, type Output, SoukError } from '@souk/protocol'
import { type BlockStore, missingBlocks, pinnedStore } from '@souk/storage'

/** The content behind a signed output cannot be had, or is more than its task allows. */
export class OutputError extends SoukError<{
  code: 'OUTPUT_TOO_LARGE' | 'OUTPUT_SIZE' | 'TOO_MANY_FILES'
  cid: string
}> {}

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
  /** Files that the task may put out. */
  readonly files: number
  readonly signal: AbortSignal
  /** Hears how far the output's larger files are, together. */
  onProgress(haveBytes: number, totalBytes: number): void
}

/**
 * Brings an output's content here: a result counts only once its bytes are kept, so that none is accepted whose
 * content went away with its provider.
 *
 * Throws {@link OutputError}, or what the block exchange throws.
 */
export async function fetchOutput(output: Output, transfer: OutputTransfer): Promise<void> {
  if (output.files.length > transfer.files) throw tooManyFiles(output, transfer.files)
  const sizes = new Map<string, number>()
  let room = transfer.maxBytes
  for (const cid of contentOf(output)) {
    const bytes = await fetchOne(cid, room, transfer)
    room -= bytes
    sizes.set(cid, bytes)
  }
  const lie = output.files.find(([, cid, bytes]) => sizes.get(cid) !== bytes)
  if (lie !== undefined) throw otherSize(lie[1], lie[2], sizes.get(lie[1]) ?? 0)
}

/** Tells whether every block of an output is here. */
export async function hasOutput(blocks: BlockStore, output: Output): Promise<boolean> {
  for (const cid of contentOf(output)) {
    if ((await missingBlocks(blocks, cid)).length > 0) return false
  }
  return true
}

/** Fetches one file of at most `maxBytes`, pinned before it comes; returns its bytes. */
async function fetchOne(cid: string, maxBytes: number, transfer: OutputTransfer): Promise<number> {
  const { node, blocks, peerId, job, signal } = transfer
  const tooLarge = new AbortController()
  let bytes = 0
  const onProgress = ({ haveBytes, totalBytes }: FetchProgress) => {
    bytes = totalBytes
    if (totalBytes > maxBytes) tooLarge.abort()
    else if (totalBytes > LIMITS.blockBytes) transfer.onProgress(haveBytes, totalBytes)
  }
  const both = AbortSignal.any([signal, tooLarge.signal])
  const fetched = fetchContent(node, peerId, cid, pinnedStore(blocks, job), { signal: both, onProgress })
  await fetched.catch((error) => {
    throw tooLarge.signal.aborted ? outputTooLarge(cid, bytes, maxBytes) : error
  })
  if (bytes <= maxBytes) return bytes
  throw outputTooLarge(cid, bytes, maxBytes)
}

/** Returns the addresses of an output's content, each once. */
export function contentOf(output: Output): Set<string> {
  return new Set([output.stdout, ...output.files.map((file) => file[1])])
}

function outputTooLarge(cid: string, bytes: number, maxBytes: number): OutputError {
  return new OutputError(
    `expected at most ${maxBytes} more bytes of output, ${cid} has ${bytes}; another provider is asked`,
    { code: 'OUTPUT_TOO_LARGE', cid },
  )
}

function otherSize(cid: string, stated: number, bytes: number): OutputError {
  return new OutputError(
    `expected ${cid} to have the ${stated} bytes that its output states, it has ${bytes}; another provider is asked`,
    { code: 'OUTPUT_SIZE', cid },
  )
}

function tooManyFiles({ files, stdout }: Output, most: number): OutputError {
  return new OutputError(
    `expected at most ${most} files of output, got ${files.length}; another provider is asked`,
    { code: 'TOO_MANY_FILES', cid: stdout },
  )
}
