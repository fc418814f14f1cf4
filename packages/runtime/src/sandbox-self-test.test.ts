import { expect, test } from 'vitest'
import { namespaceWrapper } from './runner-namespaces.ts'
import { sandboxSelfTest } from './sandbox-self-test.ts'

test('a runner reaches no file, process, thread or environment of ours, and a program no network', async () => {
  const report = await sandboxSelfTest()
  expect(report.denied).toEqual(expect.arrayContaining(['environment', 'read', 'spawn', 'worker']))
  expect(report.programImportsNetwork).toBe(false)
})

test.skipIf((await namespaceWrapper()) === null)(
  'in namespaces not even the own code of a runner reaches the network or sees a process of ours',
  async () => {
    const report = await sandboxSelfTest()
    expect(report).toMatchObject({ level: 'namespaces', runnerReachesNetwork: false })
    expect(report.denied).toEqual(expect.arrayContaining(['network', 'processes']))
  },
)
