import { Duplex, type Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { RuntimeError } from '../errors.ts'
import { type Docker, daemon, daemonMessage, removeContainer } from './docker.ts'
import { type Piece, pieces } from './frames.ts'
import { keeperSettings, PROGRAM_UID, type WorkDevice } from './settings.ts'

/** What the keeper says of a work folder with too much in it; no checkpoint has a dot in its name. */
const FULL = '.full'
/** Characters of a checkpoint's name; longer lines are nobody's. */
const NAME_CHARS = 256

/**
 * The container beside a program's: first process of the process namespace and owner of the network that both share,
 * and holder of the work folder and the secrets. It ends when our connection to it does, however we end.
 */
export class Keeper {
  readonly #docker: Docker
  readonly #container: Dockerode.Container
  readonly #line: NodeJS.ReadWriteStream
  /** Hears the name of each checkpoint that the program finished. */
  onCheckpoint: (name: string) => void = () => undefined
  /** Hears that the work folder holds more than it was given. */
  onFull: () => void = () => undefined

  constructor(docker: Docker, container: Dockerode.Container, line: NodeJS.ReadWriteStream) {
    this.#docker = docker
    this.#container = container
    this.#line = line
    void this.#listen()
  }

  /** Starts a keeper with empty volumes. Throws {@link RuntimeError} `NOT_STARTED`. */
  static async start(docker: Docker, image: string, owner: string, work: WorkDevice): Promise<Keeper> {
    try {
      return await daemon('start a keeper', begin(docker, image, owner, work))
    } catch (cause) {
      throw new RuntimeError(
        `expected a keeper container to start, got: ${daemonMessage(cause)}; see the container daemon's log`,
        { code: 'NOT_STARTED' },
        { cause },
      )
    }
  }

  get id(): string {
    return this.#container.id
  }

  /** Has it told when the work folder holds so many bytes and files more than now. */
  watch(bytes: number, files: number): void {
    this.#line.write(`${bytes} ${files}\n`)
  }

  /** Unpacks a tar stream below a folder of the volumes. */
  async put(path: string, tar: Readable): Promise<void> {
    await this.#container.putArchive(tar, { path })
  }

  /** Returns a file or folder of the volumes as a tar stream. */
  async get(path: string): Promise<Readable> {
    return toReadable(await this.#container.getArchive({ path }))
  }

  /** Connects to a TCP port that the program listens on. Throws {@link RuntimeError} `NO_LISTENER`. */
  async connect(port: number, signal: AbortSignal): Promise<Duplex> {
    const exec = await this.#container.exec({
      Cmd: ['/keeper', 'relay', String(port)],
      AttachStdin: true,
      AttachStdout: true,
      abortSignal: signal,
    })
    const socket = await exec.start({ hijack: true, stdin: true, abortSignal: signal })
    const output = pieces(socket)
    const first = await output.next()
    if (first.done) throw noListener(port)
    return tunnel(socket, output, first.value.bytes.subarray(1), signal)
  }

  /** Ends every process whose environment has the entry. */
  async killMarked(entry: string): Promise<void> {
    const User = `${PROGRAM_UID}:${PROGRAM_UID}`
    const exec = await this.#container.exec({ Cmd: ['/keeper', 'kill', entry], User, AttachStdout: true })
    const stream = await exec.start({ hijack: true, stdin: false })
    for await (const _ of stream) {
      // It says nothing; its end is what we wait for.
    }
  }

  /** Ends the keeper, and with it every process of the program. */
  async stop(): Promise<void> {
    this.#line.end()
    await removeContainer(this.#docker, this.id)
  }

  async #listen(): Promise<void> {
    let rest = ''
    try {
      for await (const { bytes } of pieces(toReadable(this.#line))) {
        const lines = (rest + bytes.toString('utf8')).split('\n')
        rest = (lines.pop() ?? '').slice(0, NAME_CHARS)
        for (const name of lines) {
          if (name === FULL) this.onFull()
          else this.onCheckpoint(name)
        }
      }
    } catch {
      // The connection broke: the keeper is gone, and what runs beside it ends too.
    }
  }
}

async function begin(docker: Docker, image: string, owner: string, work: WorkDevice): Promise<Keeper> {
  const container = await docker.createContainer(keeperSettings(image, owner, work))
  try {
    const line = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true })
    await container.start()
    return new Keeper(docker, container, line)
  } catch (error) {
    await removeContainer(docker, container.id)
    throw error
  }
}

/** Joins what the relay reads and writes to one stream; each direction waits for its slower end. */
function tunnel(socket: Duplex, output: AsyncGenerator<Piece>, first: Buffer, signal: AbortSignal): Duplex {
  const joined = new Duplex({
    read() {
      const take = ({ done, value }: IteratorResult<Piece, void>) => joined.push(done ? null : value?.bytes)
      output.next().then(take, (error) => joined.destroy(error))
    },
    write: (chunk, _, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      signal.removeEventListener('abort', close)
      socket.destroy()
      done(error)
    },
  })
  const close = () => void joined.destroy()
  signal.addEventListener('abort', close, { once: true })
  socket.on('error', (error) => joined.destroy(error))
  if (first.length > 0) joined.push(first)
  return joined
}

/** The client's streams are Node's, whatever their type says. */
export function toReadable(stream: NodeJS.ReadableStream): Readable {
  return stream as Readable
}

function noListener(port: number): RuntimeError {
  return new RuntimeError(
    `expected a program that listens on port ${port}, found none; start its server first`,
    { code: 'NO_LISTENER', port },
  )
}
