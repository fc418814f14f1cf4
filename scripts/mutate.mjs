#!/usr/bin/env node
// Tests the contracts' tests: makes one small change at a time in a copy of the contracts and expects some test to
// fail. What no test can notice stands in contracts/mutation/survivors.json, each with its reason.
//   --check        only holds that list against the sources: each mutant in it still exists
//   --only FILE    mutants of this source file, say Ledger.sol; may be given more than once
//   --sample N     N of the mutants that are not listed, drawn by --seed S; by default S is the contracts themselves
//   --seconds N    begins no further mutant after N seconds, but one in any case
//   --jobs N       copies that work at the same time, 2 by default
// Ends with 1 when an unlisted mutant survives or a listed one is killed. All outcomes go to .cache/mutants,
// whole.json or sample.json, where the next run finds what it need not try again.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { forgeBinary, rootDir } from './forge.mjs'
import { allMutants, mutated, nameOf, sourceDir } from './mutants.mjs'

const listFile = join(rootDir, 'contracts', 'mutation', 'survivors.json')
const cacheDir = join(rootDir, '.cache', 'mutants')
/** What a mutant may take; one that loops takes forever, which is noticed too. */
const MUTANT_MS = 120_000

/**
 * The quick tests come first, and know the contracts by their artifacts, so that only the mutant is compiled. That
 * misses what a test compiles in, as it does libraries: so a mutant that lives on meets all tests, compiled anew.
 */
const stages = [
  ['quick', '--dynamic-test-linking', '--no-match-path', 'contracts/test/invariant/*'],
  ['whole'],
].map(([name, ...args]) => [
  ...['test', '--fail-fast', '--threads', '1', '--no-match-contract', 'GasTest', ...args],
  ...['--out', `contracts/out-${name}`, '--cache-path', `contracts/cache-${name}`],
])

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** Returns the text of all contracts and tests, by path below the root. */
function readTree() {
  const names = (folder) => readdirSync(join(rootDir, folder), { recursive: true })
  const files = [sourceDir, join('contracts', 'test')].flatMap((folder) =>
    names(folder).map((name) => join(folder, name)),
  )
  const solidity = files.filter((file) => file.endsWith('.sol')).sort()
  return new Map(solidity.map((file) => [file, readFileSync(join(rootDir, file), 'latin1')]))
}

/** Makes a copy of all that forge needs, and returns its folder. */
function makeCopy(tree, name) {
  const folder = join(cacheDir, name)
  for (const part of ['contracts/src', 'contracts/test']) {
    rmSync(join(folder, part), { recursive: true, force: true })
  }
  for (const part of ['contracts/foundry.toml', 'scripts/solc.mjs', 'package.json', 'test/golden']) {
    cpSync(join(rootDir, part), join(folder, part), { recursive: true })
  }
  for (const [file, text] of tree) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text, 'latin1')
  }
  const packages = join(folder, 'node_modules')
  if (!existsSync(packages)) symlinkSync(join(rootDir, 'node_modules'), packages, 'junction')
  return folder
}

/** Runs forge in a copy; resolves with {code, output}, code undefined where it took too long. */
function forge(folder, args) {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      FOUNDRY_CONFIG: join('contracts', 'foundry.toml'),
      FOUNDRY_PROFILE: 'mutants',
    }
    // Named, since forge would otherwise take the repository around the copy for its root.
    const child = spawn(forgeBinary(), [...args, '--root', folder], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text))
    const timer = setTimeout(() => child.kill('SIGKILL'), MUTANT_MS)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? undefined, output })
    })
  })
}

/** Returns {outcome, by}: killed by a test file, invalid (does not compile), or survived. */
async function tryMutant(folder, mutant, original) {
  const path = join(folder, mutant.file)
  writeFileSync(path, mutated(mutant, original), 'latin1')
  try {
    for (const args of stages) {
      const { code, output } = await forge(folder, args)
      if (code === undefined) return { outcome: 'killed', by: 'time' }
      if (code !== 0) return judged(output)
    }
    return { outcome: 'survived' }
  } finally {
    writeFileSync(path, original, 'latin1')
  }
}

function judged(output) {
  const failed = /Ran \d+ tests? for (\S+?\.sol):\S+\n(?:(?!Ran ).*\n)*?\[FAIL/.exec(output)
  if (failed !== null) return { outcome: 'killed', by: failed[1] }
  if (/Compil|Error \(\d+\)/.test(output)) return { outcome: 'invalid' }
  throw new Error(`Expected a failed test or a failed compilation; forge said:\n${output.slice(-2000)}`)
}

/** What an outcome depends on: a kill on its file and on the test that killed it, a survival on everything. */
function keyOf(mutant, { outcome, by }, tree) {
  const on = outcome === 'survived' ? [...tree.values()] : [tree.get(mutant.file), tree.get(by) ?? '']
  return sha256(on.join('\n'))
}

function readJson(file, otherwise) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise
}

