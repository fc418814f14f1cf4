import type { ControlHandler } from '@souk/storage/node'
import type { JobRunner } from '../job-runner.ts'
import type { JobRequest } from './job-files.ts'
import { type FrontDesk, type FrontRequest, requirePort } from './serve/front-desk.ts'

/** A service: the job whose tasks are its replicas, and how it is to be reached. */
export interface ServeRequest {
  readonly job: JobRequest
  readonly front: FrontRequest
}

/** Begins the job of a request. */
type Begin = (request: JobRequest, emit: (event: unknown) => void, signal: AbortSignal) => Promise<JobRunner>

/** The commands about services. */
export function serveMethods(desk: FrontDesk, begin: Begin): Record<string, ControlHandler> {
  return {
    serve: async (params, emit, signal) => {
      const { job, front } = params as ServeRequest
      await requirePort(front)
      const runner = await begin({ ...job, service: true }, emit, signal)
      try {
        return { job: runner.job.row.id, url: await desk.open(runner, front) }
      } catch (error) {
        await runner.post({ type: 'stop', state: 'failed' })
        throw error
      }
    },
    services: async () => desk.status(),
  }
}
