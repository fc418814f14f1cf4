import type { Benchmark, Condition, GasFigures, Round, Session } from './benchmark.ts'
import { median, quantile } from './statistics.ts'
import type { TraceSource } from './trace-source.ts'

/** What one run of a benchmark found; the line that `--json` prints. */
export interface Result extends Partial<GasFigures> {
  readonly name: string
  readonly unit: string
  /** Medians over all samples of all rounds. */
  readonly ours: number
  readonly peer: number
  readonly limit: number
  /** Ours against what the target names: a quotient of medians, unless the benchmark has its own. */
  readonly ratio: number
  readonly rounds: number
  /** 99th percentile of ours. */
  readonly p99: number
  readonly peerVersion: string
  readonly also: readonly Condition[]
  /** What was replayed. */
  readonly source?: readonly TraceSource[]
}

/** Sums the rounds up. Throws when a figure is missing, because a ratio of nothing must not be quoted. */
export function summarise(benchmark: Benchmark, session: Session, rounds: readonly Round[]): Result {
  const all = (kind: keyof Round) => rounds.flatMap((round) => round[kind])
  const medians = { ours: median(all('ours')), peer: median(all('peer')), limit: median(all('limit')) }
  const ratio = session.ratio?.() ?? medians.ours / medians[benchmark.target.against]
  if (!Number.isFinite(ratio)) {
    throw new Error(`expected samples of ${benchmark.name} on both sides, got ${JSON.stringify(medians)}`)
  }
  const { name, unit } = benchmark
  return {
    name,
    unit,
    ours: rounded(medians.ours),
    peer: rounded(medians.peer),
    limit: rounded(medians.limit),
    ratio: rounded(ratio),
    rounds: rounds.length,
    p99: rounded(quantile(all('ours'), 0.99)),
    peerVersion: session.peerVersion,
    also: session.conditions(),
    ...session.gasFigures?.(),
    ...(session.source === undefined ? {} : { source: session.source }),
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
