import { expect, test } from 'vitest'
import { sandboxSelfTest } from './sandbox-self-test.ts'

test('a runner reaches no file, process, thread or environment of ours, and a program no network', async () => {
  expect(await sandboxSelfTest()).toMatchObject({
    level: 'process',
    denied: ['environment', 'read', 'spawn', 'worker'],
    programImportsNetwork: false,
  })
})
