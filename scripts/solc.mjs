#!/usr/bin/env node
// Gives forge the npm compiler in the shape of a solc binary: `--version`, and standard JSON on stdin.
import { readFileSync } from 'node:fs'
import solc from 'solc'

if (process.argv.includes('--version')) {
  // forge reads the platform suffix too; npm names its build "Emscripten.clang".
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  console.error('Expected --version or --standard-json, the two calls that forge makes.')
  process.exitCode = 2
}
