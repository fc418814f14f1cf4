import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Runs scripts/mutate.mjs and returns its last line; rejects with what it found wrong. */
async function mutate(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(ROOT, 'scripts', 'mutate.mjs'), ...args])
  return stdout.trim().split('\n').at(-1) ?? ''
}

it('lists only mutants of the contracts that exist, each with its reason', async () => {
  await expect(mutate('--check')).resolves.toBe('')
})

// Which ones, the sources themselves draw: the same until they change.
it('notices a few mutants of the contracts', { timeout: 300_000 }, async () => {
  const summary = await mutate('--sample', '6', '--seconds', '40')
  expect(summary).toMatch(/^6 mutants: [1-6] killed, 0 survived/)
})
