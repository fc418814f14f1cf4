import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Demand } from '@souk/protocol'
import type { JobRequest, TaskFiles } from '@souk/requester/node'

const MIB = 1024 * 1024

/** The program whose first argument says how it behaves. */
export const CONDUCT = program('conduct')
/** The program that hashes as many mebibytes as it is told. */
export const SHA256 = program('sha256')

/** The program that counts the words of its standard input; it has no floats, so that a jury can judge it. */
export const WORDCOUNT = fileURLToPath(
  new URL('../../../packages/cli/programs/wordcount.wasm', import.meta.url),
)

/** A demand that every provider of a test market fits. */
export function demandOf(change: Partial<Demand> = {}, resources: Partial<Demand['resources']> = {}): Demand {
  return {
    resources: { millicores: 100, memoryBytes: 64 * MIB, diskBytes: 16 * MIB, gpu: null, ...resources },
    runtime: 'wasm/1',
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 600,
    ...change,
  }
}

/** A job of one task per list of arguments. */
export function requestOf(
  programFile: string,
  args: readonly (readonly string[])[],
  change: Partial<JobRequest> = {},
): JobRequest {
  return {
    name: 'test',
    program: programFile,
    tasks: args.map(taskOf),
    assurance: { k: 1, n: 1 },
    deadlineMs: 30_000,
    demand: demandOf(),
    leases: 1,
    memoryBytes: 16 * MIB,
    outputBytes: MIB,
    seed: 1n,
    ...change,
  }
}

export function taskOf(args: readonly string[]): TaskFiles {
  return { args, env: [], stdin: null, inputs: [] }
}

/** A job that hashes `mebibytes` per task, each from a seed of its own. */
export function hashing(tasks: number, mebibytes: number, change: Partial<JobRequest> = {}): JobRequest {
  const args = Array.from({ length: tasks }, (_, i) => [`${mebibytes}`, `${2 * i + 1}`])
  return requestOf(SHA256, args, change)
}

/** A job that counts words, of one text of so many lines per task, which are written to `folder`. */
export function counting(
  folder: string,
  tasks: number,
  lines: number,
  change: Partial<JobRequest> = {},
): JobRequest {
  const files = Array.from({ length: tasks }, (_, i) => {
    const file = join(folder, `text-${i}.txt`)
    writeFileSync(
      file,
      Array.from({ length: lines }, (_, at) => `whale harpoon q${at % 97} z${i}\n`).join(''),
    )
    return { ...taskOf([]), stdin: file }
  })
  return { ...requestOf(WORDCOUNT, [], change), tasks: files }
}

/** Returns the digest that a task of {@link hashing} must print, computed without the program. */
export function expectedDigest(mebibytes: number, index: number): string {
  const data = new DataView(new ArrayBuffer(MIB))
  const mask = (1n << 64n) - 1n
  let x = BigInt(2 * index + 1)
  for (let at = 0; at < MIB; at += 8) {
    x ^= x >> 12n
    x = (x ^ (x << 25n)) & mask
    x ^= x >> 27n
    data.setBigUint64(at, (x * 0x2545f4914f6cdd1dn) & mask, true)
  }
  const hash = createHash('sha256')
  for (let i = 0; i < mebibytes; i++) {
    data.setBigUint64(0, BigInt(i), true)
    hash.update(new Uint8Array(data.buffer))
  }
  return hash.digest('hex')
}

function program(name: string): string {
  return fileURLToPath(new URL(`../../../packages/runtime/programs/${name}.wasm`, import.meta.url))
}
