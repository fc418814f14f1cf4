import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explorerLink, type NetworkConfig, networkId, networkScope } from '../network-config.ts'
import { checkNetworkConfig, readNetworkConfig, writeNetworkConfig } from './network-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-network-'))
})
afterAll(() => rm(folder, { recursive: true }))

const CONFIG: NetworkConfig = {
  name: 'dev',
  chainId: 31_337,
  escrow: `0x${'a1'.repeat(20)}`,
  token: `0x${'b2'.repeat(20)}`,
  tokenSymbol: 'devSOUK',
  tokenDecimals: 18,
  rpcUrls: ['http://127.0.0.1:8545'],
  bootstrap: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'],
  blockSeconds: 0.5,
  settleBlocks: 64,
  dev: true,
  deployedAt: 2,
  deployedHash: `0x${'c3'.repeat(32)}`,
}

test('a network file comes back as it was written', async () => {
  const file = join(folder, 'network.json')
  await writeNetworkConfig(file, CONFIG)
  expect(await readNetworkConfig(file)).toEqual(CONFIG)
})

test('an explorer is kept, and links to what it shows', async () => {
  const file = join(folder, 'explored.json')
  await writeNetworkConfig(file, { ...CONFIG, explorer: 'https://scan.example/' })
  const config = await readNetworkConfig(file)
  expect(explorerLink(config, 'tx', '0xab')).toBe('https://scan.example/tx/0xab')
  expect(explorerLink(CONFIG, 'address', '0xab')).toBeUndefined()
})

test('a network that was deployed again keeps its name but not its journal rows', () => {
  const again: NetworkConfig = { ...CONFIG, deployedHash: `0x${'d4'.repeat(32)}` }
  expect(networkId(again)).toEqual(networkId(CONFIG))
  expect(networkScope(again)).not.toBe(networkScope(CONFIG))
})

test.each([
  ['name', 'a/b'],
  ['chainId', '31337'],
  ['escrow', '0x12'],
  ['rpcUrls', []],
  ['rpcUrls', ['ftp://127.0.0.1']],
  ['bootstrap', ['127.0.0.1:4001']],
  ['blockSeconds', 0],
  ['settleBlocks', -1],
  ['dev', 'yes'],
  ['deployedHash', undefined],
  ['explorer', 'javascript:alert(1)'],
  ['explorer', `https://scan.example/${'a'.repeat(600)}`],
  ['rpcUrl', 'http://127.0.0.1:8545'],
])('refuses %s %j', (field, value) => {
  expect(() => checkNetworkConfig({ ...CONFIG, [field]: value }, 'a file')).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: 'NETWORK_FILE_MALFORMED', field }) }),
  )
})

test('a file that is missing or no JSON is told as such', async () => {
  await expect(readNetworkConfig(join(folder, 'none'))).rejects.toMatchObject({
    code: 'NETWORK_FILE_MISSING',
  })
  await writeFile(join(folder, 'text'), '{')
  await expect(readNetworkConfig(join(folder, 'text'))).rejects.toMatchObject({
    code: 'NETWORK_FILE_MALFORMED',
  })
})
