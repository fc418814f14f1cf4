import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type ExecProcess, type Inside, RuntimeError } from '@souk/runtime'

/** The host itself as the inside of an execution: real processes, sockets and files, without any confinement. */
export class HostInside implements Inside {
  readonly children: ChildProcess[] = []

  async exec(command: readonly string[]): Promise<ExecProcess> {
    const [file = '', ...args] = command
    // A group of its own, so that a shell's own children go with it.
    const child = spawn(file, args, { stdio: 'pipe', detached: true })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new RuntimeError(error.message, { code: 'NOT_STARTED' })))
    })
    this.children.push(child)
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      exited: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1))),
      resize: async () => {},
      kill: async () => killGroup(child),
    }
  }

  connect(port: number, signal: AbortSignal) {
    return new Promise<ReturnType<typeof createConnection>>((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, signal })
      socket.once('connect', () => resolve(socket))
      socket.once('error', (error) => reject(new RuntimeError(error.message, { code: 'NO_LISTENER' })))
    })
  }

  async read(path: string) {
    this.#require(path)
    const child = spawn('tar', ['-C', dirname(path), '-cf', '-', basename(path)])
    this.children.push(child)
    return child.stdout
  }

  async write(path: string, tar: NodeJS.ReadableStream): Promise<void> {
    this.#require(path)
    const child = spawn('tar', ['-C', path, '-xf', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
    this.children.push(child)
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    // It may end at the archive's end mark, before it read the padding behind it: its exit code tells.
    const [code] = await Promise.all([exited, pipeline(tar, child.stdin).catch(() => {})])
    if (code !== 0) throw new RuntimeError(`tar ended with ${code}`, { code: 'NO_SUCH_PATH' })
  }

  /** Tells whether any process that was started here still runs. */
  isBusy(): boolean {
    return this.children.some((child) => child.exitCode === null && child.signalCode === null)
  }

  #require(path: string): void {
    if (!existsSync(path)) throw new RuntimeError(`there is no ${path}`, { code: 'NO_SUCH_PATH' })
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, 'SIGKILL')
}
