import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openLeaseStream } from '@souk/network'
import type { Demand } from '@souk/protocol'
import type { Requester } from '@souk/requester'
import { readJob } from '@souk/requester/node'
import type { NetworkConfig } from '@souk/settlement'
import { writeNetworkConfig } from '@souk/settlement/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { delegateKey, newParty, startBuyer } from './support/buyer.ts'
import { RawPeer, randomHex, Talk } from './support/raw-peer.ts'
import { CONDUCT, demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

/** Less than the deposit of any lease of these tests. */
const PITTANCE = 1_000n

let stage: Stage
let poor: Awaited<ReturnType<typeof newParty>>
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.3))
  poor = await newParty(stage, 'poor', PITTANCE)
})
afterAll(() => stage?.stop())

describe('a demand that no offer fits says why each does not', () => {
  const GPU = { count: 1, family: 'nvidia', model: '*', vramBytes: 0 } as const
  test.each<[string, Demand, RegExp]>([
    ['a price below every offer', demandOf({ maxRateE12: 1n }), /2 .*price/],
    ['more cores than any provider has', demandOf({}, { millicores: 9_000_000 }), /2 .*core/],
    ['more memory than any provider has', demandOf({}, { memoryBytes: 2 ** 50 }), /2 .*memory/],
    ['a GPU where there is none', demandOf({}, { gpu: GPU }), /2 .*GPU/],
  ])('%s', async (_what, demand, why) => {
    const { done } = await stage.start(requestOf(CONDUCT, [['nothing']], { demand }))
    await expect(done).rejects.toMatchObject({ code: 'NO_OFFER', message: expect.stringMatching(why) })
    expect(await stage.leases()).toEqual([])
  })
})

describe('money that is not there', () => {
  let buyer: Requester
  afterAll(() => buyer?.stop())

  test('an honest requester asks its own budget first', async () => {
    buyer = await startBuyer(stage, poor)
    await until('both offers are known', () => buyer.offers(demandOf()).candidates.length === 2)
    const spec = await readJob(requestOf(CONDUCT, [['nothing']]))
    const failed = buyer.run(spec, 'too-dear')
    await expect(failed).rejects.toMatchObject({ code: 'NOT_ENOUGH_BALANCE', data: { available: PITTANCE } })
    expect(buyer.leases.size).toBe(0)
    expect(buyer.budget.available).toBe(PITTANCE)
  })

  test('a requester that signs beyond its balance is refused by the provider', async () => {
    const peer = await RawPeer.start(stage.market.config, poor.account, await delegateKey(poor))
    try {
      expect(await acceptance(peer)).toMatchObject({
        code: 'not-enough-balance',
        message: expect.stringMatching(/expected \d+ base units .*found 1000; deposit more/),
      })
    } finally {
      await peer.node.stop()
    }
  })

  test('a key that is no delegate of the account is refused', async () => {
    const stranger = Buffer.from(randomHex(32).slice(2), 'hex')
    const peer = await RawPeer.start(stage.market.config, stage.market.requester.account, stranger)
    try {
      expect(await acceptance(peer)).toMatchObject({ code: 'not-a-delegate' })
    } finally {
      await peer.node.stop()
    }
  })

  /** Asks for a quote, accepts it, and returns the answer. */
  async function acceptance(peer: RawPeer) {
    const talk = new Talk(await peer.open(await stage.status('provider-1')))
    const offered = await talk.ask(peer.demand(), 'quote')
    return talk.ask(peer.acceptance(offered), 'refused')
  }
})

describe('a network file that does not fit', () => {
  const elsewhere = `0x${'11'.repeat(20)}` as const
  test.each<[string, Partial<NetworkConfig>, string]>([
    ['another chain', { chainId: 1 }, 'WRONG_CHAIN'],
    ['another escrow', { escrow: elsewhere }, 'NO_ESCROW'],
    ['an endpoint where nobody answers', { rpcUrls: ['http://127.0.0.1:1'] }, 'RPC_UNAVAILABLE'],
  ])('%s keeps a provider and an agent from starting', async (_what, change, code) => {
    const networkFile = join(stage.home, `${code}.json`)
    await writeNetworkConfig(networkFile, { ...stage.market.config, ...change })
    const folder = join(stage.home, code)
    const starts = [
      startOver(
        [fileURLToPath(import.meta.resolve('@souk/provider/bin'))],
        networkFile,
        `${folder}-provider`,
      ),
      startOver([agentScript(), 'agent', 'start'], networkFile, `${folder}-agent`),
    ]
    // The binary knows one code for failures; `souk` says that it is the chain.
    const codes = [1, 8]
    const answers = starts.map((start, i) =>
      expect(start).rejects.toMatchObject({ code: codes[i], stderr: expect.stringContaining(`[${code}]`) }),
    )
    await Promise.all(answers)
  })

  test('a peer of another network is told so', async () => {
    const party = stage.market.requester
    const config = { ...stage.market.config, name: 'another' }
    const stranger = await RawPeer.start(config, party.account, await delegateKey(party))
    try {
      const target = await stage.status('provider-1')
      await expect(openLeaseStream(stranger.node, target)).rejects.toMatchObject({
        code: 'WRONG_NETWORK',
        message: expect.stringMatching(/expected a peer of network another\/.*got one of local\//),
      })
    } finally {
      await stranger.node.stop()
    }
  })
})

test('the market itself took no harm', async () => {
  expect(await stage.run(requestOf(CONDUCT, [['nothing']]))).toMatchObject({ state: 'done' })
  await stage.capacityFree()
  await stage.settle()
  expect((await stage.money()).conserved).toBe(true)
})

function agentScript(): string {
  return fileURLToPath(new URL('../../packages/cli/bin/souk.js', import.meta.url))
}

/** Starts a process with a network file of its own over a folder of its own. */
function startOver(command: readonly string[], networkFile: string, folder: string) {
  const { account, keystore, passwordFile } = poor
  const key = ['--keystore', keystore, '--password-file', passwordFile]
  const args = [...command, '--network-file', networkFile, '--data', folder, '--account', account, ...key]
  return promisify(execFile)(process.execPath, args, { timeout: 60_000 })
}
