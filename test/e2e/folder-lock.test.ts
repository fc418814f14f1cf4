import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openDataFolder } from '@souk/storage/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layout } from '../../packages/cli/src/home.ts'
import { CONDUCT, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.5))
})
afterAll(() => stage?.stop())

test('a second agent over the same folder is turned away, the first goes on', async () => {
  const { account, keystore, passwordFile } = stage.market.requester
  const script = fileURLToPath(new URL('../../packages/cli/bin/souk.js', import.meta.url))
  const second = spawnOwner(script, ['agent', 'start'], 'agent', { account, keystore, passwordFile })
  await expect(second).rejects.toMatchObject({ stderr: expect.stringContaining('[FOLDER_LOCKED]') })
  expect(await stage.run(requestOf(CONDUCT, [['nothing']]))).toMatchObject({ state: 'done' })
})

test('a second provider over the same folder is turned away, the first goes on', async () => {
  const { account, keystore, passwordFile } = stage.party('provider-1')
  const script = fileURLToPath(import.meta.resolve('@souk/provider/bin'))
  const second = spawnOwner(script, [], 'provider-1', { account, keystore, passwordFile })
  await expect(second).rejects.toMatchObject({ stderr: expect.stringContaining('[FOLDER_LOCKED]') })
  expect(await stage.status('provider-1')).toMatchObject({ leases: expect.any(Array) })
})

test('commands of another process go through the owner; a file opened beside it is refused', async () => {
  await expect(openDataFolder(stage.folder('agent'))).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
  const status = await stage.ask<{ peerId: string }>('agent', 'status')
  expect(status.peerId).toBe(stage.market.child('agent')?.ready.peerId)
  await expect(stage.ask('agent', 'no-such-command')).rejects.toMatchObject({ code: 'UNKNOWN_METHOD' })
})

test('a killed owner leaves no lock behind', async () => {
  await stage.market.child('agent')?.kill()
  const folder = await openDataFolder(stage.folder('agent'))
  await folder.close()
  await stage.market.startAgent()
  await stage.offersFound(1)
})

/** Starts a process over a folder that has an owner; rejects with what it said. */
async function spawnOwner(
  script: string,
  command: readonly string[],
  name: string,
  { account, keystore, passwordFile }: { account: string; keystore: string; passwordFile: string },
) {
  const { networkFile } = layout(stage.home)
  const files = ['--network-file', networkFile, '--data', stage.folder(name), '--account', account]
  const key = ['--keystore', keystore, '--password-file', passwordFile]
  return promisify(execFile)(process.execPath, [script, ...command, ...files, ...key], { timeout: 60_000 })
}
