import { checkpoints } from '@souk/engine'
import type { Journal } from '@souk/storage'
import { readRows } from './read-rows.ts'

/** Returns by job when its newest checkpoint came, in milliseconds since the epoch; jobs without one are left out. */
export async function newestCheckpoints(journal: Journal): Promise<Record<string, number>> {
  const newest: Record<string, number> = {}
  for (const [key, { kept }] of await readRows(journal, checkpoints)) {
    const [job = ''] = key.split('/')
    newest[job] = Math.max(newest[job] ?? 0, ...kept.map(({ atMs }) => atMs))
  }
  return newest
}
