#!/usr/bin/env node
// Writes the table of docs/AVAILABILITY.md between its markers: what cheating brings against the audits, played by the
// seeded simulator. With --check it writes nothing and ends with 1 when the document says something else.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const DOCUMENT = path('docs/AVAILABILITY.md')
const [OPEN, CLOSE] = ['<!-- cheating -->', '<!-- /cheating -->']

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    'availability-tables: expected Node 22.18 or newer; run it as: npx node scripts/availability-tables.mjs\n',
  )
  process.exit(1)
}
const { cheatingRows } = await import('../packages/availability/src/testing/cheating-table.ts')

const before = readFileSync(DOCUMENT, 'utf8')
const [head, rest] = before.split(OPEN)
const tail = rest?.split(CLOSE)[1]
if (tail === undefined) throw new Error(`docs/AVAILABILITY.md: expected ${OPEN} and ${CLOSE}`)
const rows = cheatingRows().map((row) => `| ${row.join(' | ')} |`)
const after = `${head}${OPEN}\n${rows.join('\n')}\n${CLOSE}${tail}`
if (!process.argv.includes('--check')) writeFileSync(DOCUMENT, after)
else if (after !== before) {
  process.stderr.write(
    'docs/AVAILABILITY.md: the table is not current; run node scripts/availability-tables.mjs\n',
  )
  process.exit(1)
}
