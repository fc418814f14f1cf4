#!/usr/bin/env node
// Runs scenarios under virtual time: `simulate.ts FAMILY SEED` replays one and shows how it ended,
// `simulate.ts FAMILY|all --seeds FROM-TO` plays many and names the seeds that broke a promise, `simulate.ts --table`
// prints the families as they stand in docs/AVAILABILITY.md.
import { familyNames, familyTable, type Outcome, play, replayOf, scenario } from '../run.ts'

const [family = 'all', ...rest] = process.argv.slice(2)
const [from, to] = /^(\d+)-(\d+)$/.exec(rest[1] ?? '')?.slice(1) ?? []
if (family === '--table') process.stdout.write(`${familyTable().join('\n')}\n`)
else if (rest[0] === '--seeds')
  playMany(family === 'all' ? familyNames() : [family], Number(from ?? 1), Number(to ?? 10))
else replay(family, Number(rest[0] ?? 1))

function replay(name: string, seed: number): void {
  process.stdout.write(`${JSON.stringify(scenario(name, seed), null, 2)}\n`)
  const outcome = play(name, seed)
  for (const line of outcome.newest) process.stdout.write(`${line}\n`)
  report(outcome)
}

function playMany(names: readonly string[], first: number, last: number): void {
  for (const name of names) {
    const [startedMs, ends] = [performance.now(), [] as number[]]
    for (let seed = first; seed <= last; seed++) {
      const outcome = play(name, seed)
      ends.push(outcome.jobMs ?? 0)
      if (outcome.broken.length > 0) report(outcome)
    }
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
    const longest = (Math.max(...ends) / 1_000).toFixed(0)
    process.stdout.write(
      `${name}: ${last - first + 1} runs in ${seconds} s, the longest job ${longest} s of virtual time\n`,
    )
  }
}

function report(outcome: Outcome): void {
  const { broken, digest, jobMs, virtualMs } = outcome
  process.stdout.write(
    `${outcome.family} ${outcome.seed}: job ${jobMs} ms, all ${virtualMs} ms, digest ${digest}\n`,
  )
  for (const one of broken) process.stdout.write(`  broken: ${one}\n`)
  if (broken.length === 0) return
  process.stdout.write(`  again: ${replayOf(outcome)}\n`)
  process.exitCode = 1
}
