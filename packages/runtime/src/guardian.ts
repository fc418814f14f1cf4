import { type ChildProcess, spawn } from 'node:child_process'
import { ownerName } from './container/owner.ts'
import { writeStarted } from './started.ts'

/**
 * Reads lists of process ids and, when its input ends, kills the last list. It ignores the terminal's
 * signals, so that only the end of its parent (or an empty list) ends it.
 */
const SCRIPT = `trap '' HUP INT TERM
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids`

/**
 * Processes that must not outlive this one, not even when this one is killed while they spin.
 *
 * A spinning program never sees its channel close, so a small shell does: the kernel closes its input when we
 * die, however we die. One shell serves the whole process and lives while there is someone to guard.
 */
const guarded = new Map<number, string>()
let shell: ChildProcess | undefined
let book: string | undefined

/** Has what is guarded named in a file from now on, for whoever comes after us if the shell is killed as well. */
export function keepBook(file: string): void {
  book = file
  note()
}

/** Has `pid` killed if this process ends before {@link release}; does nothing on Windows, which has no sh. */
export function guard(pid: number): void {
  if (process.platform === 'win32') return
  guarded.set(pid, ownerName(pid))
  note()
  if (shell) tell(shell)
  else startShell()
}

/** Stops guarding `pid`, which has ended. */
export function release(pid: number): void {
  if (!guarded.delete(pid)) return
  note()
  if (!shell) return
  tell(shell)
  if (guarded.size > 0) return
  shell.stdin?.end()
  shell = undefined
}

function startShell(): void {
  const started = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  })
  // A shell that is gone breaks the pipe; its exit is what tells us.
  started.stdin.on('error', () => undefined)
  started.once('exit', () => replace(started)).once('error', () => replace(started))
  started.unref()
  shell = started
  tell(started)
}

/** Starts another shell if this one ended while it was needed. */
function replace(ended: ChildProcess): void {
  if (shell !== ended) return
  shell = undefined
  if (guarded.size > 0) startShell()
}

function tell(listener: ChildProcess): void {
  listener.stdin?.write(`${[...guarded.keys()].join(' ')}\n`)
}

function note(): void {
  if (book !== undefined) writeStarted(book, [...guarded.values()])
}
