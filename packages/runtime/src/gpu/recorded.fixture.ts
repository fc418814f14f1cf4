import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'recorded')

/**
 * Names of all machines whose tools' outputs are kept. They are written after the tools' documentation and what people
 * have published of their output; serial numbers are made up.
 */
export const MACHINES: readonly string[] = readdirSync(FOLDER).map((name) => name.replace(/\.txt$/, ''))

/** What one machine's tools printed, by command; each as `$ command` and the lines below it. */
export type Recorded = ReadonlyMap<string, string>

/** Reads what was recorded of a machine. */
export function recorded(machine: string): Recorded {
  const parts = readFileSync(join(FOLDER, `${machine}.txt`), 'utf8').split(/^\$ /m)
  return new Map(
    parts.slice(1).map((part): [string, string] => {
      const end = part.indexOf('\n')
      return [part.slice(0, end), part.slice(end + 1)]
    }),
  )
}

/** Returns what a machine printed for the command that begins so; empty where it was not asked. */
export function said(machine: string, command: string): string {
  return [...recorded(machine)].find(([name]) => name.startsWith(command))?.[1] ?? ''
}

/** One answer of a tool: what it prints, and its exit status. */
export interface Said {
  readonly text: string
  readonly status?: number
  /** Does not end. */
  readonly hangs?: boolean
}

/**
 * Writes the tools of `answers` to a folder, as programs of their own: each prints what is there for its arguments, and
 * fails for others. Returns a search path on which they come first.
 */
export function installTools(folder: string, answers: Readonly<Record<string, Said>>): string {
  mkdirSync(folder, { recursive: true })
  const cases = new Map<string, string[]>()
  for (const [i, [command, { text, status = 0, hangs = false }]] of Object.entries(answers).entries()) {
    const [tool = '', ...args] = command.split(' ')
    writeFileSync(join(folder, `answer-${i}`), text)
    const act = hangs ? 'exec sleep 60' : `cat "${join(folder, `answer-${i}`)}"; exit ${status}`
    cases.set(tool, [...(cases.get(tool) ?? []), `"${args.join(' ')}") ${act};;`])
  }
  for (const [tool, lines] of cases) {
    const script = join(folder, tool)
    writeFileSync(
      script,
      `#!/bin/sh\ncase "$*" in\n${lines.join('\n')}\nesac\necho unknown option >&2\nexit 2\n`,
    )
    chmodSync(script, 0o755)
  }
  return `${folder}:/usr/bin:/bin`
}

/** Installs the tools of a recorded machine. */
export function installRecorded(folder: string, machine: string): string {
  const answers = [...recorded(machine)].map(([command, text]): [string, Said] => {
    return [command, { text, status: text.startsWith('Field "') ? 2 : 0 }]
  })
  return installTools(folder, Object.fromEntries(answers))
}
