#!/usr/bin/env node
// Builds the contracts and writes their ABIs and bytecode as TypeScript, so that running the product needs neither
// forge nor solc. With --check it writes nothing and ends with 1 when a committed file is not what the sources build.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootDir, runForge } from './forge.mjs'

const targetDir = join('packages', 'settlement', 'src', 'generated')
const contracts = [
  { contract: 'Escrow', name: 'escrow' },
  { contract: 'Court', name: 'court' },
  { contract: 'DevToken', name: 'devToken' },
]

/** Returns the text of the generated file of one built contract. */
function render({ contract, name }) {
  const path = join(rootDir, 'contracts', 'out', `${contract}.sol`, `${contract}.json`)
  const { abi, bytecode, deployedBytecode } = JSON.parse(readFileSync(path, 'utf8'))
  return [
    `// Generated from contracts/src/${contract}.sol by scripts/generate.mjs.`,
    `export const ${name}Abi = ${JSON.stringify(abi, null, 2)} as const`,
    '',
    `export const ${name}Bytecode =\n  '${bytecode.object}' as const`,
    '',
    '/** The code on chain, with zeros where the constructor writes: [first byte, bytes] of each place. */',
    `export const ${name}Runtime =\n  '${deployedBytecode.object}' as const`,
    '',
    `export const ${name}Immutables = ${JSON.stringify(immutablesOf(deployedBytecode))} as const`,
    '',
  ].join('\n')
}

/** Returns where immutables stand in the code, in rising order. */
function immutablesOf({ immutableReferences = {} }) {
  return Object.values(immutableReferences)
    .flat()
    .map(({ start, length }) => [start, length])
    .sort(([a], [b]) => a - b)
}

/** Writes `text` to `path` below the root, or with `check` only says whether it is there already. */
function update(path, text, check) {
  const file = join(rootDir, path)
  const same = existsSync(file) && readFileSync(file, 'utf8') === text
  if (same || check) return same
  mkdirSync(join(rootDir, targetDir), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${path}`)
  return true
}

async function main(check) {
  const code = await runForge(['build', '--skip', 'test'], ['ignore', 'ignore', 'inherit'])
  if (code !== 0) return code
  const stale = contracts
    .map((entry) => ({ path: join(targetDir, `${entry.name}.ts`), text: render(entry) }))
    .filter(({ path, text }) => !update(path, text, check))
  for (const { path } of stale) {
    console.error(`${path} is not what contracts/src builds. Run: npm run generate`)
  }
  return stale.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.includes('--check'))
