// Runs everything that must hold before a commit lands, and says in one line how many tests passed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const reports = mkdtempSync(join(tmpdir(), 'souk-test-'))
const totals = { passed: 0, failed: 0, skipped: 0 }

const steps = [
  ['type check', () => tool('tsc', '-b')],
  ['lint and format', () => tool('biome', 'check', '.')],
  [
    'generated contracts',
    () => node('scripts/generate.mjs', '--check') && node('scripts/golden.mjs', '--check'),
  ],
  ['compiled programs', () => node('scripts/build-programs.mjs', '--check')],
  ['contracts', () => node('scripts/forge.mjs', 'fmt', '--check') && contracts()],
  ['unit and property tests', () => tests('unit')],
  ['end-to-end tests', () => tests('e2e')],
  ['browser tests', () => tests('browser')],
]

for (const [name, step] of steps) {
  const startedAt = performance.now()
  process.stdout.write(`\n== ${name}\n`)
  const ok = step()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`== ${name}: ${ok ? 'ok' : 'FAILED'} after ${seconds} s\n`)
  if (!ok && totals.failed === 0) totals.failed = 1
  if (!ok) break
}
rmSync(reports, { recursive: true, force: true })
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`)
process.exit(totals.failed === 0 ? 0 : 1)

// Tests over real processes, sockets and clocks may meet a machine that stands still for seconds: each has a second
// try, and those that needed it are named with their first error, so that they can be mended.
function tests(project) {
  const file = join(reports, `${project}.json`)
  const ok = tool(
    'vitest',
    'run',
    '--project',
    project,
    '--retry=1',
    '--reporter=default',
    `--reporter=${join(root, 'scripts', 'unstable-tests.mjs')}`,
    '--reporter=json',
    `--outputFile=${file}`,
  )
  const report = JSON.parse(readFileSync(file, 'utf8'))
  totals.passed += report.numPassedTests
  totals.failed += report.numFailedTests
  totals.skipped += report.numPendingTests + report.numTodoTests
  return ok
}

function contracts() {
  const done = spawnSync(process.execPath, [join(root, 'scripts', 'forge.mjs'), 'test'], {
    cwd: root,
    encoding: 'utf8',
  })
  process.stdout.write(done.stdout + done.stderr)
  const summary = /(\d+) tests passed, (\d+) failed, (\d+) skipped \((\d+) total tests\)/.exec(done.stdout)
  if (summary === null) return false
  totals.passed += Number(summary[1])
  totals.failed += Number(summary[2])
  totals.skipped += Number(summary[3])
  return done.status === 0
}

function tool(name, ...args) {
  return (
    spawnSync(join(root, 'node_modules', '.bin', name), args, { cwd: root, stdio: 'inherit' }).status === 0
  )
}

function node(script, ...args) {
  return (
    spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' }).status === 0
  )
}
