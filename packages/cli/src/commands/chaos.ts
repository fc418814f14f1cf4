import { type Command, InvalidArgumentError } from 'commander'
import { createScreen, describeReport, describeScenarios } from '../chaos/screen.ts'
import { EXIT } from '../exit-codes.ts'
import { untilInterrupted } from '../interrupt.ts'

interface Options {
  json: boolean
  only?: string[]
  list: boolean
  seed: number
  keep: boolean
}

/** Adds `souk chaos`. */
export function addChaos(program: Command): void {
  program
    .command('chaos')
    .description(
      'break a local market of real processes in every way, and see that work goes on and money adds up',
    )
    .option('--json', 'print the report as one JSON document, the last line of standard output', false)
    .option('--only <names>', 'play these alone, with commas between them', readNames)
    .option('--list', 'say what can be played, and play nothing', false)
    .option('--seed <number>', 'draws who is struck, and what is lost', readSeed, 1)
    .option('--keep', 'leave logs and journals behind', false)
    .action(chaos)
}

async function chaos({ json, only, list, seed, keep }: Options): Promise<void> {
  const { scenariosNamed } = await import('../chaos/scenarios.ts')
  const scenarios = scenariosNamed(only)
  if (list) return void process.stdout.write(`${describeScenarios(scenarios)}\n`)
  const { runChaos } = await import('../chaos/chaos.ts')
  const screen = createScreen(() => performance.now())
  const report = await runChaos({ scenarios, seed, keep, screen, signal: untilInterrupted() })
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `\n${describeReport(report)}\n`)
  process.exit(report.ok ? 0 : EXIT.failed)
}

function readNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name.length > 0)) return names
  throw new InvalidArgumentError('expected names with commas between them')
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (Number.isSafeInteger(seed) && seed >= 0) return seed
  throw new InvalidArgumentError('expected a whole number from 0 on')
}
