import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '@souk/protocol'
import { logsOf } from '@souk/requester'
import { writeOut } from '../inside/write-out.ts'
import type { Owner } from '../owner.ts'

/** Milliseconds between two tries to read the log of an attempt that was just given out, and how many. */
const LIVE_TRY_MS = 200
const LIVE_TRIES = 50

/** Shows what a job's program writes while it runs. */
export interface LiveLogs {
  /** An attempt was given out: its log is shown unless another's is. */
  dispatched(job: string): void
  /** Resolves when nothing more is shown. */
  stop(): Promise<void>
}

/** Shows one replica's log at a time, on standard error: it is not checked, and only the result is. */
export function liveLogs(owner: Owner): LiveLogs {
  const ended = new AbortController()
  let showing: Promise<void> | undefined
  return {
    dispatched(job) {
      showing ??= show(owner, job, ended.signal).finally(() => {
        showing = undefined
      })
    },
    async stop() {
      ended.abort()
      await showing
    },
  }
}

/** Shows one attempt's log to its end; never rejects, for the job says what goes wrong. */
async function show(owner: Owner, job: string, ended: AbortSignal): Promise<void> {
  for (let tries = 0; tries < LIVE_TRIES && !ended.aborted; tries++) {
    try {
      const session = await owner.session({ target: { name: job }, purpose: { kind: 'logs', follow: true } })
      ended.addEventListener('abort', () => session.hangUp(), { once: true })
      for await (const news of logsOf(session))
        if (news.kind === 'written') await writeOut(process.stderr, news.bytes)
      return
    } catch (error) {
      if (!['NO_PLACE', 'NO_ATTEMPT'].includes(errorCode(error))) return
    }
    await pause(LIVE_TRY_MS, undefined, { signal: ended }).catch(() => {})
  }
}
