/**
 * A process between a dev chain and whoever started it: ends the chain as soon as its own stdin ends.
 *
 * The kernel closes that pipe however the starter dies, kill -9 included; anvil itself watches nothing. The
 * guard runs in its own process group, so that Ctrl-C reaches the starter alone, which then stops in order.
 * Arguments: anvil's binary, a log file or an empty string, anvil's arguments. Prints one {@link GuardReport}.
 */
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** The one line that the guard prints. */
export type GuardReport =
  | { readonly listening: { readonly port: number; readonly pid: number } }
  | { readonly failed: string }

/** Milliseconds that anvil gets to write its state before it is killed. */
const GRACE_MS = 2_000
/** Characters of anvil's complaint that are passed on. */
const COMPLAINT_CHARS = 2_000

const [binary = '', logFile = '', ...args] = process.argv.slice(2)
const chain = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
const log = logFile === '' ? undefined : createWriteStream(logFile, { flags: 'a', mode: 0o600 })
log?.on('error', () => {})
let complaint = ''

createInterface(chain.stdout).on('line', (line) => {
  log?.write(`${line}\n`)
  const port = /^Listening on .*:(\d+)$/.exec(line)?.[1]
  if (port !== undefined && chain.pid !== undefined)
    report({ listening: { port: Number(port), pid: chain.pid } })
})
chain.stderr.on('data', (chunk: Buffer) => {
  log?.write(chunk)
  complaint = (complaint + chunk.toString()).slice(-COMPLAINT_CHARS)
})
chain.on('error', (error) => end(error.message))
chain.on('close', () => end(complaint.trim() || 'anvil ended'))

process.stdin.resume()
process.stdin.on('end', stopChain)
process.stdin.on('error', stopChain)
process.stdout.on('error', stopChain)
process.on('SIGTERM', stopChain)
process.on('SIGINT', stopChain)
process.on('SIGHUP', stopChain)

function report(line: GuardReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function stopChain(): void {
  chain.kill('SIGTERM')
  setTimeout(() => chain.kill('SIGKILL'), GRACE_MS).unref()
}

function end(reason: string): void {
  report({ failed: reason })
  process.exitCode = 0
  process.stdin.destroy()
}
