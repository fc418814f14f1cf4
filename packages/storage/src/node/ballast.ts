import { rmSync, statSync, writeFileSync } from 'node:fs'
import { guarded } from './database.ts'

/** Bytes written at once while a ballast is made. */
const PIECE = Buffer.alloc(1024 * 1024)

/** Room on the disk that is set aside for the day on which it is full. */
export interface Ballast {
  /** Gives the room back to the disk; does nothing the second time. */
  release(): void
}

/**
 * Sets `bytes` of the disk aside as a file of zeros at `path`, where it is not there yet.
 *
 * Throws `StorageError` `DISK_FULL` where they are not to be had: a process that begins now could not even end well.
 */
export function setAside(path: string, bytes: number): Ballast {
  if (sizeOf(path) !== bytes) {
    try {
      guarded(path, () => fill(path, bytes))
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    }
  }
  return { release: () => rmSync(path, { force: true }) }
}

/** No sparse file: its blocks are what is set aside. */
function fill(path: string, bytes: number): void {
  rmSync(path, { force: true })
  for (let written = 0; written < bytes; written += PIECE.byteLength) {
    const piece = PIECE.subarray(0, Math.min(PIECE.byteLength, bytes - written))
    writeFileSync(path, piece, { flag: 'a', mode: 0o600 })
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
