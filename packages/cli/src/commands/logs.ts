import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { showLogs } from '../inside/show-logs.ts'
import { addTarget, readTarget, type TargetOptions } from '../inside/target.ts'
import { untilInterrupted } from '../interrupt.ts'
import { withSession } from './shared.ts'

interface Options extends TargetOptions {
  follow: boolean
  stderr: boolean
}

/** Adds `souk logs`. */
export function addLogs(program: Command): void {
  const command = program
    .command('logs')
    .description('show what a running program wrote last, each stream as what it is')
    .argument('<job or lease>', 'as souk ps and souk leases name it')
    .option('-f, --follow', 'go on with what it writes, until it ends', false)
    .option('--stderr', 'its standard error alone, on standard output', false)
  addTarget(command).action(logs)
}

async function logs(name: string, options: Options): Promise<void> {
  await withSession(options, async ({ owner }) => {
    const { follow } = options
    const signal = untilInterrupted()
    const session = await owner.session({
      target: readTarget(name, options),
      purpose: { kind: 'logs', follow },
    })
    signal.addEventListener('abort', () => session.hangUp())
    try {
      await showLogs(session, options.json ? 'json' : options.stderr ? 'stderr' : 'both')
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return signal.aborted ? EXIT.interrupted : 0
  })
}
