import type { Condition, Session, Setup } from '../harness/benchmark.ts'
import { loadSpot } from './spot-load.ts'
import { type SpotRow, STARTS_MS, spotRows, spotSources } from './spot-table.ts'

/** Start that the ratio is about, and what must hold with shorter ones. */
const COLD_MS = 120_000
const LEAST_AVAILABILITY = 99.8
const MOST_COST = 48

/** Replays the traces once: nothing is timed, so that every round is the same. */
export async function openSpotSession(setup: Setup): Promise<Session> {
  const loaded = loadSpot(setup.traces)
  const rows = spotRows(loaded, 'reported', setup.step)
  const worst = worstTrace(rows)
  const percent = (policy: SpotRow['policy']) => [missed(rowOf(rows, worst, COLD_MS, policy))]
  return {
    peerVersion: 'EuroSys 2025',
    source: spotSources(loaded),
    round: async () => ({ ours: percent('Souk'), peer: percent('SpotHedge'), limit: percent('omniscient') }),
    conditions: () => conditionsOf(rows),
    remarks: () => [`the trace with the worst ratio: ${worst}`, ...rows.map(describeRow)],
    stop: async () => undefined,
  }
}

/** The trace on which ours is short for longest against SpotHedge. */
function worstTrace(rows: readonly SpotRow[]): string {
  const names = [...new Set(rows.map(({ trace }) => trace))]
  const ratio = (trace: string) =>
    missed(rowOf(rows, trace, COLD_MS, 'Souk')) / missed(rowOf(rows, trace, COLD_MS, 'SpotHedge'))
  return names.reduce((worst, each) => (ratio(each) > ratio(worst) ? each : worst))
}

function conditionsOf(rows: readonly SpotRow[]): Condition[] {
  return [...new Set(rows.map(({ trace }) => trace))].flatMap((trace) => {
    const at = (startMs: number, policy: SpotRow['policy']) => rowOf(rows, trace, startMs, policy)
    const cold = at(COLD_MS, 'Souk').cost / at(COLD_MS, 'SpotHedge').cost
    return [
      condition(`${trace}: cost at 120 s, times SpotHedge's`, cold, '<=', 1),
      ...STARTS_MS.filter((startMs) => startMs < COLD_MS).flatMap((startMs) => {
        const { availability, cost } = at(startMs, 'Souk')
        const head = `${trace}: with ${startMs / 1_000} s to start`
        return [
          condition(`${head}, per cent available`, 100 * availability, '>=', LEAST_AVAILABILITY),
          condition(`${head}, per cent of firm cost`, 100 * cost, '<=', MOST_COST),
        ]
      }),
    ]
  })
}

function condition(name: string, value: number, op: '<=' | '>=', bound: number): Condition {
  return {
    name,
    value: Number(value.toPrecision(4)),
    op,
    bound,
    ok: op === '<=' ? value <= bound : value >= bound,
  }
}

/** Per cent of the day with fewer than the target. */
function missed({ availability }: SpotRow): number {
  return 100 * (1 - availability)
}

function rowOf(rows: readonly SpotRow[], trace: string, startMs: number, policy: SpotRow['policy']): SpotRow {
  const row = rows.find((each) => each.trace === trace && each.startMs === startMs && each.policy === policy)
  if (row === undefined) throw new Error(`expected a row for ${policy} on ${trace} with ${startMs} ms`)
  return row
}

function describeRow({ trace, startMs, policy, availability, cost }: SpotRow): string {
  const figures = `${(100 * availability).toFixed(2)} % available, ${(100 * cost).toFixed(1)} % of firm cost`
  return `${trace}, ${startMs / 1_000} s, ${policy}: ${figures}`
}
