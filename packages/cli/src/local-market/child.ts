import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CliError } from '../errors.ts'
import { BoundedLog } from './bounded-log.ts'

/** A process of the local market. */
export interface Child {
  readonly name: string
  readonly pid: number
  /** The facts of its `ready` line. */
  readonly ready: Readonly<Record<string, unknown>>
  isRunning(): boolean
  /** Kills it with SIGKILL at once, as a power cut would; resolves when it is gone. */
  kill(): Promise<void>
  /** Asks it to end by closing its standard input, and kills it when it takes too long. */
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly name: string
  /** Launcher of the program, plain JavaScript. */
  readonly script: string
  readonly args: readonly string[]
  /** Flags of Node itself. */
  readonly flags?: readonly string[]
  /** What its environment has beside ours. */
  readonly env?: Readonly<Record<string, string>>
  readonly logFile: string
  readonly signal?: AbortSignal
}

/** Milliseconds a process may take to become ready, on a machine that is busy. */
const READY_MS = 60_000
/** Milliseconds a process may take to end before it is killed. */
const STOP_MS = 8_000

/**
 * Starts a process that logs JSON lines and waits for its line `ready`.
 *
 * It has a process group of its own, so that Ctrl-C reaches only us, and ends when its standard input does, so
 * that it cannot outlive us. Throws {@link CliError} `CHILD_FAILED`.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, script, args, logFile, flags = [], env = {} } = options
  options.signal?.throwIfAborted()
  const log = new BoundedLog(logFile)
  const child = spawn(process.execPath, [...flags, script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  })
  child.stdin.on('error', () => {})
  child.stderr.on('data', (said: Buffer) => log.write(said))
  child.once('close', () => log.close())
  const exited = once(child, 'exit').then(() => {})
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    const ready = await untilReady(child, log, options)
    return {
      name,
      pid: child.pid ?? 0,
      ready,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      kill,
      async stop() {
        child.stdin.end()
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
        await exited
        clearTimeout(timer)
      },
    }
  } catch (error) {
    await kill()
    throw error
  }
}

async function untilReady(
  child: ChildProcess,
  log: BoundedLog,
  { name, logFile, signal }: ChildOptions,
): Promise<Record<string, unknown>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
  const fail = (why: string) =>
    reject(
      new CliError(`expected ${name} to start, ${why}; see ${logFile}`, {
        code: 'CHILD_FAILED',
        name,
        log: logFile,
      }),
    )
  const timer = setTimeout(() => fail(`it was not ready after ${READY_MS / 1000} s`), READY_MS)
  const onAbort = () => fail('we were stopped')
  signal?.addEventListener('abort', onAbort, { once: true })
  let tail = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-400)
  })
  child.on('error', (error) => fail(error.message))
  child.on('exit', () => fail(`it ended: ${tail.trim() || 'without a word'}`))
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`)
      const facts = readReady(line)
      if (facts !== undefined) resolve(facts)
    })
  }
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function readReady(line: string): Record<string, unknown> | undefined {
  if (!line.includes('"ready"')) return undefined
  const facts = JSON.parse(line) as Record<string, unknown>
  return facts.message === 'ready' ? facts : undefined
}
