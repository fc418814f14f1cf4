import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONDUCT, requestOf, taskOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const MIB = 1024 * 1024

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.5))
})
afterAll(() => stage?.stop())

test('a task that brings more than its lease has disk fails alone; its lease goes on, and is paid', async () => {
  const tasks = [
    { args: ['nothing'], mebibytes: 12 },
    { args: ['nothing'], mebibytes: 12 },
  ].map(({ args, mebibytes }, index) => {
    const file = join(stage.home, `input-${index}`)
    writeFileSync(file, randomBytes(mebibytes * MIB))
    return { ...taskOf(args), inputs: [['in', file] as const] }
  })
  const request = requestOf(CONDUCT, [], { memoryBytes: 32 * MIB })
  const job = await stage.run({ ...request, tasks: [...tasks, taskOf(['nothing'])] })
  expect(job).toMatchObject({ state: 'failed', verified: 2 })
  const results = await Promise.all([0, 1].map((index) => stage.result(job.job, index)))
  const failures = results.flatMap(({ failure }) => (failure === null ? [] : [failure]))
  expect(failures).toEqual([{ code: 'refused', message: expect.stringContaining('lease more disk') }])
  const leases = await stage.leases()
  expect(leases.filter((lease) => lease.job === job.job)).toHaveLength(1)

  await stage.capacityFree()
  await stage.settle()
  const { accounts, conserved } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter(({ locked }) => locked !== 0n)).toEqual([])
})

test('with more disk the same fits', async () => {
  const inputs = [0, 1].map((index) => ({
    ...taskOf(['nothing']),
    inputs: [['in', join(stage.home, `input-${index}`)] as const],
  }))
  const request = requestOf(CONDUCT, [], { memoryBytes: 32 * MIB })
  const { demand } = request
  const resources = { ...demand.resources, diskBytes: 32 * MIB }
  const job = await stage.run({ ...request, tasks: inputs, demand: { ...demand, resources } })
  expect(job).toMatchObject({ state: 'done', verified: 2 })
})
