import { CliError } from '../errors.ts'

/** The terminal that this process runs in, handed over to a command elsewhere. */
export interface RawTerminal {
  readonly columns: number
  readonly rows: number
  /** Calls back whenever its size changes. */
  onResize(callback: (columns: number, rows: number) => void): void
  /** Gives it back as it was; may be called again. */
  restore(): void
}

/** A size for terminals that do not tell theirs. */
const USUAL = { columns: 80, rows: 24 } as const

/**
 * Takes the terminal over: every key goes to the command, Ctrl-C too. It is given back however this process ends.
 *
 * Throws {@link CliError} `BAD_OPTION` where standard input or output is no terminal.
 */
export function takeTerminal(): RawTerminal {
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new CliError('expected a terminal for --tty, got a pipe or a file; leave -t out', {
      code: 'BAD_OPTION',
      option: '--tty',
    })
  }
  const size = () => [stdout.columns || USUAL.columns, stdout.rows || USUAL.rows] as const
  const [columns, rows] = size()
  const listeners: (() => void)[] = []
  const restore = () => {
    stdin.setRawMode(false)
    for (const listener of listeners.splice(0)) stdout.off('resize', listener)
    process.off('exit', restore)
  }
  stdin.setRawMode(true)
  process.on('exit', restore)
  return {
    columns,
    rows,
    onResize(callback) {
      const listener = () => callback(...size())
      listeners.push(listener)
      stdout.on('resize', listener)
    },
    restore,
  }
}
