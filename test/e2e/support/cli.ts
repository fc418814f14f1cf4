import { type ChildProcess, spawn } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { runSouk, SOUK } from '../processes.fixture.ts'
import type { Stage } from './stage.ts'

/** `souk` commands in the market of a stage, through its running agent. */
export function soukIn(stage: Stage) {
  const env = { SOUK_HOME: dirname(stage.home) }
  const network = ['--network', basename(stage.home)]
  return {
    /** Runs a command to its end; `rest` comes behind all options. */
    run: (args: readonly string[], ...rest: string[]) => runSouk([...args, ...network, ...rest], env),
    /** Starts a command that goes on. */
    start(args: readonly string[], ...rest: string[]): StartedSouk {
      const all = [SOUK, ...args, ...network, ...rest]
      return new StartedSouk(spawn(process.execPath, all, { env: { ...process.env, ...env } }))
    },
    /** Runs a shell command in a terminal of its own; what it says is on standard output. */
    inTerminal: (command: string) =>
      new StartedSouk(spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, ...env } })),
  }
}

/** A `souk` process and what it has said so far. */
export class StartedSouk {
  readonly child: ChildProcess
  readonly said = { stdout: '', stderr: '' }
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>

  constructor(child: ChildProcess) {
    this.child = child
    child.stdout?.on('data', (chunk) => {
      this.said.stdout += chunk
    })
    child.stderr?.on('data', (chunk) => {
      this.said.stderr += chunk
    })
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
    )
  }
}
