import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONDUCT, requestOf, taskOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const MIB = 1024 * 1024
/** Seconds that a voucher pays ahead, and one for rounding and the last beat. */
const AHEAD_SECONDS = 6

let stage: Stage
let childrenBefore: number
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.5))
  childrenBefore = children()
})
afterAll(() => stage?.stop())

describe('files that cannot be a job are refused before anything is bought', () => {
  test.each([
    ['no wasm', 'NOT_WASM', () => file('plain.wasm', new TextEncoder().encode('#!/bin/sh\n'))],
    ['an unknown import', 'UNKNOWN_IMPORT', () => file('import.wasm', importing('sock_accept'))],
    ['no entry point', 'NO_ENTRY', () => file('library.wasm', new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))],
    ['a program that is missing', 'FILE_MISSING', () => join(stage.home, 'nowhere.wasm')],
  ])('%s', async (_what, code, program) => {
    await refused(requestOf(program(), [[]]), code)
  })

  test('an input file that is missing', async () => {
    const gone = join(stage.home, 'nowhere.txt')
    await refused(requestOf(CONDUCT, [], { tasks: [{ ...taskOf([]), stdin: gone }] }), 'FILE_MISSING')
    await refused(
      requestOf(CONDUCT, [], { tasks: [{ ...taskOf([]), inputs: [['in', gone]] }] }),
      'FILE_MISSING',
    )
  })
})

test('what a program does to itself is its output, on the record', async () => {
  const args = [['trap'], ['exit', '3'], ['write'], ['write-file'], ['files'], ['allocate'], ['recurse']]
  const job = await stage.run(requestOf(CONDUCT, args, { outputBytes: 100_000 }))
  expect(job).toMatchObject({ state: 'done', verified: args.length })
  const results = await Promise.all(args.map((_, index) => stage.result(job.job, index)))
  expect(results.map((result) => result.output?.status)).toEqual([
    { kind: 'trap' },
    { kind: 'exit', code: 3 },
    { kind: 'output-limit' },
    { kind: 'output-limit' },
    { kind: 'output-limit' },
    { kind: 'exit', code: 0 },
    { kind: 'trap' },
  ])
  // The program asked for memory without end: it got less than the 16 MiB of its task.
  expect(Number(new TextDecoder().decode(results[5]?.stdout))).toBeLessThan(16)
  expect(results[2]?.stdout.byteLength).toBeLessThanOrEqual(100_000)
})

test('an endless loop ends at its deadline, and the job says so', async () => {
  const job = await stage.run(requestOf(CONDUCT, [['spin'], ['nothing']], { deadlineMs: 700 }))
  expect(job).toMatchObject({ state: 'failed', verified: 1 })
  const { failure } = await stage.result(job.job, 0)
  expect(failure?.code).toBe('deadline')
  expect(failure?.message).toMatch(/longer than its deadline of 700 ms/)
})

test('a program that starts with more memory than its task allows is told so', async () => {
  const job = await stage.run(requestOf(CONDUCT, [['nothing']], { memoryBytes: 65_536 }))
  expect(job.state).toBe('failed')
  const { failure } = await stage.result(job.job, 0)
  expect(failure?.code).toBe('bad-program')
})

test('a large output comes over whole', async () => {
  const job = await stage.run(requestOf(CONDUCT, [['write']], { outputBytes: 3 * MIB }))
  expect(job.state).toBe('done')
  const { stdout } = await stage.result(job.job, 0)
  expect(stdout.byteLength).toBeGreaterThan(2 * MIB)
})

test('afterwards nothing runs, all capacity is free, and only start fees and seconds used were paid', async () => {
  await stage.capacityFree()
  await stage.settle()
  expect(children()).toBe(childrenBefore)
  const money = await stage.money()
  expect(money.conserved).toBe(true)
  expect(money.accounts.filter((one) => one.locked !== 0n)).toEqual([])
  const leases = await stage.leases()
  expect(leases.length).toBeGreaterThan(0)
  for (const lease of leases) {
    const { status, paid } = await stage.reader.leaseState(lease.lease)
    expect(status).toBe('closed')
    expect(paid).toBe(lease.paid)
    expect(paid).toBeLessThanOrEqual(await mostFor(lease.acceptedAtMs, lease.rateE12))
  }
})

/** Returns the start fee and the whole time until now: no lease can have cost more. */
async function mostFor(acceptedAtMs: number, rateE12: bigint): Promise<bigint> {
  const { quote } = await stage.ask<{ quote: { startFee: bigint } }>('agent', 'quote', {
    demand: requestOf(CONDUCT, []).demand,
  })
  const seconds = Math.ceil((Date.now() - acceptedAtMs) / 1000) + AHEAD_SECONDS
  return quote.startFee + (rateE12 * BigInt(seconds)) / 10n ** 12n
}

async function refused(request: JobRequest, code: string): Promise<void> {
  const before = await stage.leases()
  const { done } = await stage.start(request)
  await expect(done).rejects.toMatchObject({ code, message: expect.stringMatching(/expected .*[;,] /s) })
  expect(await stage.leases()).toEqual(before)
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(stage.home, name)
  writeFileSync(path, bytes)
  return path
}

/** Assembles a command that imports one function of WASI. */
function importing(name: string): Uint8Array {
  const text = (value: string) => [value.length, ...Buffer.from(value)]
  const section = (id: number, ...content: number[]) => [id, content.length, ...content]
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...text('wasi_snapshot_preview1'), ...text(name), 0, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...text('_start'), 0, 0, ...text('memory'), 2, 0),
  ])
}

/** Counts the processes that the provider has started and not ended; 0 where the system does not tell. */
function children(): number {
  const pid = stage.market.child('provider-1')?.pid
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return 0
  const lists = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/children`, 'utf8'))
  return lists.join(' ').split(/\s+/).filter(Boolean).length
}
