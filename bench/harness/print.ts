import type { Benchmark, Session } from './benchmark.ts'
import type { Result } from './result.ts'

/** Returns a result as lines for people, with the target and whether it was met. */
export function describe(benchmark: Benchmark, session: Session, result: Result): string {
  const { compares, target, unit } = benchmark
  const figures = [
    ['Souk', result.ours, compares.ours],
    ['peer', result.peer, `${compares.peer} (${result.peerVersion})`],
    ['limit', result.limit, compares.limit],
    ['p99', result.p99, 'slowest hundredth of Souk'],
  ] as const
  const rows = figures.map(
    ([label, value, what]) => `  ${label.padEnd(6)} ${String(value).padStart(9)} ${unit}  ${what}`,
  )
  const { op = '<=', bound } = target
  const met = (op === '<=' ? result.ratio <= bound : result.ratio >= bound) ? 'met' : 'missed'
  const conditions = result.also.map(
    (one) => `  ${one.name}: ${one.value}, target ${one.op} ${one.bound}: ${one.ok ? 'met' : 'missed'}`,
  )
  const gas = Object.entries(result.gas ?? {}).map(([name, value]) => {
    const aim = result.targets?.[name]
    const target = aim === undefined ? '' : `target <= ${aim.bound}: ${aim.met ? 'met' : 'missed'}`
    return `  ${name.padEnd(20)} ${String(value).padStart(9)} gas  ${target}`.trimEnd()
  })
  const ratio = `  ratio  ${String(result.ratio).padStart(9)}     Souk / ${target.against}, target ${op} ${bound}: ${met}`
  const head = `${result.name}: medians of ${result.rounds} rounds`
  return [head, ...rows, ratio, ...gas, ...conditions, ...session.remarks().map((line) => `  ${line}`)].join(
    '\n',
  )
}
