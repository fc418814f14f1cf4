#!/usr/bin/env node
// Compiles the contracts that tests of packages/settlement deploy, so that running them needs no compiler. With
// --check it writes nothing and ends with 1 when the committed file is not what the source compiles to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import solc from 'solc'

const folder = join(import.meta.dirname, '..', 'packages', 'settlement', 'src', 'testing')
const source = 'TestContracts.sol'
const target = join(folder, 'generated', 'contracts.ts')
const names = ['OwnedWallet', 'PlainToken', 'OldPermitToken', 'HollowPermitToken']

/** Compiles the source; throws what the compiler complains about. */
function compile() {
  const input = {
    language: 'Solidity',
    sources: { [source]: { content: readFileSync(join(folder, source), 'utf8') } },
    settings: {
      evmVersion: 'prague',
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: 'none' },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input)))
  const wrong = errors.filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) throw new Error(wrong.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return contracts[source]
}

const contracts = compile()
const parts = names.map((name) => {
  const variable = name.charAt(0).toLowerCase() + name.slice(1)
  const { abi, evm } = contracts[name]
  return [
    `export const ${variable}Abi = ${JSON.stringify(abi)} as const`,
    `export const ${variable}Bytecode = '0x${evm.bytecode.object}' as const`,
  ].join('\n')
})
const text = `// Generated from ${source} by scripts/test-contracts.mjs.\n${parts.join('\n')}\n`
const same = existsSync(target) && readFileSync(target, 'utf8') === text

if (process.argv.includes('--check')) {
  if (!same)
    console.error(`${target} is not what ${source} compiles to. Run: node scripts/test-contracts.mjs`)
  process.exitCode = same ? 0 : 1
} else if (!same) {
  mkdirSync(join(folder, 'generated'), { recursive: true })
  writeFileSync(target, text)
}
