import type { JobRequest } from '@souk/requester/node'
import { connectControl } from '@souk/storage/node'
import { printJson, type Session } from '../commands/shared.ts'
import { progressScreen } from '../data/progress-lines.ts'
import { CliError } from '../errors.ts'
import type { Home } from '../home.ts'
import { wordsOf } from './follow.ts'

/** What goes on without its command cannot be done by it. */
const ATTACHED = ['topUp', 'follow', 'out', 'force'] as const

/** Options of which none fits a job that its command leaves. */
export type AttachedOptions = { readonly [K in (typeof ATTACHED)[number]]?: string | boolean }

/**
 * Throws {@link CliError} `NO_AGENT` where no agent runs that could go on with a job, and `BAD_OPTION` for an option
 * that needs the command to stay.
 */
export async function requireDetachable(home: Home, options: AttachedOptions): Promise<void> {
  const given = ATTACHED.find((name) => options[name] !== undefined && options[name] !== false)
  if (given !== undefined) {
    const option = `--${given === 'topUp' ? 'top-up' : given}`
    throw new CliError(`${option}: expected without --detach; give it to souk wait JOB`, {
      code: 'BAD_OPTION',
      option,
    })
  }
  await requireAgent(home)
}

/** Throws {@link CliError} `NO_AGENT` where no agent runs. */
export async function requireAgent(home: Home): Promise<void> {
  const client = await connectControl(home.agent)
  client?.close()
  if (client !== undefined) return
  throw new CliError(
    'expected a running agent to go on with the job, there is none; souk agent start starts one, souk up a local market with one',
    { code: 'NO_AGENT', home: home.path },
  )
}

/** Starts a job, says its name, and leaves it to the agent. */
export async function startDetached(
  { owner, config }: Session,
  request: JobRequest,
  { json }: { readonly json: boolean },
): Promise<number> {
  const screen = progressScreen(process.stderr)
  const say = (event: unknown) => {
    const sentence = json ? undefined : wordsOf(event, screen, config)
    if (sentence !== undefined) process.stderr.write(`souk: ${sentence}\n`)
  }
  const { job } = await owner.call<{ job: string }>('submit', request, say).finally(() => screen.clear())
  if (json) printJson({ job, state: 'running' })
  else {
    process.stdout.write(`${job}\n`)
    process.stderr.write(
      `souk: it goes on without this terminal; souk wait ${job} has its result, souk logs -f ${job} shows what it writes\n`,
    )
  }
  return 0
}
