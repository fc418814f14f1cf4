// Preloaded into the provider process (node --import): notes when runner processes are ready, tasks begin and save.
//
// It changes nothing in the provider. Node announces every child process on a diagnostics channel; the runner
// processes end a task by saying how many milliseconds ago its instantiation began, on a pipe of their own
// (packages/runtime/src/guest/parent-pipe.ts). So the task had begun that long before the word came: later by its
// way through the pipe than it really began, never earlier. Of tasks that do not end it notes when the runner said that
// they `started`, and that they `saved` their state.

import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { deserialize } from 'node:v8'

const file = process.env.SOUK_BENCH_PROBE
const PIPE = 4
const LENGTH_BYTES = 4

subscribe('child_process', ({ process: child }) => {
  child.on('spawn', () => {
    let pending = Buffer.alloc(0)
    child.stdio[PIPE]?.on('data', (chunk) => {
      // The monotonic clock of the system, which all processes share.
      const nowNs = process.hrtime.bigint()
      pending = Buffer.concat([pending, chunk])
      for (let length = next(pending); length !== undefined; length = next(pending)) {
        note(deserialize(pending.subarray(LENGTH_BYTES, length)), nowNs)
        pending = pending.subarray(length)
      }
    })
  })
})

/** Returns the bytes of the first message with its length, once all of them are here. */
function next(pending) {
  if (pending.byteLength < LENGTH_BYTES) return undefined
  const length = LENGTH_BYTES + pending.readUInt32LE(0)
  return pending.byteLength < length ? undefined : length
}

function note(message, nowNs) {
  if (message.kind === 'ready') appendFileSync(file, `ready ${nowNs}\n`)
  if (message.kind === 'news' && message.news.kind === 'started') appendFileSync(file, `started ${nowNs}\n`)
  if (message.kind === 'news' && message.news.kind === 'checkpoint') appendFileSync(file, `saved ${nowNs}\n`)
  if (message.kind === 'ended' && message.result?.kind === 'output') {
    appendFileSync(file, `began ${nowNs - BigInt(Math.round(message.result.runMs * 1e6))}\n`)
  }
}
