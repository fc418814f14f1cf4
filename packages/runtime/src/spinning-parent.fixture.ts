import { readFile } from 'node:fs/promises'
import { startRunner } from './runner-process.ts'

/** Starts a runner, has it spin for ever, prints its process id and stays: to be killed by a test. */
const runner = await startRunner({ pages: 64, nice: 10 })
const world = {
  args: ['conduct', 'spin'],
  env: [],
  stdin: new Uint8Array(),
  inputs: [],
  outputBytes: 0,
  outputFiles: 0,
  seed: 0n,
  clockNs: 0n,
}
const program = await readFile(new URL('../programs/conduct.wasm', import.meta.url))
const ended = runner.ask({ kind: 'run', key: 'spin', program, drop: [], world })
process.stdout.write(`${runner.pid}\n`)
await ended
