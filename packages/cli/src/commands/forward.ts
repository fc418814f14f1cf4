import { errorCode, errorMessage } from '@souk/protocol'
import type { SessionPlace } from '@souk/requester'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { type Forwarder, startForwarder } from '../inside/forwarder.ts'
import { addTarget, readTarget, type TargetOptions } from '../inside/target.ts'
import { untilInterrupted } from '../interrupt.ts'
import type { InsideSession } from '../owner.ts'
import { printJson, withSession } from './shared.ts'

/** What connections fail with once the program is over: no other will do better. */
const OVER = ['NO_PLACE', 'NO_ATTEMPT', 'NOT_RUNNING', 'UNKNOWN_LEASE', 'NOT_SUPPORTED']
const MOST_PORT = 65_535

/** Adds `souk forward`. */
export function addForward(program: Command): void {
  const command = program
    .command('forward')
    .description('join a port on this machine and one that a running program listens on, until Ctrl-C')
    .argument('<job or lease>', 'as souk ps and souk leases name it')
    .argument('<[local:]port>', "the program's port; local 0 takes a free one")
  addTarget(command).action(forward)
}

async function forward(name: string, ports: string, options: TargetOptions): Promise<void> {
  const [local, port] = readPorts(ports)
  await withSession(options, async ({ owner }) => {
    const signal = untilInterrupted()
    // Once: what is meant must not become another attempt with the next connection.
    const place = await owner.call<SessionPlace>('place', readTarget(name, options))
    const target = { name: place.lease, task: place.task }
    const over = Promise.withResolvers<void>()
    const onProblem = (error: unknown) => {
      if (OVER.includes(errorCode(error))) over.reject(error)
      else process.stderr.write(`souk: a connection failed: ${errorMessage(error)} [${errorCode(error)}]\n`)
    }
    const open = () => owner.session({ target, purpose: { kind: 'forward', port } })
    const forwarder = await start(local, open, onProblem)
    signal.addEventListener('abort', () => over.resolve())
    if (signal.aborted) over.resolve()
    if (options.json) printJson({ host: '127.0.0.1', port: forwarder.port, to: port, ...place })
    else process.stdout.write(`127.0.0.1:${forwarder.port} leads to port ${port} of job ${place.job}\n`)
    await over.promise.finally(() => forwarder.stop())
    return 0
  })
}

async function start(
  port: number,
  open: () => Promise<InsideSession>,
  onProblem: (error: unknown) => void,
): Promise<Forwarder> {
  try {
    return await startForwarder(port, open, onProblem)
  } catch (cause) {
    throw new CliError(
      `expected to listen on 127.0.0.1:${port}, got: ${errorMessage(cause)}; give another as LOCAL:PORT, 0 for any`,
      { code: 'PORT_TAKEN', port },
      { cause },
    )
  }
}

function readPorts(text: string): [local: number, port: number] {
  const match = /^(?:(\d{1,5}):)?(\d{1,5})$/.exec(text)
  const [local, port] = [Number(match?.[1] ?? match?.[2]), Number(match?.[2])]
  if (local <= MOST_PORT && port >= 1 && port <= MOST_PORT) return [local, port]
  throw new CliError(`expected PORT or LOCAL:PORT, ports from 1 to ${MOST_PORT}, got ${text}`, {
    code: 'BAD_OPTION',
    option: 'port',
  })
}
