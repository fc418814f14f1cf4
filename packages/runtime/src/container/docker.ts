import { errorMessage } from '@souk/protocol'
import type Dockerode from 'dockerode'
import { RuntimeError } from '../errors.ts'

export type Docker = Dockerode

/** Milliseconds for one request to the daemon that should be quick: a busy disk may take some of them. */
export const DAEMON_MS = 30_000

/**
 * Returns a client of the Docker Engine that `DOCKER_HOST` names, or the local one; asks it nothing yet.
 * The library is loaded here, because it takes memory that providers without containers need not spend.
 */
export async function openDocker(): Promise<Docker> {
  const { default: Client } = await import('dockerode')
  return new Client()
}

/** Waits for the daemon. Throws {@link RuntimeError} `NOT_STARTED` where it does not answer in time. */
export async function daemon<T>(what: string, answer: Promise<T>, ms: number = DAEMON_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(silence(what, ms)), ms)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Returns the HTTP status of what the daemon refused; `undefined` for any other error. */
export function daemonStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? status : undefined
}

/** Removes a container with its processes and its nameless volumes, wherever it stands; it may be gone already. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  try {
    await daemon('remove a container', docker.getContainer(id).remove({ force: true, v: true }))
  } catch (error) {
    // Gone, or being removed by the daemon itself.
    if (![404, 409].includes(daemonStatus(error) ?? 0)) throw error
  }
}

function silence(what: string, ms: number): RuntimeError {
  return new RuntimeError(
    `expected the container daemon to ${what} within ${ms} ms, got no answer; see its log and its load`,
    { code: 'NOT_STARTED', what, ms },
  )
}

/** Returns the daemon's own sentence, which names the cause last. */
export function daemonMessage(error: unknown): string {
  const said = error instanceof Error && 'json' in error ? error.json : undefined
  const message = typeof said === 'object' && said !== null && 'message' in said ? said.message : undefined
  return typeof message === 'string' ? message : errorMessage(error)
}

/** One line of what the daemon tells of a long request. */
export interface ProgressLine {
  /** The layer that it is about. */
  readonly id?: string
  readonly status?: string
  readonly stream?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
}

/** Follows a long request to its end and returns what was told. Throws what the daemon says went wrong. */
export function progressOf(
  docker: Docker,
  answer: NodeJS.ReadableStream,
  hear: (line: ProgressLine) => void = () => undefined,
): Promise<readonly ProgressLine[]> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null, lines: ProgressLine[]) => (error ? reject(error) : resolve(lines))
    docker.modem.followProgress(answer, end, hear)
  })
}