/** Returns `count` of the mutants, always the same for one seed. */
function sampleOf(mutants, count, seed) {
  const rank = (mutant) => sha256(`${seed} ${nameOf(mutant)}`)
  return mutants
    .map((mutant) => [rank(mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, mutant]) => mutant)
}

/** Tries all mutants that the cache does not know, `jobs` at a time; returns the outcomes by name. */
async function run(mutants, tree, { name, jobs, seconds }) {
  const resultsFile = join(cacheDir, `${name}.json`)
  const known = readJson(resultsFile, {})
  const isKnown = (mutant) => {
    const result = known[nameOf(mutant)]
    return result !== undefined && result.key === keyOf(mutant, result, tree)
  }
  const queue = mutants.filter((mutant) => !isKnown(mutant))
  const total = queue.length
  const startedAt = performance.now()
  const worker = async (job) => {
    const folder = makeCopy(tree, `${name}-${job}`)
    if (queue.length > 0) {
      const { code, output } = await forge(folder, stages[0])
      if (code !== 0)
        throw new Error(`Expected tests that pass before anything is changed:\n${output.slice(-3000)}`)
    }
    // One in any case, however long the first build took.
    for (let late = false; queue.length > 0 && !late; late = performance.now() - startedAt > seconds * 1000) {
      const mutant = queue.shift()
      const result = await tryMutant(folder, mutant, tree.get(mutant.file))
      known[nameOf(mutant)] = { ...result, key: keyOf(mutant, result, tree) }
      writeFileSync(resultsFile, `${JSON.stringify(known, null, 1)}\n`)
      console.log(`${total - queue.length}/${total} ${result.outcome} ${mutant.line} ${nameOf(mutant)}`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, Math.max(1, total)) }, (_, job) => worker(job)))
  return new Map(mutants.filter(isKnown).map((mutant) => [nameOf(mutant), known[nameOf(mutant)].outcome]))
}

/** Returns what is wrong with the list itself: mutants that are no more, that stand twice, or that nobody explained. */
function faultsOf(list, mutants) {
  const names = new Set(mutants.map(nameOf))
  const listed = list.map(nameOf)
  return [
    ...listed.filter((name) => !names.has(name)).map((name) => `no such mutant any more: ${name}`),
    ...listed.filter((name, i) => listed.indexOf(name) !== i).map((name) => `listed twice: ${name}`),
    ...list.filter(({ why }) => !(why?.length > 20)).map((entry) => `not explained: ${nameOf(entry)}`),
  ]
}

async function main() {
  const option = (fallback) => ({ type: 'string', ...(fallback && { default: fallback }) })
  const { values } = parseArgs({
    options: {
      ...{
        check: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        sample: option(),
        seed: option(),
      },
      ...{ seconds: option('Infinity'), jobs: option('2') },
    },
  })
  mkdirSync(cacheDir, { recursive: true })
  const tree = readTree()
  const mutants = allMutants(tree)
  const list = readJson(listFile, [])
  const faults = faultsOf(list, mutants)
  const listed = new Set(list.map(nameOf))
  if (values.check !== true) {
    const wanted = mutants.filter(({ file }) => values.only?.some((name) => file.endsWith(name)) ?? true)
    const unlisted = wanted.filter((mutant) => !listed.has(nameOf(mutant)))
    const sources = [...tree].filter(([file]) => file.startsWith(sourceDir)).map(([, text]) => text)
    const seed = values.seed ?? sha256(sources.join(''))
    const chosen = values.sample === undefined ? wanted : sampleOf(unlisted, Number(values.sample), seed)
    const name = values.sample === undefined ? 'whole' : 'sample'
    const outcomes = await run(chosen, tree, {
      name,
      jobs: Number(values.jobs),
      seconds: Number(values.seconds),
    })
    const count = (outcome) => [...outcomes.values()].filter((each) => each === outcome).length
    console.log(
      `${chosen.length} mutants: ${count('killed')} killed, ${count('survived')} survived (${listed.size} are explained), ` +
        `${count('invalid')} do not compile, ${chosen.length - outcomes.size} not tried`,
    )
    for (const [name, outcome] of outcomes) {
      if (outcome === 'survived' && !listed.has(name)) faults.push(`no test notices: ${name}`)
      if (outcome !== 'survived' && listed.has(name))
        faults.push(`need not be listed, it is ${outcome}: ${name}`)
    }
    if (values.sample !== undefined && count('killed') === 0) faults.push('not one mutant was killed')
  }
  for (const fault of faults) console.error(fault)
  return faults.length === 0 ? 0 : 1
}

process.exitCode = await main()
