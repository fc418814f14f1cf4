import type { Hex } from '@souk/protocol'
import { createLogUpdate } from 'log-update'
import type { DemoScreen } from './stage.ts'
import type { LeaseLine, Timeline } from './timeline.ts'

const WIDTH = 32
/** Milliseconds between drawings on a terminal, and between lines elsewhere. */
const DRAW_MS = { terminal: 100, plain: 3_000 } as const

/** Shows the demo on standard error: a live table on a terminal, now and then a line elsewhere. */
export function createScreen(clock: () => number): DemoScreen {
  const isTerminal = process.stderr.isTTY === true
  const live = createLogUpdate(process.stderr)
  const startedAt = clock()
  let drawnAt = Number.NEGATIVE_INFINITY
  let last: (() => string) | undefined
  const seconds = () => `${((clock() - startedAt) / 1000).toFixed(1)} s`.padStart(7)
  const flush = () => {
    if (isTerminal && last !== undefined) live(last())
    live.done()
    last = undefined
  }
  return {
    step(sentence) {
      flush()
      process.stderr.write(`${seconds()}  ${sentence}\n`)
    },
    progress(timeline, nameOf) {
      last = () => table(timeline, nameOf)
      if (clock() - drawnAt < (isTerminal ? DRAW_MS.terminal : DRAW_MS.plain)) return
      drawnAt = clock()
      if (isTerminal) live(last())
      else process.stderr.write(`${seconds()}  ${bar(timeline)}\n`)
    },
    settled: flush,
  }
}

function table(timeline: Timeline, nameOf: (subject: Hex) => string): string {
  const lines = [...timeline.leases.values()].map((line) => leaseLine(timeline, line, nameOf))
  return [`         ${bar(timeline)}`, ...lines].join('\n')
}

function bar({ done, total, caught, rerun }: Timeline): string {
  const filled = Math.round((done / Math.max(1, total)) * WIDTH)
  const drawn = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  return `${drawn} ${done}/${total} tasks verified, ${caught.length} wrong results caught, ${rerun.size} run again`
}

function leaseLine({ caught }: Timeline, line: LeaseLine, nameOf: (subject: Hex) => string): string {
  const wrong = caught.filter(({ lease }) => lease === line.lease).length
  const lies = wrong === 0 ? '' : `, ${wrong} wrong`
  return `           ${nameOf(line.subject).padEnd(12)} ${line.state.padEnd(7)} ${String(line.sent).padStart(3)} tasks sent${lies}`
}
