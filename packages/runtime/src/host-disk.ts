import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

/** Bytes written and synced to see whether a disk still takes them, and how quickly. */
const TRIAL_BYTES = 4_096
/** File of a trial; one that a crash left is overwritten by the next. */
const TRIAL_FILE = 'disk-trial'

/** How the disk under a folder was found. */
export interface DiskReading {
  /** Bytes that this process may still write, and that there are in all. */
  readonly freeBytes: number
  readonly totalBytes: number
  /** Files that can still be made, and that can be in all; `null` where the file system does not count them. */
  readonly freeFiles: number | null
  readonly totalFiles: number | null
  /** What came of the last trial; `null` before the first. */
  readonly trial: DiskTrial | null
}

/** A few bytes written and synced: milliseconds that it took, or the system's code for what went wrong. */
export type DiskTrial =
  | { readonly kind: 'written'; readonly ms: number }
  | { readonly kind: 'failed'; readonly code: string }

/** Asks how much room the disk under `folder` has. Throws the system's errors. */
export async function readRoom(folder: string): Promise<Omit<DiskReading, 'trial'>> {
  const { bavail, blocks, bsize, ffree, files } = await statfs(folder)
  // Some file systems make the places of files as they go, and say zero.
  const counts = files > 0
  return {
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
    freeFiles: counts ? ffree : null,
    totalFiles: counts ? files : null,
  }
}

/** Writes and syncs a few bytes in `folder`, and removes them. Never rejects: what goes wrong is the answer. */
export async function tryDisk(folder: string): Promise<DiskTrial> {
  const path = join(folder, TRIAL_FILE)
  const began = performance.now()
  try {
    const file = await open(path, 'w', 0o600)
    try {
      await file.write(new Uint8Array(TRIAL_BYTES))
      await file.sync()
    } finally {
      await file.close()
    }
    return { kind: 'written', ms: performance.now() - began }
  } catch (error) {
    return { kind: 'failed', code: codeOf(error) }
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
}
