import { accepted, tasks } from '@souk/engine'
import { type Hex, taskDigest } from '@souk/protocol'
import type { ControlHandler, DataFolder } from '@souk/storage/node'
import { namingKeeper } from './data/keeper.ts'
import { type JobRequest, readJob } from './job-files.ts'

/** Number of a task, from its key in the journal. */
const INDEX = /\/(\d+)$/

/** A task that is decided. */
export interface Decided {
  readonly index: number
  /** Whether it has a result; what it came to is for `outcome` to say. */
  readonly done: boolean
}

/** The commands of those who follow a job of many tasks, also over their own restart. */
export function mapMethods({ journal }: Pick<DataFolder, 'journal'>): Record<string, ControlHandler> {
  return {
    digests: (params, _emit, signal) => digestsOf(params as JobRequest, signal),
    taskDigests: async (params): Promise<Hex[]> => {
      const rows = await journal.scan(tasks.table, `${(params as { job: string }).job}/`)
      return rows.map(({ value }) => taskDigest(tasks.codec.decode(value)))
    },
    decided: async (params): Promise<Decided[]> => {
      const rows = await journal.scan(accepted.table, `${(params as { job: string }).job}/`)
      return rows.map(({ key, value }) => {
        return { index: Number(INDEX.exec(key)?.[1]), done: accepted.codec.decode(value).output !== null }
      })
    },
  }
}

/** Returns the digests of the tasks that a request would make, without keeping anything. Throws as `readJob`. */
async function digestsOf(request: JobRequest, signal: AbortSignal): Promise<Hex[]> {
  const { tasks: made } = await readJob(request, { keeper: namingKeeper(), signal })
  return made.map(taskDigest)
}
