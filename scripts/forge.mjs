#!/usr/bin/env node
// Runs forge on contracts/ with the arguments given, and ends with forge's own exit code:
// the wrapper that npm puts into .bin ends with 0 even when tests fail.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const rootDir = join(dirname(fileURLToPath(import.meta.url)), '..')
const config = join('contracts', 'foundry.toml')

/** Returns the path of forge's binary for this platform; throws a plain sentence where there is none. */
export function forgeBinary() {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch]
  const name = `@foundry-rs/forge-${process.platform}-${arch}`
  const file = process.platform === 'win32' ? 'forge.exe' : 'forge'
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', file)
  } catch (cause) {
    throw new Error(`Expected the package ${name}; it is not installed. Run npm install.`, { cause })
  }
}

/** Runs forge with `args` and resolves with its exit code (128 + n when signal n ended it). */
export function runForge(args, stdio = 'inherit') {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, FOUNDRY_CONFIG: config }
    const child = spawn(forgeBinary(), args, { cwd: rootDir, stdio, env })
    const forward = (signal) => child.kill(signal)
    process.once('SIGINT', forward).once('SIGTERM', forward)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await runForge(process.argv.slice(2))
}
