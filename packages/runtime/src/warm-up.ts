import type { GuestWorld } from './guest/messages.ts'
import type { Runner } from './runner-process.ts'

/** A WASI program whose `_start` returns at once: one page of memory and one empty function. */
const PROGRAM = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // Type 0: no parameters, no results; function 0 has it; one memory of one page.
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  // Exports "memory" and "_start".
  ...[0x07, 0x13, 0x02],
  ...[0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
  ...[0x06, 0x5f, 0x73, 0x74, 0x61, 0x72, 0x74, 0x00, 0x00],
  ...[0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b],
])
const KEY = 'warm-up'
const NOTHING: GuestWorld = {
  args: [],
  env: [],
  stdin: new Uint8Array(),
  files: [],
  limits: { fuel: 0n, pages: 1, depth: 0, outputBytes: 0, files: 0 },
  seed: 0n,
  clockNs: 0n,
  heard: false,
  metered: false,
}

/**
 * Has a runner run a program of nothing, so that it has loaded and compiled what every run needs: the first task
 * of a lease then begins some milliseconds earlier. A runner that ends meanwhile is simply not alive any more.
 */
export async function warmUp(runner: Runner): Promise<void> {
  runner.compiled.add(KEY)
  runner.send({
    kind: 'run',
    forget: [],
    programs: [[KEY, PROGRAM]],
    tasks: [{ seq: 0, key: KEY, world: NOTHING }],
  })
  await runner.next()
}
