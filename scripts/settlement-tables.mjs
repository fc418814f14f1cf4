#!/usr/bin/env node
// Writes the tables of docs/SETTLEMENT.md between their markers: spans from the presets, odds of committees computed
// exactly, gas from the contracts' committed snapshots. With --check it writes nothing and ends with 1 when the
// document says something else.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const DOCUMENT = path('docs/SETTLEMENT.md')
const PUBLIC_BLOCK_SECONDS = 2
/** Shares of hostile places in a table, in per cent. */
const SHARES = [10, 20, 30, 40]
const WATCHED_NODES = 100
const DAY_SECONDS = 86_400

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    'settlement-tables: expected Node 22.18 or newer; run it as: npx node scripts/settlement-tables.mjs\n',
  )
  process.exit(1)
}
const { COURT_PRESETS, EPOCH_SLOTS } = await import('../packages/protocol/src/court-rules.ts')
const { TARGETS } = await import('../bench/settle/gas-book.ts')

const tables = { spans: spans(), odds: odds(), gas: gas() }
const before = readFileSync(DOCUMENT, 'utf8')
const after = Object.entries(tables).reduce(fill, before)
if (process.argv.includes('--check')) {
  if (after !== before) {
    process.stderr.write(
      'docs/SETTLEMENT.md: the tables are not current; run node scripts/settlement-tables.mjs\n',
    )
    process.exit(1)
  }
} else writeFileSync(DOCUMENT, after)

function fill(text, [name, rows]) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [head, rest] = text.split(open)
  const tail = rest?.split(close)[1]
  if (tail === undefined) throw new Error(`docs/SETTLEMENT.md: expected ${open} and ${close}`)
  return `${head}${open}\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n${close}${tail}`
}

function spans() {
  const kinds = ['public', 'dev']
  const lengths = [
    ['slot', 'SLOT', ({ slotBlocks }) => slotBlocks],
    ['epoch', `E = ${EPOCH_SLOTS} × SLOT`, epochOf],
    ['term', 'T = TERM × E', termOf],
    ['from a seed to its epoch, and from a challenge to its seed', 'LAG', ({ lagBlocks }) => lagBlocks],
    ['for a report', 'REPORT', ({ reportBlocks }) => reportBlocks],
    ['for a verdict', 'VERDICT', ({ verdictBlocks }) => verdictBlocks],
    ['from a lease’s end to its finalizing', 'SETTLE', ({ settleBlocks }) => settleBlocks],
    [
      'to refute the last report that is possible',
      'SETTLE − E − REPORT',
      (rules) => rules.settleBlocks - epochOf(rules) - rules.reportBlocks,
    ],
    [
      'a stake is held after its last term began',
      'T + SETTLE',
      (rules) => termOf(rules) + rules.settleBlocks,
    ],
  ]
  return [
    ['length', 'formula', `public, blocks of ${PUBLIC_BLOCK_SECONDS} s`, 'dev'],
    ['---', '---', '---', '---'],
    ...lengths.map(([what, formula, length]) => [
      what,
      formula,
      ...kinds.map((kind) => {
        const blocks = length(COURT_PRESETS[kind])
        return kind === 'dev' ? number(blocks) : `${number(blocks)} (${time(blocks * PUBLIC_BLOCK_SECONDS)})`
      }),
    ]),
    ...[
      ['seats', 'N', 'seats'],
      ['equal votes that decide', 'K', 'quorum'],
      ['least watchers in a table', '–', 'leastWatchers'],
    ].map(([what, formula, key]) => [
      what,
      formula,
      ...kinds.map((kind) => number(COURT_PRESETS[kind][key])),
    ]),
  ]
}

function epochOf({ slotBlocks }) {
  return EPOCH_SLOTS * slotBlocks
}

function termOf(rules) {
  return rules.termEpochs * epochOf(rules)
}

