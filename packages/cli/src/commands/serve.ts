import type { Command } from 'commander'
import { progressScreen } from '../data/progress-lines.ts'
import { EXIT } from '../exit-codes.ts'
import { homeOf, requireHome } from '../home.ts'
import { requireAgent } from '../run/detach.ts'
import { follow, wordsOf } from '../run/follow.ts'
import { waitForOffers } from '../run/wait-for-offers.ts'
import { readServe } from '../serve/serve-request.ts'
import { readServeSpec } from '../serve/serve-spec.ts'
import { addSharedOptions, printJson, type Session, type SharedOptions, withSession } from './shared.ts'

interface ServeOptions extends SharedOptions {
  detach: boolean
}

/** Adds `souk serve`. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('serve HTTP here by replicas on leased machines, until Ctrl-C or souk stop')
    .argument('<spec>', 'JSON file: program, files, replicas, listen, …; docs/ELASTICITY.md lists its keys')
    .option('-d, --detach', 'leave the service to the agent', false)
  addSharedOptions(command).action(serve)
}

async function serve(file: string, options: ServeOptions): Promise<void> {
  const spec = await readServeSpec(file)
  if (options.detach) await requireAgent(requireHome(homeOf(options.network)))
  await withSession(options, async (session) => {
    const { owner, config } = session
    const request = await readServe(spec, session, options.json)
    const { demand, leases } = request.job
    const screen = progressScreen(process.stderr)
    const say = (sentence: string) => void process.stderr.write(`souk: ${sentence}\n`)
    const hear = (event: unknown) => {
      const sentence = options.json ? undefined : wordsOf(event, screen, config)
      if (sentence !== undefined) say(sentence)
    }
    await waitForOffers(owner, demand, leases, new AbortController().signal, options.json ? () => {} : say)
    const { job, url } = await owner
      .call<{ job: string; url: string }>('serve', request, hear)
      .finally(() => screen.clear())
    if (options.json) printJson({ job, url })
    else process.stdout.write(`${url}\n`)
    if (options.detach) return 0
    if (!options.json) say(`job ${job} answers there until Ctrl-C`)
    return untilOver(session, options, job)
  })
}

async function untilOver(session: Session, { json }: ServeOptions, job: string): Promise<number> {
  const end = await follow(session, { json }, 'wait', { job }, undefined)
  if (end.interrupted) return 0
  if (end.shortage !== null) return EXIT.noMoney
  return end.state === 'cancelled' ? 0 : EXIT.failed
}
