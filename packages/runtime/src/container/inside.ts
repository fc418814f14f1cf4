import { randomUUID } from 'node:crypto'
import { PassThrough, type Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import { RuntimeError } from '../errors.ts'
import type { ExecOptions, ExecProcess, Inside } from '../executor.ts'
import { daemon, daemonMessage } from './docker.ts'
import { pieces } from './frames.ts'
import { type Keeper, toReadable } from './keeper.ts'

/** Milliseconds between two questions whether a command began or ended, and for it to begin at all. */
const LOOK_MS = 20
const EXEC_MS = 30_000
/** The code of a command whose execution ended first. */
const GONE = -1
/** Where volumes are mounted: only the keeper sees them whatever the program does. */
const VOLUMES = /^\/(work|run\/secrets)(\/|$)/

/** A running container, and when it is over. */
export interface Running {
  readonly container: Dockerode.Container
  readonly keeper: Keeper
  readonly over: AbortSignal
}

/** Returns the way into a running container. */
export function insideOf(running: Running): Inside {
  const { container, keeper } = running
  return {
    exec: (command, options) => execute(running, command, options),
    connect: (port, signal) => keeper.connect(port, signal),
    async read(path) {
      try {
        if (VOLUMES.test(path)) return await keeper.get(path)
        return toReadable(await container.getArchive({ path }))
      } catch (error) {
        throw noPath(path, error)
      }
    },
    async write(path, tar) {
      try {
        await (VOLUMES.test(path) ? keeper.put(path, tar) : container.putArchive(tar, { path }))
      } catch (error) {
        throw noPath(path, error)
      }
    },
  }
}

async function execute(
  { container, keeper, over }: Running,
  command: readonly string[],
  { terminal }: ExecOptions,
): Promise<ExecProcess> {
  // Its descendants have the mark too, so that they can be ended together.
  const mark = `SOUK_EXEC=${randomUUID()}`
  const Tty = terminal !== null
  const exec = await container.exec({
    Cmd: [...command],
    Env: terminal === null ? [mark] : [mark, 'TERM=xterm'],
    WorkingDir: '/work',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty,
  })
  const socket = await exec.start({ hijack: true, stdin: true, Tty })
  // The daemon may leave the streams of what died with its container open.
  const close = () => void socket.destroy()
  over.addEventListener('abort', close, { once: true })
  socket.on('error', () => undefined)
  socket.once('close', () => over.removeEventListener('abort', close))
  const { stdout, stderr, ended } = Tty ? whole(socket) : split(socket)
  await begun(exec, command)
  const resize = async (columns: number, rows: number) => {
    // Refused once the command has ended.
    await exec.resize({ w: columns, h: rows }).catch(() => undefined)
  }
  if (terminal !== null) await resize(terminal.columns, terminal.rows)
  return {
    stdin: socket,
    stdout,
    stderr,
    exited: exitOf(exec, ended, over),
    resize,
    kill: () => keeper.killMarked(mark),
  }
}

/** Waits until a command runs or has run. Throws {@link RuntimeError} `NOT_STARTED`. */
async function begun(exec: Dockerode.Exec, command: readonly string[]): Promise<void> {
  const until = performance.now() + EXEC_MS
  while (performance.now() < until) {
    const { Pid, ExitCode } = await daemon('look at a command', exec.inspect())
    if (Pid > 0) return
    // The daemon gives these codes to what it could not begin, and no process number.
    if (ExitCode !== null) throw notStarted(command, `exit code ${ExitCode}`)
    await setTimeout(LOOK_MS)
  }
  throw notStarted(command, `nothing within ${EXEC_MS} ms`)
}

/** Resolves when a command has ended; its streams may end a little before the daemon knows the code. */
async function exitOf(exec: Dockerode.Exec, ended: Promise<void>, over: AbortSignal): Promise<number> {
  await ended
  try {
    while (!over.aborted) {
      const { Running, ExitCode } = await daemon('look at a command', exec.inspect())
      if (!Running) return ExitCode ?? GONE
      await setTimeout(LOOK_MS)
    }
  } catch {
    // The daemon forgot the command with its container.
  }
  return GONE
}

function whole(socket: Readable) {
  const stdout = new PassThrough()
  socket.pipe(stdout)
  const ended = new Promise<void>((resolve) => socket.once('close', resolve).once('end', resolve))
  return { stdout, stderr: null, ended }
}

/** Parts the two streams; whoever leaves one unread holds up the other, as in a shell. */
function split(socket: Readable) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
  const ended = (async () => {
    try {
      for await (const { stream, bytes } of pieces(socket)) {
        if (!streams[stream].write(bytes)) await drained(streams[stream])
      }
    } catch {
      // The connection broke: the execution ended.
    }
    streams.stdout.end()
    streams.stderr.end()
  })()
  return { ...streams, ended }
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve).once('close', resolve))
}

function notStarted(command: readonly string[], got: string): RuntimeError {
  return new RuntimeError(
    `expected the command ${command[0] ?? ''} to start in the container, got ${got}; see what its image has`,
    { code: 'NOT_STARTED', command },
  )
}

function noPath(path: string, cause: unknown): RuntimeError {
  return new RuntimeError(
    `expected ${path} in the container, got: ${daemonMessage(cause)}; only /work can be written`,
    { code: 'NO_SUCH_PATH', path },
    { cause },
  )
}
