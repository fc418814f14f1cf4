#!/usr/bin/env node
// Runs Slither, a static analyser that npm does not bring, over the contracts with the compiler that npm does. Says so
// plainly where Slither is missing (`pip install slither-analyzer`; SLITHER names another binary) and ends with 0 then,
// with 1 when it finds what contracts/SLITHER.md does not answer.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { forgeBinary, rootDir } from './forge.mjs'

const slither = process.env.SLITHER ?? 'slither'
const answersFile = join(rootDir, 'contracts', 'SLITHER.md')

/** Returns Slither's findings about the contracts, in a copy that looks as it expects: foundry.toml at the root. */
function findingsIn(folder) {
  for (const part of ['contracts/src', 'scripts/solc.mjs', 'package.json']) {
    cpSync(join(rootDir, part), join(folder, part), { recursive: true })
  }
  cpSync(join(rootDir, 'contracts', 'foundry.toml'), join(folder, 'foundry.toml'))
  symlinkSync(join(rootDir, 'node_modules'), join(folder, 'node_modules'), 'junction')
  run(forgeBinary(), ['build', '--build-info', '--root', folder], folder)
  const report = join(folder, 'report.json')
  const options = [
    '--ignore-compile',
    '--foundry-out-directory',
    'contracts/out',
    '--filter-paths',
    'node_modules',
  ]
  run(slither, ['.', ...options, '--json', report], folder)
  return JSON.parse(readFileSync(report, 'utf8')).results.detectors ?? []
}

/** Runs a program that is to succeed; Slither ends with 255 when it found something, which is no failure. */
function run(program, args, cwd) {
  // Slither asks forge for its configuration.
  const path = [dirname(forgeBinary()), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, FOUNDRY_CONFIG: 'foundry.toml' }
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
  if (status === 0 || (program === slither && status === 255)) return
  throw new Error(`Expected ${program} to succeed; it said: ${error ?? (stdout + stderr).slice(-2000)}`)
}

/** Names a finding by its kind and the functions it is in, which outlives changes elsewhere. */
function nameOf({ check, elements }) {
  const [first] = elements.filter(({ type }) => ['function', 'variable', 'contract', 'struct'].includes(type))
  const place = first ?? elements[0]
  const parent = place?.type_specific_fields?.parent?.name
  return `${check}: ${[parent, place?.name].filter((part) => part && !/\.sol$/.test(part)).join('.')}`
}

function main() {
  if (spawnSync(slither, ['--version']).status !== 0) {
    console.log(
      'Slither is not installed here, so the contracts were not analysed: pip install slither-analyzer',
    )
    return 0
  }
  const folder = mkdtempSync(join(tmpdir(), 'souk-slither-'))
  const found = new Set(findingsIn(folder).map(nameOf))
  rmSync(folder, { recursive: true })
  const answered = new Set(
    [...readFileSync(answersFile, 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name),
  )
  const faults = [
    ...[...found].filter((name) => !answered.has(name)).map((name) => `not answered: ${name}`),
    ...[...answered].filter((name) => !found.has(name)).map((name) => `found no more: ${name}`),
  ]
  for (const fault of faults.sort()) console.error(fault)
  console.log(
    `${found.size} findings, ${found.size - faults.length} of them answered in contracts/SLITHER.md`,
  )
  return faults.length === 0 ? 0 : 1
}

process.exitCode = main()
