import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { epochBlocks } from '@souk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layout } from '../../packages/cli/src/home.ts'
import type { Party } from '../../packages/cli/src/local-market/accounts.ts'
import { COURT } from '../../packages/cli/src/local-market/local-market.ts'
import type { WatchStatus } from '../../packages/provider/src/watchtower.ts'
import { runSouk } from './processes.fixture.ts'
import { newParty } from './support/buyer.ts'
import { Courtroom } from './support/court.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const PROVIDER = fileURLToPath(import.meta.resolve('@souk/provider/bin'))
const execute = promisify(execFile)

let stage: Stage
let court: Courtroom
let party: Party
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.2))
  court = await Courtroom.open(stage)
  party = await newParty(stage, 'operator', 0n, COURT.stake)
})
afterAll(() => stage?.stop())

/** Runs a verb of `souk wallet` for the account of a party. */
async function wallet(who: Party, ...args: string[]) {
  const { networkFile, path } = layout(stage.home)
  const files = ['--keystore', join(who.folder, 'wallet.json'), '--password-file', who.passwordFile]
  return runSouk(['wallet', ...args, '--network', networkFile, ...files, '--json'], { SOUK_HOME: path })
}

function watch(who: Party, ...args: string[]) {
  return wallet(who, 'watch', ...args)
}

/** Returns the kinds of the newest entries of a party's history, and the keys that it has stakes for. */
async function stakesOf(who: Party) {
  const { stakes } = JSON.parse((await wallet(who, 'balance')).stdout)
  const { entries } = JSON.parse((await wallet(who, 'history')).stdout)
  const keys = (stakes as { key: string }[]).map(({ key }) => key)
  return { keys, kinds: (entries as { kind: string }[]).map(({ kind }) => kind) }
}

/** Asks the key of a party for its consent to watch for an account. */
async function consentOf({ keystore, passwordFile }: Party, account: string): Promise<string> {
  const { networkFile } = layout(stage.home)
  const files = ['--network-file', networkFile, '--keystore', keystore, '--password-file', passwordFile]
  const args = [PROVIDER, 'consent', ...files, '--for', account, '--json']
  const { stdout } = await execute(process.execPath, args)
  return JSON.parse(stdout).consent
}

test('a provider tells its operator where it stands as a watcher', async () => {
  const { delegate, account } = stage.party('provider-1')
  const args = [PROVIDER, 'status', '--data', stage.folder('provider-1')]
  const { watching } = JSON.parse((await execute(process.execPath, args)).stdout)
  expect(watching).toMatchObject({ key: delegate, account })
  // The local market enrols it for the first terms; it takes the later places by itself.
  expect(watching.places).toContain(watching.term)
  const nowhere = await execute(process.execPath, [PROVIDER, 'status', '--data', stage.home]).catch(
    (error) => error,
  )
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('[NOT_RUNNING]') })
})

test('an operator puts up a stake with the consent of the key, and takes it back when it is out of every table', async () => {
  const { account, delegate } = party
  for (const args of [[], ['--consent', await consentOf(party, delegate)]]) {
    const refused = await watch(party, delegate, ...args)
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('[BAD_CONSENT]') })
  }
  const consent = await consentOf(party, account)
  const other = await newParty(stage, 'poor', 0n)
  const poor = await watch(other, other.delegate, '--consent', await consentOf(other, other.account))
  expect(poor).toMatchObject({ code: 5, stderr: expect.stringContaining('[NOT_ENOUGH_TOKENS]') })

  const made = await watch(party, delegate, '--consent', consent)
  expect(made.code, made.stderr).toBe(0)
  const { term } = JSON.parse(made.stdout)
  expect(await court.link.reader.watcher(delegate)).toMatchObject({ account, lastTerm: term })
  expect(await court.link.reader.table(term)).toContain(delegate)
  expect(await stage.reader.tokenBalance(account)).toBe(0n)
  expect(await stakesOf(party)).toEqual({ keys: [delegate], kinds: ['watching'] })

  const theirs = await watch(other, delegate, '--consent', consent)
  expect(theirs).toMatchObject({ code: 1, stderr: expect.stringContaining('[TAKEN]') })
  expect(await watch(party, other.delegate, '--leave')).toMatchObject({
    stderr: expect.stringContaining('[NOT_STAKED]'),
  })
  expect(await watch(party, delegate, '--leave')).toMatchObject({
    stderr: expect.stringContaining('[TOO_EARLY]'),
  })

  const termBlocks = COURT.termEpochs * epochBlocks(COURT)
  await stage.market.chain.mine(4 * termBlocks + COURT.settleBlocks)
  const left = await watch(party, delegate, '--leave', '--to', other.account)
  expect(left.code, left.stderr).toBe(0)
  expect(await stage.reader.tokenBalance(other.account)).toBe(COURT.stake)
  expect(await stakesOf(party)).toEqual({ keys: [], kinds: ['watching', 'stake-returned'] })
  expect((await stage.money()).conserved).toBe(true)
})

/** Where provider-1 stands as a watcher. */
async function standing(): Promise<WatchStatus> {
  const { watching } = await stage.ask<{ watching: WatchStatus | null }>('provider-1', 'status')
  if (watching === null) throw new Error('the market has a court')
  return watching
}

test('a provider takes further places until it is told to leave, also after a restart, and again when it is told to', async () => {
  const { delegate } = stage.party('provider-1')
  expect(await standing()).toMatchObject({ renews: true, lacks: null })
  const command = [PROVIDER, 'watch', '--data', stage.folder('provider-1'), '--leave', '--json']
  const { stdout } = await execute(process.execPath, command)
  expect(JSON.parse(stdout)).toMatchObject({ key: delegate, renews: false })
  const termBlocks = COURT.termEpochs * epochBlocks(COURT)
  await stage.market.chain.mine(3 * termBlocks)
  await until('it is out of every table', async () => (await standing()).places.length === 0)
  const { lastTerm } = await court.link.reader.watcher(delegate)

  await stage.market.child('provider-1')?.kill()
  await stage.market.startProvider('provider-1')
  await court.blocksPass(3)
  expect(await standing()).toMatchObject({ renews: false, places: [] })
  expect((await court.link.reader.watcher(delegate)).lastTerm).toBe(lastTerm)

  expect(await stage.ask('provider-1', 'renew', { renews: true })).toMatchObject({ renews: true })
  const { places } = await until('it has a place again', async () => {
    const now = await standing()
    return now.places.length > 0 && now
  })
  expect(places.at(-1)).toBeGreaterThan(lastTerm)
})

test('a provider whose stake is gone says so', async () => {
  const { delegate } = stage.party('provider-1')
  await stage.ask('provider-1', 'renew', { renews: false })
  const { leaveBlock } = await court.link.reader.watcher(delegate)
  await stage.market.chain.mine(Math.max(1, leaveBlock - (await court.head())))
  const left = await watch(stage.party('provider-1'), delegate, '--leave', '--to', party.account)
  expect(left.code, left.stderr).toBe(0)
  const gone = await until('it knows', async () => {
    const now = await standing()
    return now.account === null && now
  })
  expect(gone).toMatchObject({ account: null, places: [], leaveBlock: null })
  expect(gone.lacks).toContain('taken back')
})
