// Preloaded into the provider process (node --import): notes when runner processes are ready and tasks begin.
//
// It changes nothing in the provider. Node announces every child process on a diagnostics channel; the runner
// processes answer a task with the milliseconds since its instantiation began. So the task had begun that long
// before its answer came: later by the answer's way through the pipe than it really began, never earlier.

import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'

const file = process.env.SOUK_BENCH_PROBE

subscribe('child_process', ({ process: child }) => {
  child.on('message', (reply) => {
    // The monotonic clock of the system, which all processes share.
    const nowNs = process.hrtime.bigint()
    if (reply?.kind === 'ready') appendFileSync(file, `ready ${nowNs}\n`)
    if (reply?.kind === 'output') {
      appendFileSync(file, `began ${nowNs - BigInt(Math.round(reply.runMs * 1e6))}\n`)
    }
  })
})
