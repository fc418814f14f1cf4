import { COMPARED_SIZE, type ComparedType, firstDifference, type Tolerances } from '@souk/availability'
import type { FileEntry, Output } from '@souk/protocol'
import { type BlockStore, readPiece } from '@souk/storage'

/** How outputs are compared by tolerance. */
export interface WithinOptions {
  readonly blocks: BlockStore
  readonly tolerances: Tolerances
  /** Says what an output file holds. */
  typeOf(path: string): ComparedType
}

/** Bytes of the largest number: pieces of files are compared in whole ones. */
const LARGEST_NUMBER = COMPARED_SIZE.f64

/**
 * Says in what two outputs differ by more than a tolerance, for people; null where they are equal. They ended alike and
 * printed the same, and their files have the same names and lengths, and the same numbers within the tolerance. At most
 * a block of each is in memory at a time.
 *
 * Throws `StorageError` `MISSING_BLOCKS` where content is not here.
 */
export async function differenceWithin(a: Output, b: Output, options: WithinOptions): Promise<string | null> {
  const apart = differenceOfEnds(a, b)
  if (apart !== null) return apart
  if (a.stdout !== b.stdout) return 'they print something else'
  for (const [at, file] of a.files.entries()) {
    const other = b.files[at]
    if (other?.[0] !== file[0] || other[2] !== file[2]) return 'their files have other names or lengths'
    const found = await differenceOfFiles(file, other, options)
    if (found !== null) return found
  }
  return a.files.length === b.files.length ? null : 'one has more files'
}

/** Says whether two programs ended in different ways; null where they ended alike. */
export function differenceOfEnds(a: Output, b: Output): string | null {
  const [left, right] = [a, b].map(endWords)
  return left === right ? null : `one ended as ${left}, the other as ${right}`
}

function endWords({ status, fuel }: Output): string {
  const end = status.kind === 'exit' ? `exit ${status.code}` : status.kind
  return fuel === 0n ? end : `${end} after ${fuel} instructions`
}

async function differenceOfFiles(
  [path, cidA, bytes]: FileEntry,
  [, cidB]: FileEntry,
  { blocks, tolerances, typeOf }: WithinOptions,
): Promise<string | null> {
  if (cidA === cidB) return null
  const type = typeOf(path)
  for (let at = 0, elements = 0; at < bytes; ) {
    const [a, b] = [await readPiece(blocks, cidA, at), await readPiece(blocks, cidB, at)]
    const length = wholeNumbers(Math.min(a.byteLength, b.byteLength), bytes - at)
    if (length === 0) return `${path} is shorter than it says`
    const found = firstDifference(type, a.subarray(0, length), b.subarray(0, length), tolerances)
    if (found !== undefined) return `${path} has ${found.a} and ${found.b} at ${elements + found.element}`
    elements += length / COMPARED_SIZE[type]
    at += length
  }
  return null
}

/** Returns as much of a piece as ends with a whole number, or all of it at the end of the file. */
function wholeNumbers(pieceBytes: number, leftBytes: number): number {
  return pieceBytes === leftBytes ? pieceBytes : pieceBytes - (pieceBytes % LARGEST_NUMBER)
}
