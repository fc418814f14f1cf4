import { type Command, InvalidArgumentError } from 'commander'
import { readEngine } from '../demand.ts'
import { readInput } from '../demo/input.ts'
import { describeReport } from '../demo/print.ts'
import { createScreen } from '../demo/screen.ts'
import { EXIT } from '../exit-codes.ts'
import { untilInterrupted } from '../interrupt.ts'

interface Options {
  json: boolean
  input?: string
  out?: string
  seed: number
  engine: string
}

/** Adds `souk demo`, which `npm start` runs. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('run a whole market once on this machine: a real job, a liar, a crash, settlement')
    .option('--json', 'print the report as one JSON document, the last line of standard output', false)
    .option('--input <file>', 'text to count instead of the novel that comes along')
    .option('--out <dir>', 'write the merged result there')
    .option('--engine <name>', 'what runs the tasks: wasm, wasm-det or container', 'wasm')
    .option('--seed <number>', 'chooses who lies and who is killed', parseSeed, 1)
    .action(demo)
}

async function demo(options: Options): Promise<void> {
  const input = readInput(options.input)
  const engine = readEngine(options.engine)
  const signal = untilInterrupted()
  const { runDemo } = await import('../demo/demo.ts')
  const report = await runDemo({
    input,
    engine,
    seed: options.seed,
    ...(options.out === undefined ? {} : { out: options.out }),
    screen: createScreen(() => performance.now()),
    signal,
  })
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${describeReport(report)}\n`)
  process.exit(report.ok ? 0 : EXIT.failed)
}

function parseSeed(text: string): number {
  const seed = Number(text)
  if (Number.isSafeInteger(seed) && seed >= 0) return seed
  throw new InvalidArgumentError('expected a whole number from 0 on')
}
