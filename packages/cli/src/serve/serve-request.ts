import { POLICY_DEFAULTS, type PoolPolicy } from '@souk/elastic'
import { parseAmount } from '@souk/market'
import type { FrontRequest, JobRequest, ServeRequest } from '@souk/requester/node'
import type { Session } from '../commands/shared.ts'
import { readDuration } from '../demand.ts'
import { CliError } from '../errors.ts'
import { prepareProgram, usualEngine } from '../program/prepare-program.ts'
import { readRequest } from '../run/job-request.ts'
import type { ServeSpec } from './serve-spec.ts'

/** Milliseconds that a replica runs, at most: its leases end long before, and their successors begin it anew. */
const REPLICA_MS = 86_400_000
/** What makes a task of `wasm/1` a service (PROTOCOL §9.3). */
const SERVICE_ENTRY = 'GATEWAY_INTERFACE=CGI/1.1'

/** Makes the request for a service. Throws {@link CliError} `BAD_OPTION`, and what preparing its program throws. */
export async function readServe(
  spec: ServeSpec,
  session: Pick<Session, 'home' | 'config'>,
  json: boolean,
): Promise<ServeRequest> {
  const engine = usualEngine(spec.program)
  requireFitting(spec, engine)
  const options = {
    ...{ with: spec.with, cflag: spec.cflags, entrypoint: spec.entrypoint, json },
    ...(spec.imageArchive === undefined ? {} : { imageArchive: spec.imageArchive }),
  }
  const prepared = await prepareProgram(spec.program, spec.args, options, session.home)
  const name = spec.name ?? `serve ${spec.program.split('/').at(-1)}`
  const inputs = Object.entries(spec.files).map(([path, file]) => [path, file] as const)
  const entries = Object.entries(spec.env).map(([key, value]) => `${key}=${value}`)
  const given = readRequest(
    name,
    prepared,
    {
      ...options,
      ...{ assurance: 'none', engine, seed: '0', grace: spec.grace, deadline: spec.duration },
      env: engine === 'wasm/1' ? [...entries, SERVICE_ENTRY] : entries,
      ...{ outputLimit: spec.outputLimit, cores: String(spec.cores), memory: spec.memory, disk: spec.disk },
      ...{ duration: spec.duration, secret: spec.secrets },
      ...(spec.gpu === undefined ? {} : { gpu: spec.gpu }),
      ...(spec.region === undefined ? {} : { region: spec.region }),
      ...(spec.maxPrice === undefined ? {} : { maxPrice: spec.maxPrice }),
    },
    [{ stdin: null, inputs }],
    session,
  )
  const pool = poolOf(spec, session)
  const most = pool?.max ?? (spec.replicas as number)
  const [replica] = given.tasks
  const job: JobRequest = {
    ...given,
    tasks: replica === undefined ? [] : Array.from({ length: most }, () => replica),
    ...{ deadlineMs: REPLICA_MS, expectedMs: 1_000 * readDuration(spec.duration), leases: most },
    ...(pool === undefined ? {} : { pool }),
  }
  return { job, front: frontOf(spec) }
}

function requireFitting({ port, program }: ServeSpec, engine: string): void {
  const isImage = engine === 'container/1'
  if (engine !== 'wasm/1' && !isImage) throw bad('program', 'a program of CGI or an image', program)
  if (isImage && port === undefined) throw bad('port', 'the port on which the image serves HTTP', 'none')
  if (!isImage && port !== undefined)
    throw bad('port', 'none, since this program answers as CGI does', `${port}`)
}

function frontOf({ listen, port, health, deadline, concurrency, buffer }: ServeSpec): FrontRequest {
  const at = listen.lastIndexOf(':')
  const asked = Number(listen.slice(at + 1))
  if (asked > 65_535) throw bad('listen', 'a port of at most 65535', listen)
  return {
    ...{ host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: asked, programPort: port ?? null, health },
    ...{ deadlineMs: 1_000 * readDuration(deadline), concurrency },
    buffer: { most: buffer.requests, waitMs: 1_000 * readDuration(buffer.wait) },
  }
}

/** Returns the policy of a service that grows and shrinks; undefined for one of so many replicas. */
function poolOf(
  { replicas, concurrency, buffer }: ServeSpec,
  { config }: Pick<Session, 'config'>,
): PoolPolicy | undefined {
  if (typeof replicas === 'number') return undefined
  const { min, max, budget, maxRate, target } = replicas
  const money = (text: string) => parseAmount(text, config.tokenDecimals)
  return {
    ...POLICY_DEFAULTS,
    ...{ min, max, slots: concurrency, edgeBuffer: buffer.requests },
    target: { kind: 'concurrency', perReplica: target },
    budget: { amount: money(budget), ratePerHour: maxRate === undefined ? null : money(maxRate) },
    assurance: { kind: 'none' },
  }
}

function bad(key: string, expected: string, got: string): CliError {
  return new CliError(`${key}: expected ${expected}, got ${got}`, { code: 'BAD_OPTION', option: key })
}
