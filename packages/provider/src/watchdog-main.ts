import { type ChildProcess, spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { createLog } from './log.ts'
import { isMarked } from './watchdog-mark.ts'
import { type HeartMessage, WATCHED } from './watchdog-messages.ts'
import { HEART_MS, newWatchdog, type WatchdogAction, type WatchdogEvent, watch } from './watchdog-policy.ts'

/** Seconds of silence after which a provider is killed, unless told. */
const STALL_SECONDS = 30
/** Signals that are meant for the provider. */
const PASSED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP']

// Small on purpose: it loads nothing but Node, this and the few files above, and reads no key and no password.
process.stdout.on('error', () => undefined)
const log = createLog(
  (line) => process.stdout.write(line),
  optionOf('--log') === 'json' ? 'json' : 'text',
  Date.now,
)
const dog = newWatchdog(readSeconds() * 1_000, performance.now())
let child: ChildProcess | undefined
let folder: string | undefined

for (const signal of PASSED) process.on(signal, () => hear({ type: 'signal', signal }))
setInterval(() => {
  if (!dog.isThere && folder !== undefined && isMarked(folder, child?.pid)) hear({ type: 'called-off' })
  hear({ type: 'tick' })
}, HEART_MS)
hear({ type: 'tick' })

function hear(event: WatchdogEvent): void {
  for (const action of watch(dog, event, performance.now())) act(action)
}

function act(action: WatchdogAction): void {
  switch (action.do) {
    case 'start':
      start()
      return
    case 'kill':
      log.warn('the watchdog kills the provider', { pid: child?.pid, why: action.why })
      child?.kill('SIGKILL')
      return
    case 'pass':
      child?.kill(action.signal)
      return
    case 'wait':
      log.warn('the watchdog starts the provider again soon', { ms: action.ms })
      return
    case 'leave':
      log.info('the watchdog ends', { why: action.why })
      process.exit(action.code)
  }
}

/** Starts the provider in a session of its own: a terminal's signals reach it through us, and once. */
function start(): void {
  const one = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    env: { ...process.env, [WATCHED]: String(dog.starts.length) },
  })
  child = one
  one.on('message', (message: HeartMessage) => {
    // What an earlier one said last must not count for this one.
    if (one !== child || !dog.isThere) return
    if (message.kind === 'began') folder = message.folder
    hear({ type: message.kind === 'ready' ? 'ready' : 'beat' })
  })
  const over = (code: number | null, why: string) => {
    log.warn('the provider ended', { pid: one.pid, why })
    hear({ type: 'ended', code, isMeant: folder !== undefined && isMarked(folder, one.pid) })
  }
  one.on('exit', (code, signal) => over(code, signal ?? `exit code ${code}`))
  one.on('error', (error) => {
    // Else it is a signal or a message that did not arrive, and its end is still to come.
    if (one.pid === undefined) over(1, error.message)
  })
}

function readSeconds(): number {
  const given = Number(optionOf('--watchdog-seconds') ?? STALL_SECONDS)
  // The provider itself says what is wrong with an option.
  return given > 0 ? given : STALL_SECONDS
}

/** Returns what follows an option on the command line. */
function optionOf(option: string): string | undefined {
  const at = process.argv.findLastIndex((word) => word === option || word.startsWith(`${option}=`))
  const word = process.argv[at]
  return word === option ? process.argv[at + 1] : word?.slice(option.length + 1)
}
