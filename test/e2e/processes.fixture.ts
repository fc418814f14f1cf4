import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export const ROOT = resolve(import.meta.dirname, '../..')
export const SOUK = join(ROOT, 'packages/cli/bin/souk.js')

const execute = promisify(execFile)

/** How a command ended and what it said. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `souk` as a process of its own. */
export function runSouk(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return runNode(SOUK, args, env)
}

/** Runs a program of ours as a process of its own. */
export async function runNode(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  const done = await execute(process.execPath, [script, ...args], options).catch((error) => error)
  return { code: done.code ?? 0, stdout: done.stdout, stderr: done.stderr }
}

/** Returns the ids of running processes whose command line names `text`; on Linux, elsewhere none. */
export function processesNaming(text: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(text))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
