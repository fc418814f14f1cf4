import { join } from 'node:path'
import { MissingPeer } from '../harness/benchmark.ts'
import { randomFrom, readTraceFiles, sourceOf, type TraceSource } from '../harness/trace-source.ts'
import { serviceOf, type TracedRequest } from './request-trace.ts'

/** Requests and where they came from. */
export interface LoadedRequests {
  readonly name: string
  readonly requests: readonly TracedRequest[]
  readonly source: TraceSource
}

/** Requests of one trace that are replayed, at most: a fraction of a minute for all policies. */
const MOST_REQUESTS = 20_000
/** Seconds, and mean requests a second of a burst, of what is made up. */
const MADE_UP = { seconds: 3_000, burstRate: 12 } as const

/**
 * Reads every `FOLDER/requests/*.csv` with the columns of Azure's LLM inference traces: timestamp, context tokens,
 * generated tokens. Without a folder one is made up.
 */
export function loadRequests(folder: string | null): LoadedRequests[] {
  if (folder === null) return [madeUp(5)]
  const files = readTraceFiles(join(folder, 'requests'), '.csv')
  if (files.length === 0) {
    throw new MissingPeer(
      'expected CSV files in the folder requests of --traces; got none; leave --traces away for made-up requests',
    )
  }
  return files.map(({ name, text }) => ({
    name,
    requests: parse(text, name),
    source: sourceOf(`requests/${name}`, [text]),
  }))
}

function parse(text: string, name: string): TracedRequest[] {
  const lines = text.split('\n', MOST_REQUESTS + 1).slice(1)
  const rows = lines.filter((line) => line.trim() !== '').map((line) => line.split(','))
  const at = (time = '') => Date.parse(`${time.slice(0, 10)}T${time.slice(11, 23)}Z`)
  const firstMs = at(rows[0]?.[0])
  const requests = rows.map(([time, context, generated]) => ({
    atMs: at(time) - firstMs,
    serviceMs: serviceOf(Number(context), Number(generated)),
  }))
  if (requests.length > 0 && requests.every(({ atMs, serviceMs }) => atMs >= 0 && serviceMs > 0))
    return requests
  throw new MissingPeer(
    `expected TIMESTAMP,ContextTokens,GeneratedTokens in order in ${name}; got something else`,
  )
}

/** Bursts of some tens of seconds, each of its own height, with pauses between them. */
function madeUp(seed: number): LoadedRequests {
  const random = randomFrom(seed)
  const requests: TracedRequest[] = []
  let rate = 0
  for (let second = 0; second < MADE_UP.seconds; second++) {
    if (random() < (rate > 0 ? 0.04 : 0.02)) rate = rate > 0 ? 0 : -MADE_UP.burstRate * Math.log(1 - random())
    const count = Math.floor(2 * random() * rate)
    for (let i = 0; i < count; i++) {
      const serviceMs = serviceOf(Math.floor(4_000 * random()), Math.floor(-28 * Math.log(1 - random())))
      requests.push({ atMs: 1_000 * second + Math.floor((1_000 * i) / count), serviceMs })
    }
  }
  const name = `made-up-${seed}`
  return { name, requests, source: sourceOf(name, [JSON.stringify(requests)]) }
}
