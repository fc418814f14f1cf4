#!/usr/bin/env node
// Writes test/golden/wasm-det.json: tasks of wasm-det/1 with the outputs and the fuel that they have on every machine
// and every version of Node. What it writes changes only together with the engine's name. With --check it writes
// nothing and ends with 1 when the committed file differs.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runGolden } from '../packages/runtime/src/testing/golden-det.ts'

const file = fileURLToPath(new URL('../test/golden/wasm-det.json', import.meta.url))
const text = `${JSON.stringify(await runGolden(), null, 2)}\n`
if (!process.argv.includes('--check')) {
  writeFileSync(file, text)
} else if (readFileSync(file, 'utf8') !== text) {
  process.exitCode = 1
  process.stderr.write(
    'test/golden/wasm-det.json is not what wasm-det/1 gives: find out why before anything else\n',
  )
}
