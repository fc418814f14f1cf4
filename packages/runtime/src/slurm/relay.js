import { fork } from 'node:child_process'
import { constants } from 'node:os'
import { deserialize, serialize } from 'node:v8'

// The task of a step, on a node of the cluster: starts the runner that it is told to start and passes on what is said
// between it and the provider, whose end of the channel is srun's standard streams. It ends when either end does, with
// the exit code of its runner; Slurm ends whatever is left. Plain JavaScript without our own modules: stripping types
// and loading them would cost every core of a lease some 60 MiB and, at each start, a tenth of a second.

const LENGTH_BYTES = 4
/** The descriptor of a runner's pipe, as in `runner-process.ts`. */
const PIPE = 4
/** Exit code of a relay whose provider is gone. */
const LEFT = 1

let runner
let chunks = []
let have = 0
let need = LENGTH_BYTES

process.stdin.on('data', take)
process.stdin.on('end', () => leave(LEFT)).on('error', () => leave(LEFT))

/** Cuts what comes into messages (`relay-messages.ts`), copying it together once. */
function take(chunk) {
  chunks.push(chunk)
  have += chunk.byteLength
  if (have < need) return
  let bytes = Buffer.concat(chunks)
  need = lengthOf(bytes)
  while (bytes.byteLength >= need) {
    hear(deserialize(bytes.subarray(LENGTH_BYTES, need)))
    bytes = bytes.subarray(need)
    need = lengthOf(bytes)
  }
  chunks = [bytes]
  have = bytes.byteLength
}

function lengthOf(bytes) {
  return bytes.byteLength < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + bytes.readUInt32LE()
}

function hear(request) {
  if (request.kind === 'begin') begin(request)
  // The process that a probe tries to reach is one of this machine.
  else runner?.send(request.kind === 'probe' ? { ...request, pid: process.pid } : request)
}

function begin({ file, args, execPath, execArgv, sources }) {
  say({ kind: 'placed', step: process.env.SLURM_STEP_ID ?? '', node: process.env.SLURMD_NODENAME ?? '' })
  runner = fork(file, args, {
    ...{ execPath, execArgv, env: {}, serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  })
  runner.once('close', (code, signal) => leave(signal === null ? code : 128 + constants.signals[signal]))
  runner.on('error', () => runner.kill('SIGKILL'))
  const pipe = runner.stdio[PIPE]
  pipe.on('error', () => undefined)
  pipe.pipe(process.stdout, { end: false })
  pipe.write(sources)
}

function say(message) {
  const body = serialize(message)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(body.byteLength)
  process.stdout.write(Buffer.concat([length, body]))
}

function leave(code) {
  runner?.kill('SIGKILL')
  process.exit(code ?? LEFT)
}
