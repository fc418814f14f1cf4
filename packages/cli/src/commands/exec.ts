import { type Exec, execOf } from '@souk/requester'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { escapeWatch } from '../inside/escape.ts'
import { addTarget, readTarget, type TargetOptions } from '../inside/target.ts'
import { type RawTerminal, takeTerminal } from '../inside/terminal.ts'
import { writeOut } from '../inside/write-out.ts'
import { untilInterrupted } from '../interrupt.ts'
import { withSession } from './shared.ts'

interface Options extends TargetOptions {
  interactive: boolean
  tty: boolean
}

/** Adds `souk exec`. */
export function addExec(program: Command): void {
  const command = program
    .command('exec')
    .description('run a command beside a running program; its exit code becomes ours')
    .argument('<job or lease>', 'as souk ps and souk leases name it')
    .argument('<command...>', 'command and arguments, after --')
    .option('-i, --interactive', 'hand on standard input', false)
    .option('-t, --tty', 'in a terminal; Enter ~ . leaves one that no longer answers', false)
    .passThroughOptions()
  addTarget(command).action(run)
}

async function run(name: string, words: string[], options: Options): Promise<void> {
  // Everything behind the name is the command's, the word that parts it included.
  const command = words[0] === '--' ? words.slice(1) : words
  if (command.length === 0) throw noCommand()
  if (words[0] !== '--' && command[0]?.startsWith('-') === true) throw optionBehindName(name, command[0])
  await withSession(options, async ({ owner }) => {
    const signal = untilInterrupted()
    const target = readTarget(name, options)
    const terminal = options.tty ? takeTerminal() : null
    try {
      const size = terminal && { columns: terminal.columns, rows: terminal.rows }
      const exec = execOf(await owner.session({ target, purpose: { kind: 'exec', command, terminal: size } }))
      signal.addEventListener('abort', () => exec.kill())
      if (signal.aborted) exec.kill()
      return await join(exec, terminal, options.interactive)
    } catch (error) {
      if (!signal.aborted) throw error
      return EXIT.interrupted
    } finally {
      terminal?.restore()
    }
  })
}

/** Joins our streams and the command's until it ends; returns its exit code. */
async function join(exec: Exec, terminal: RawTerminal | null, isInteractive: boolean): Promise<number> {
  let left = false
  const leave = () => {
    left = true
    exec.kill()
  }
  // The window may be gone before the command is: both are told by its output.
  terminal?.onResize((columns, rows) => void exec.resize(columns, rows).catch(() => {}))
  const typing = isInteractive ? type(exec, terminal !== null, leave) : exec.end()
  typing.catch(() => {})
  try {
    for await (const { stream, bytes } of exec.output)
      await writeOut(stream === 'stdout' ? process.stdout : process.stderr, bytes)
    return await exec.exited
  } catch (error) {
    if (!left) throw error
    terminal?.restore()
    process.stderr.write('\nsouk: left; the command is stopped\n')
    return EXIT.interrupted
  }
}

async function type(exec: Exec, isTerminal: boolean, leave: () => void): Promise<void> {
  const watch = escapeWatch()
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    if (!isTerminal) {
      await exec.write(chunk)
      continue
    }
    const { bytes, ends } = watch(chunk)
    if (ends) return leave()
    if (bytes.byteLength > 0) await exec.write(bytes)
  }
  await exec.end()
}

function noCommand(): CliError {
  return new CliError('expected a command, such as: souk exec -it LEASE -- sh', {
    code: 'BAD_OPTION',
    option: 'command',
  })
}

/** No command is called so: without this it would fail far away, as a program that does not exist. */
function optionBehindName(name: string, option: string): CliError {
  const sentence = `expected the command behind ${name}, got ${option}; options go before the name: souk exec ${option} … ${name} -- sh`
  return new CliError(sentence, { code: 'BAD_OPTION', option })
}
