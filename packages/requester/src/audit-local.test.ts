import type { Job, JobEvent } from '@souk/engine'
import { type Hex, type Output, outputDigest, rawCid, type Task } from '@souk/protocol'
import { createMemoryBlocks, readContent } from '@souk/storage'
import { expect, test } from 'vitest'
import { JobRecheck, MOST_WAITING_HERE } from './audit-local.ts'
import type { LocalOutcome } from './compare-program.ts'
import type { JobParts } from './job-services.ts'

const TASK = { engine: 'wasm/1' } as Task
const bytes = (text: string) => new TextEncoder().encode(text)

/** Executes here what `outcomes` say in turn, the last for good; returns what the job's program hears. */
function bench(outcomes: readonly LocalOutcome[], report: () => void = () => {}) {
  const comparator: Job['row']['comparator'] = { kind: 'exact' }
  const problems: unknown[] = []
  const blocks = createMemoryBlocks()
  const heard: JobEvent[] = []
  let runs = 0
  const waiting = Promise.withResolvers<void>()
  const parts = {
    job: { row: { id: 'job', state: 'running', deadlineMs: 1_000, comparator } },
    tasks: Array(MOST_WAITING_HERE + 10).fill(TASK),
    services: {
      blocks,
      async runLocally() {
        await waiting.promise
        return outcomes[Math.min(runs++, outcomes.length - 1)]
      },
      onProblem: (_: string, error: unknown) => problems.push(error),
    },
    reports: { report },
    signal: new AbortController().signal,
    async post(event: JobEvent) {
      heard.push(event)
    },
  }
  const recheck = new JobRecheck(parts as unknown as JobParts)
  return { recheck, heard, problems, blocks, runs: () => runs, go: () => waiting.resolve() }
}

const printed = (text: string): LocalOutcome => ({
  ...{ kind: 'output', status: { kind: 'exit', code: 0 }, fuel: 0n },
  ...{ stdout: bytes(text), files: [{ path: 'file', bytes: bytes('content') }] },
})
const outputOf = (text: string): Output => ({
  ...{ v: 1, status: { kind: 'exit', code: 0 }, fuel: 0n },
  ...{ stdout: rawCid(bytes(text)), files: [['file', rawCid(bytes('content')), 7]] },
})
const until = async (look: () => boolean) => {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 1))
}

async function recheckOne(outcomes: readonly LocalOutcome[], given: readonly Hex[]) {
  const one = bench(outcomes)
  one.go()
  one.recheck.begin({ do: 'recheck', index: 0, given })
  await until(() => one.heard.length === 1)
  return { ...one, event: one.heard[0] }
}

test('a task is executed once where somebody gave the same, and its content is kept', async () => {
  const { event, runs, blocks } = await recheckOne([printed('right')], [outputDigest(outputOf('right'))])
  expect(event).toEqual({ type: 'rechecked', index: 0, output: outputOf('right') })
  expect(runs()).toBe(1)
  expect(await readContent(blocks, outputOf('right').stdout)).toEqual(bytes('right'))
})

test('what nobody gave is executed twice, and counts where it is the same', async () => {
  const given = [outputDigest(outputOf('wrong'))]
  const sure = await recheckOne([printed('right')], given)
  expect(sure.event).toEqual({ type: 'rechecked', index: 0, output: outputOf('right') })
  expect(sure.runs()).toBe(2)
  const unsure = await recheckOne([printed('right'), printed('otherwise')], given)
  expect(unsure.event).toEqual({ type: 'rechecked', index: 0, output: null })
})

test('what does not end by itself says nothing', async () => {
  const { event } = await recheckOne([{ kind: 'failed', message: 'it was stopped' }], [])
  expect(event).toEqual({ type: 'rechecked', index: 0, output: null })
})

test('more than may wait are left to others at once', async () => {
  const { recheck, heard, go } = bench([printed('right')])
  // The first is begun, and no longer waits, only in the next turn.
  for (let index = 0; index < MOST_WAITING_HERE + 1; index++) {
    recheck.begin({ do: 'recheck', index, given: [outputDigest(outputOf('right'))] })
  }
  expect(heard).toEqual([{ type: 'rechecked', index: MOST_WAITING_HERE, output: null }])
  go()
  await until(() => heard.length === MOST_WAITING_HERE + 1)
})

test('one that could not be told of keeps nothing from the next', async () => {
  let told = 0
  const { recheck, heard, problems, go } = bench([printed('right')], () => {
    if (told++ === 0) throw new Error('who listens cannot be told')
  })
  go()
  for (const index of [0, 1])
    recheck.begin({ do: 'recheck', index, given: [outputDigest(outputOf('right'))] })
  await until(() => heard.length === 1)
  expect(heard).toEqual([{ type: 'rechecked', index: 1, output: outputOf('right') }])
  expect(problems).toEqual([new Error('who listens cannot be told')])
})
