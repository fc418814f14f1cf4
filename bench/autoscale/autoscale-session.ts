import type { Session, Setup } from '../harness/benchmark.ts'
import { bestPeer, type ScaleRow, scaleRows, TARGET_MS } from './autoscale-table.ts'
import { MODEL_LOAD_MS, measureStart } from './replica-start.ts'
import { loadRequests } from './request-load.ts'

/** A slower start that is told beside the measured one: most models take longer to load. */
const SLOW_MS = 10_000

/** Measures a start and replays the traces once: nothing else is timed, so that every round is the same. */
export async function openAutoscaleSession(setup: Setup): Promise<Session> {
  const loaded = loadRequests(setup.traces)
  setup.step('starting replicas, to know how long that takes')
  const { startMs, measuredMs } = await measureStart(setup.signal)
  const tables = loaded.map((each) => {
    setup.step(`replaying ${each.name}`)
    return scaleRows(each, startMs, 'reported')
  })
  const worst = tables.reduce((found, rows) => (ratioOf(rows) > ratioOf(found) ? rows : found))
  const [ours, peer] = [rowOf(worst, 'Souk'), bestPeer(worst)]
  const slow = loaded.flatMap((each) => scaleRows(each, SLOW_MS, 'reported'))
  const cost = ours.replicaSeconds / peer.replicaSeconds
  return {
    peerVersion: peer.scaler,
    source: loaded.map(({ source }) => source),
    round: async () => ({ ours: [100 * atLeastOne(ours)], peer: [100 * atLeastOne(peer)], limit: [0] }),
    conditions: () => [
      {
        ...{ name: `replica-seconds, times those of ${peer.scaler}`, value: Number(cost.toPrecision(4)) },
        ...{ op: '<=' as const, bound: 1, ok: cost <= 1 },
      },
    ],
    remarks: () => [
      `a replica starts in ${startMs / 1_000} s: measured ${measuredMs.toFixed(0)} ms and ${MODEL_LOAD_MS} ms stated for a model, rounded up; a request may wait ${TARGET_MS} ms`,
      ...[...tables.flat(), ...slow].map(describeRow),
    ],
    stop: async () => undefined,
  }
}

function ratioOf(rows: readonly ScaleRow[]): number {
  return atLeastOne(rowOf(rows, 'Souk')) / atLeastOne(bestPeer(rows))
}

/** One late request is the least that is told apart: where there is none, it stands for none. */
function atLeastOne({ misses, requests }: ScaleRow): number {
  return Math.max(misses, 1 / requests)
}

function rowOf(rows: readonly ScaleRow[], scaler: ScaleRow['scaler']): ScaleRow {
  const row = rows.find((each) => each.scaler === scaler)
  if (row === undefined) throw new Error(`expected a row of ${scaler}`)
  return row
}

function describeRow({ trace, startMs, scaler, misses, replicaSeconds, peak }: ScaleRow): string {
  const figures = `${(100 * misses).toFixed(2)} % late, ${replicaSeconds.toFixed(0)} replica-seconds, ${peak} at most`
  return `${trace}, ${startMs / 1_000} s, ${scaler}: ${figures}`
}
