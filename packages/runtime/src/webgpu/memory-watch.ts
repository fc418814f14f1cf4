import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

/** Milliseconds between two looks: a compiler that runs away takes some hundred MiB meanwhile. */
const RSS_LOOK_MS = 100
/** Bytes of a page of memory, in which Linux counts. */
const PAGE_BYTES = 4096

/**
 * Resolves with the resident bytes of a process once they are more than `mostBytes`; rejects when `signal` aborts. Where
 * the system does not tell, they never are. From now on that process is the first to go should the machine have no
 * memory left.
 */
export async function outgrown(pid: number, mostBytes: number, signal: AbortSignal): Promise<number> {
  await writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined)
  while (true) {
    const bytes = await residentBytes(pid)
    if (bytes > mostBytes) return bytes
    await setTimeout(RSS_LOOK_MS, undefined, { signal })
  }
}

async function residentBytes(pid: number): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES
}