function odds() {
  const perDay = (WATCHED_NODES * DAY_SECONDS) / (epochOf(COURT_PRESETS.public) * PUBLIC_BLOCK_SECONDS)
  const chances = ({ seats, quorum }, share) => ({
    decides: atLeast(seats, quorum, share),
    blocks: atLeast(seats, seats - quorum + 1, share),
  })
  return [
    [
      'hostile places',
      'public: they decide',
      `in a day, of ${WATCHED_NODES} nodes`,
      'public: nothing can be decided without them',
      'dev: they decide',
      'dev: nothing without them',
    ],
    ['---', '---', '---', '---', '---', '---'],
    ...SHARES.map((percent) => {
      const [open, dev] = ['public', 'dev'].map((kind) => chances(COURT_PRESETS[kind], percent / 100))
      const shown = [open.decides, perDay * open.decides, open.blocks, dev.decides, dev.blocks]
      return [`${percent} %`, ...shown.map(significant)]
    }),
  ]
}

/** Probability that at least `least` of `seats` independent draws are of the given share. */
function atLeast(seats, least, share) {
  let sum = 0
  for (let k = least; k <= seats; k++) sum += choose(seats, k) * share ** k * (1 - share) ** (seats - k)
  return sum
}

function choose(n, k) {
  let product = 1
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i
  return product
}

function gas() {
  const read = (name) => JSON.parse(readFileSync(path(`contracts/snapshots/${name}.json`), 'utf8'))
  const figures = { ...read('Escrow'), ...read('Court') }
  const rows = [
    ['open a lease, by the requester’s hot key', 'open', 1, TARGETS.open],
    ['the same, relayed by somebody else', 'openRelayed', 1, TARGETS.openRelayed],
    ['one of ten opened together', 'openTen', 10, TARGETS.openTenEach],
    ['redeem a voucher', 'redeem', 1, TARGETS.redeem],
    ['one of ten redeemed together', 'redeemTen', 10, TARGETS.redeemTenEach],
    ['close by both signatures', 'closeCooperative', 1, TARGETS.closeCooperative],
    ['end a lease alone', 'startClose', 1, null],
    ['finalize it', 'finalize', 1, null],
    ['finalize with a penalty', 'finalizePenalty', 1, null],
    ['report downtime with eleven votes', 'reportDowntime', 1, TARGETS.reportDowntime11],
    ['refute it', 'refuteDowntime', 1, TARGETS.refute],
    ['refute before a report', 'refuteDowntimeFirst', 1, null],
    ['challenge a result', 'challenge', 1, TARGETS.challenge],
    ['resolve with eleven ballots, for the requester', 'resolveForRequester', 1, null],
    ['the same, for the provider', 'resolveForProvider', 1, null],
    ['lapse', 'lapse', 1, null],
    ['enrol again for a term', 'renewal', 1, null],
    ['enrol the first time', 'enrol', 1, null],
    ['slash', 'slash', 1, null],
    ['evict', 'evict', 1, null],
    ['leave', 'leave', 1, null],
    ['a job, whatever it runs', null, 1, null],
  ]
  return [
    ['transaction', 'gas', 'at most'],
    ['---', '---', '---'],
    ...rows.map(([what, name, parts, most]) => [
      what,
      name === null ? '0' : number(Math.round(Number(figures[name]) / parts)),
      most === null ? '' : number(most),
    ]),
  ]
}

function number(value) {
  return value.toLocaleString('en-US')
}

function significant(value) {
  if (value >= 0.001) return String(Number(value.toPrecision(2)))
  const [digits, exponent] = value.toExponential(1).split('e-')
  return `${digits} × 10⁻${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]).join('')}`
}

function time(seconds) {
  const units = [
    ['d', DAY_SECONDS],
    ['h', 3_600],
    ['min', 60],
  ]
  const [unit, length] = units.find(([, one]) => seconds >= one) ?? ['s', 1]
  return `${Number((seconds / length).toFixed(1))} ${unit}`
}
