#!/usr/bin/env node
// Writes the chaos table of docs/AVAILABILITY.md between its markers, from reports of `souk chaos --json`: of the files
// that are given, each perhaps of some scenarios alone and the last of each counting, or of a run that this starts, which
// takes some minutes. What is not as expected is written as it is, and ends this with 1.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const DOCUMENT = path('docs/AVAILABILITY.md')
const [OPEN, CLOSE] = ['<!-- chaos -->', '<!-- /chaos -->']

const files = process.argv.slice(2)
const reports = files.length === 0 ? [play()] : files.map((file) => readFileSync(file, 'utf8'))
const played = new Map(
  reports.flatMap((report) => JSON.parse(report).scenarios.map((one) => [one.name, one])),
)
const { SCENARIOS } = await import('../packages/cli/src/chaos/scenarios.ts')
const known = SCENARIOS.map((one) => ({ ...one, seen: {}, ok: false, skipped: 'not played in this run' }))
const ends = [...played.values()].filter(({ name }) => name.startsWith('end-of-'))
const scenarios = [...known.map((one) => played.get(one.name) ?? one), ...ends]
const ok = scenarios.every((one) => one.ok)
const { expectedWords, seenWords } = await import('../packages/cli/src/chaos/check.ts')

const head = ['| scenario | what is broken, and by what | expected | seen |', '| --- | --- | --- | --- |']
const rows = scenarios.map(({ name, what, means, expected, seen, ok: isRight, skipped }) => {
  const facts =
    skipped === null ? `${isRight ? '' : '**not as expected:** '}${seenWords(seen)}` : `skipped: ${skipped}`
  return `| ${name} | ${what}; ${means} | ${expectedWords(expected)} | ${facts} |`
})

const [before, rest] = readFileSync(DOCUMENT, 'utf8').split(OPEN)
const after = rest?.split(CLOSE)[1]
if (after === undefined) throw new Error(`docs/AVAILABILITY.md: expected ${OPEN} and ${CLOSE}`)
writeFileSync(DOCUMENT, `${before}${OPEN}\n${[...head, ...rows].join('\n')}\n${CLOSE}${after}`)
process.exitCode = ok ? 0 : 1

function play() {
  const souk = path('packages/cli/bin/souk.js')
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = spawnSync(process.execPath, [souk, 'chaos', '--json'], options)
  return stdout.trim().split('\n').at(-1) ?? ''
}
