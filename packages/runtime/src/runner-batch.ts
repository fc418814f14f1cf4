import type { GuestTask, GuestWorld, RunRequest } from './guest/messages.ts'
import type { RunnerJob } from './runner-job.ts'
import type { Runner } from './runner-process.ts'

/** Compiled programs that one runner keeps; a job uses one, a few jobs may share a lease. */
const COMPILED_PROGRAMS = 8

/** A job and what its program sees. */
export interface Ready {
  readonly job: RunnerJob
  readonly world: GuestWorld
}

/** A request that is being put together. */
interface Draft extends RunRequest {
  readonly forget: string[]
  readonly programs: [string, Uint8Array][]
  readonly tasks: GuestTask[]
}

/**
 * Puts jobs into as few requests as possible and notes what the runner has compiled from then on. `enter` gives each
 * its number. Also returns jobs whose program is needed again, because another runner had it.
 */
export function runRequests(
  { compiled }: Runner,
  ready: readonly Ready[],
  enter: (job: RunnerJob) => number,
): { requests: RunRequest[]; unready: RunnerJob[] } {
  const drafts: Draft[] = [emptyDraft()]
  const unready: RunnerJob[] = []
  for (const { job, world } of ready) {
    if (!compiled.has(job.key)) {
      if (job.program === null) {
        unready.push(job)
        continue
      }
      const draft = roomForProgram(drafts, compiled)
      draft.programs.push([job.key, job.program])
    }
    compiled.delete(job.key)
    compiled.add(job.key)
    drafts.at(-1)?.tasks.push({ seq: enter(job), key: job.key, world })
  }
  return { requests: drafts.filter(({ tasks }) => tasks.length > 0), unready }
}

/** Returns the draft to which a new program may be added: one is forgotten at the beginning of a request only. */
function roomForProgram(drafts: Draft[], compiled: Set<string>): Draft {
  const [oldest] = compiled
  let draft = drafts.at(-1)
  if (draft === undefined || (compiled.size >= COMPILED_PROGRAMS && draft.tasks.length > 0)) {
    draft = emptyDraft()
    drafts.push(draft)
  }
  if (compiled.size >= COMPILED_PROGRAMS && oldest !== undefined) {
    compiled.delete(oldest)
    draft.forget.push(oldest)
  }
  return draft
}

function emptyDraft(): Draft {
  return { kind: 'run', forget: [], programs: [], tasks: [] }
}
