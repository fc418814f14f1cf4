#!/usr/bin/env node
// Writes the tables of docs/ELASTICITY.md between their markers: what the benchmarks spot and autoscale come to on the
// public traces in the folder that --traces or SOUK_TRACES names. With --check it writes nothing and ends with 1 when
// the document says something else.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const fail = (sentence) => {
  process.stderr.write(`elasticity-tables: ${sentence}\n`)
  process.exit(1)
}
const DOCUMENT = fileURLToPath(new URL('../docs/ELASTICITY.md', import.meta.url))
const STARTS_MS = [2_000, 10_000]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  fail('expected Node 22.18 or newer; run it as: npx node scripts/elasticity-tables.mjs')
}
const { values } = parseArgs({ options: { traces: { type: 'string' }, check: { type: 'boolean' } } })
const traces = values.traces ?? process.env.SOUK_TRACES
if (traces === undefined) fail('expected --traces DIR or SOUK_TRACES with the public traces; got neither')

const { loadSpot } = await import('../bench/spot/spot-load.ts')
const { spotRows } = await import('../bench/spot/spot-table.ts')
const { loadRequests } = await import('../bench/autoscale/request-load.ts')
const { scaleRows } = await import('../bench/autoscale/autoscale-table.ts')

const percent = (share, digits) => (100 * share).toFixed(digits)
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const markets = loadSpot(traces)
const spot = table(
  ['trace', 'from launch to ready', 'policy', 'available, %', 'cost, % of firm'],
  spotRows(markets, 'reported').map((row) => [
    ...[row.trace, `${row.startMs / 1_000} s`, row.policy],
    ...[percent(row.availability, 2), percent(row.cost, 1)],
  ]),
)
const requests = loadRequests(traces)
const autoscale = table(
  ['trace', 'start', 'scaler', 'late, %', 'replica-seconds', 'most replicas'],
  requests.flatMap((each) =>
    STARTS_MS.flatMap((startMs) =>
      scaleRows(each, startMs, 'reported').map((row) => [
        ...[row.trace.replace('.csv', ''), `${startMs / 1_000} s`, row.scaler],
        ...[percent(row.misses, 2), row.replicaSeconds.toFixed(0), row.peak === 0 ? '' : `${row.peak}`],
      ]),
    ),
  ),
)
const sources = table(
  ['source', 'SHA-256'],
  [...markets, ...requests].map(({ source }) => [source.name, `\`${source.sha256}\``]),
)

const before = readFileSync(DOCUMENT, 'utf8')
let after = before
for (const [name, text] of Object.entries({ spot, autoscale, sources })) {
  const [head, rest] = after.split(`<!-- ${name} -->`)
  const tail = rest?.split(`<!-- /${name} -->`)[1]
  if (tail === undefined) fail(`docs/ELASTICITY.md: expected <!-- ${name} --> and <!-- /${name} -->`)
  after = `${head}<!-- ${name} -->\n${text}\n<!-- /${name} -->${tail}`
}
if (!values.check) writeFileSync(DOCUMENT, after)
else if (after !== before) {
  fail(
    'the tables of docs/ELASTICITY.md are not current; run node scripts/elasticity-tables.mjs --traces DIR',
  )
}
