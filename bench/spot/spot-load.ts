import { join } from 'node:path'
import { MissingPeer } from '../harness/benchmark.ts'
import {
  randomFrom,
  readTraceFiles,
  readTraceFolders,
  sourceOf,
  type TraceSource,
} from '../harness/trace-source.ts'
import type { SpotTrace } from './spot-trace.ts'

/** A trace and where it came from. */
export interface LoadedSpot {
  readonly trace: SpotTrace
  readonly source: TraceSource
}

/** Zones, values and milliseconds of a value of the markets that are made up. */
const MADE_UP = { zones: 4, values: 3_000, gapMs: 300_000 } as const

/**
 * Reads every market of `FOLDER/spot`: a folder each, a JSON file for each zone, `{metadata: {gap_seconds}, data}`.
 * Without a folder two markets are made up.
 */
export function loadSpot(folder: string | null): LoadedSpot[] {
  if (folder === null) return [7, 11].map(madeUp)
  const found = readTraceFolders(join(folder, 'spot')).map((name) => {
    const files = readTraceFiles(join(folder, 'spot', name), '.json')
    const zones = files.map((file) => zoneOf(file.text, `${name}/${file.name}`))
    const gapMs = zones[0]?.gapMs ?? 0
    const trace = { name, gapMs, zones: zones.map((zone) => zone.data) }
    return {
      trace,
      source: sourceOf(
        `spot/${name}`,
        files.map(({ text }) => text),
      ),
    }
  })
  const usable = found.filter(({ trace }) => trace.zones.length > 0)
  if (usable.length > 0) return usable
  throw new MissingPeer(
    'expected markets in the folder spot of --traces, a folder each with a JSON file per zone; got none; leave --traces away for made-up ones',
  )
}

function zoneOf(text: string, name: string): { gapMs: number; data: number[] } {
  const { metadata, data } = JSON.parse(text) as { metadata?: { gap_seconds?: unknown }; data?: unknown }
  const gap = metadata?.gap_seconds
  const isNumber = (value: unknown) => typeof value === 'number' && value >= 0
  if (typeof gap !== 'number' || gap <= 0 || !Array.isArray(data) || !data.every(isNumber)) {
    throw new MissingPeer(
      `expected {metadata: {gap_seconds}, data: [numbers]} in ${name}; got something else`,
    )
  }
  return { gapMs: gap * 1_000, data }
}

/** Zones that come and go by themselves, and sometimes all at once. */
function madeUp(seed: number): LoadedSpot {
  const random = randomFrom(seed)
  const room = new Array<number>(MADE_UP.zones).fill(4)
  const zones = room.map((): number[] => [])
  for (let i = 0; i < MADE_UP.values; i++) {
    const isShaken = random() < 0.003
    for (let zone = 0; zone < MADE_UP.zones; zone++) {
      const now = room[zone] ?? 0
      const next = isShaken && random() < 0.6 ? 0 : random() < 0.02 ? Math.floor(random() * 5) : now
      room[zone] = next
      zones[zone]?.push(next)
    }
  }
  const trace = { name: `made-up-${seed}`, gapMs: MADE_UP.gapMs, zones }
  return { trace, source: sourceOf(trace.name, [JSON.stringify(zones)]) }
}
