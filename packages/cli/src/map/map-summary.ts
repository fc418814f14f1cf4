import type { NetworkConfig } from '@souk/settlement'
import { printJson } from '../commands/shared.ts'
import { lackWords } from '../run/job-words.ts'
import type { Manifest } from './manifest.ts'
import type { MapEnd, MapRun } from './map-run.ts'

/** Bad tasks that are named on a terminal; the manifest and `--json` have all. */
const NAMED_TASKS = 20

interface Shown {
  readonly run: MapRun
  readonly end: MapEnd
  readonly manifest: Manifest
  readonly out: string | null
  readonly json: boolean
  readonly config: NetworkConfig
}

/** Says what a command came to: how many tasks are done, and which are not, or did not end well. */
export function showMap({ run, end, manifest, out, json, config }: Shown): void {
  const { tasks, done, failed } = run.counts()
  const results = [...run.wanted.values()].map(({ input, digest }) => {
    const entry = manifest.entries.get(input.name)
    return { name: input.name, digest, ...(entry?.digest === digest ? entry : { kind: 'open' as const }) }
  })
  if (json) {
    const { before, jobs, stopped } = end
    printJson({ tasks, done, failed, before, jobs, out, stopped, results })
    return
  }
  const before = end.before === 0 ? '' : ` (${end.before} were there before)`
  const place = out === null ? '' : `; results are in ${out}`
  say(`${done} of ${tasks} tasks done${before}${place}`)
  const bad = results.flatMap((one) => badWords(one) ?? [])
  for (const words of bad.slice(0, NAMED_TASKS)) say(words)
  if (bad.length > NAMED_TASKS) say(`and ${bad.length - NAMED_TASKS} more`)
  if (end.stopped !== null) say(stoppedWords(end.stopped, config))
}

function badWords(
  one: { name: string } & (
    | { kind: 'done'; status: string }
    | { kind: 'failed'; code: string; message: string }
    | { kind: 'open' }
  ),
): string | undefined {
  if (one.kind === 'failed') return `${one.name} has no result: ${one.message} [${one.code}]`
  if (one.kind === 'done' && one.status !== 'exit 0') return `${one.name} ended with ${one.status}`
  return undefined
}

function stoppedWords(stopped: NonNullable<MapEnd['stopped']>, config: NetworkConfig): string {
  const { job, state, shortage, secretsProblem } = stopped
  const again = 'run the same again to go on'
  if (shortage !== null)
    return `job ${job} stopped for want of money: ${lackWords(shortage, config)} [NOT_ENOUGH_BALANCE]`
  if (secretsProblem !== null) return `job ${job} stopped without its secrets: ${secretsProblem} [NO_SECRETS]`
  return `job ${job} was ${state === 'cancelled' ? 'stopped' : 'given up'}; ${again} [${state}]`
}

function say(sentence: string): void {
  process.stderr.write(`souk: ${sentence}\n`)
}
