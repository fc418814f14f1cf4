import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRpc, deployMarket, type NetworkConfig } from '@souk/settlement'
import { createKeystore, type DevChain, startDevChain } from '@souk/settlement/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, runSouk } from './processes.fixture.ts'

const PASSPHRASE = 'correct horse battery'
/** A chain number that is no development chain's. */
const PUBLIC_CHAIN = 424_242
const AMOUNTS = ['--stake', '100', '--challenge-deposit', '15', '--jury-fee', '1']
const NOBODY = `0x${'11'.repeat(20)}`

let home: string
let dev: DevChain
let other: DevChain
let otherToken: string
const at = (name: string) => join(home, name)
const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: home })
const deploy = (chain: DevChain, name: string, ...args: string[]) =>
  souk(
    ...['network', 'deploy', '--rpc', chain.rpcUrl, '--name', name, '--out', at(`${name}.json`)],
    ...['--keystore', at('rich.json'), '--password-file', at('passphrase'), ...args],
  )
const verify = (file: string) => souk('network', 'verify', '--network', file, '--json')
const parsed = ({ stdout, stderr, code }: Outcome) => {
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}
/** A network file that a test before wrote. */
const saved = (name: string) => JSON.parse(readFileSync(at(`${name}.json`), 'utf8')) as NetworkConfig
const transactions = async (chain: DevChain) => Number(await chain.request('eth_blockNumber'))

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'souk-network-'))
  writeFileSync(at('passphrase'), PASSPHRASE, { mode: 0o600 })
  writeFileSync(at('wrong'), 'some other words', { mode: 0o600 })
  dev = await startDevChain({ blockSeconds: 0 })
  other = await startDevChain({ blockSeconds: 0, chainId: PUBLIC_CHAIN })
  const [rich] = dev.richKeys
  if (rich === undefined) throw new Error('a development chain has rich accounts')
  const rpc = createRpc({ urls: [other.rpcUrl], chainId: PUBLIC_CHAIN })
  otherToken = (await deployMarket({ rpc, deployerKey: rich, settleBlocks: 1 })).token
  await createKeystore(at('rich.json'), rich, PASSPHRASE)
  await createKeystore(at('poor.json'), new Uint8Array(randomBytes(32)), PASSPHRASE)
})

afterAll(async () => {
  await other?.stop()
  await dev?.stop()
  rmSync(home, { recursive: true, force: true })
})

describe('deploying a network', () => {
  it('makes token, escrow and court of a development chain, and finds them as built', async () => {
    const said = await deploy(dev, 'dev', '--json', '--explorer', 'https://example.org/scan')
    const report = parsed(said)
    expect(report).toMatchObject({ deployed: true, ok: true, file: at('dev.json') })
    expect(report.rules).toMatchObject({ quorum: 8, termEpochs: 4, settleBlocks: 64 })
    expect(report.config).toMatchObject({
      ...{ name: 'dev', chainId: dev.chainId, dev: true, settleBlocks: 64, blockSeconds: 1 },
      ...{ tokenSymbol: 'devSOUK', tokenDecimals: 18, explorer: 'https://example.org/scan' },
    })
    expect(saved('dev')).toEqual(report.config)
    expect(said.stderr).toMatch(/about \d+ gas/)
    expect(said.stderr.indexOf('deployer')).toBeLessThan(said.stderr.indexOf('deploying'))
    expect(parsed(await verify(at('dev.json')))).toMatchObject({ ok: true, rules: { quorum: 8 } })
  })

  it('uses a token that exists, under the public preset, whose amounts must be said', async () => {
    const { config } = parsed(await deploy(dev, 'spare', '--json'))
    const bare = await deploy(dev, 'bare', '--token', config.token, '--preset', 'public')
    expect(bare).toMatchObject({ code: 2, stdout: '' })
    expect(bare.stderr).toContain('--stake')
    const report = parsed(
      await deploy(dev, 'public', '--token', config.token, '--preset', 'public', ...AMOUNTS, '--json'),
    )
    expect(report).toMatchObject({ ok: true, config: { settleBlocks: 43_200, token: config.token } })
    expect(report.rules).toMatchObject({ quorum: 11, seats: 15, leastWatchers: 22, slotBlocks: 112 })
    expect(report.rules).toMatchObject({ stake: `${100n * 10n ** 18n}`, juryFee: `${10n ** 18n}` })
    const shown = await souk('network', 'show', '--network', at('public.json'))
    expect(shown.stdout).toContain('public: 11 of 15 seats')
  })

  it('says what it would do, and sends nothing, when tried dry', async () => {
    const before = await transactions(dev)
    const report = parsed(await deploy(dev, 'dry', '--dry-run', '--json'))
    expect(report).toMatchObject({ deployed: false })
    expect(BigInt(report.mostWei)).toBeGreaterThan(BigInt(report.likelyWei))
    expect(await transactions(dev)).toBe(before)
  })

  it('takes the public preset and the measured distance of blocks where money is real', async () => {
    await other.mine(200, 3)
    const report = parsed(await deploy(other, 'real', '--token', otherToken, ...AMOUNTS, '--json'))
    expect(report).toMatchObject({ ok: true, config: { dev: false, blockSeconds: 3, settleBlocks: 43_200 } })
  })
})

describe('a mistake is answered before anything is sent', () => {
  it.each<[string, () => string[], number, string]>([
    ['another chain than expected', () => ['--chain-id', '10'], 8, 'WRONG_CHAIN'],
    ['endpoints of two chains', () => ['--rpc', other.rpcUrl], 8, 'WRONG_CHAIN'],
    ['an endpoint that is not there', () => ['--rpc', 'http://127.0.0.1:9'], 8, 'RPC_UNAVAILABLE'],
    ['no code at the token', () => ['--token', NOBODY, ...AMOUNTS], 8, 'NO_TOKEN'],
    ['a contract that is no token', () => ['--token', saved('spare').escrow, ...AMOUNTS], 8, 'NOT_A_TOKEN'],
    [
      'a deposit that pays no jury',
      () => ['--challenge-deposit', '1', '--jury-fee', '1'],
      1,
      'CONTRACT_REVERTED',
    ],
    ['a stake of nothing', () => ['--stake', '0'], 1, 'CONTRACT_REVERTED'],
    ['no gas money', () => ['--keystore', at('poor.json')], 5, 'NO_GAS_MONEY'],
    ['a wrong passphrase', () => ['--password-file', at('wrong')], 7, 'WRONG_PASSWORD'],
    ['a file that is there', () => ['--out', at('dev.json')], 1, 'OUT_EXISTS'],
    ['a name with a slash', () => ['--name', 'a/b'], 2, 'NETWORK_FILE_MALFORMED'],
    [
      'more decimals than the token has',
      () => ['--token', saved('spare').token, '--stake', '0.0000000000000000001'],
      2,
      'BAD_AMOUNT',
    ],
    ['an amount beyond 96 bits', () => ['--stake', '99999999999999'], 2, 'BAD_OPTION'],
  ])('%s', async (_name, args, code, error) => {
    const before = await transactions(dev)
    const outcome = await deploy(dev, 'mistake', ...args())
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(`[${error}]`)
    expect(outcome.stderr).toMatch(/expected/)
    expect(await transactions(dev)).toBe(before)
  })

  it('names the relation that a court refuses', async () => {
    const { stderr } = await deploy(dev, 'mistake', '--challenge-deposit', '1', '--jury-fee', '1')
    expect(stderr).toContain('BadPreset(relation challengeDeposit >= seats * juryFee)')
    expect(stderr).toContain('nothing was sent')
  })

  it.each([
    ['no token to pay in', AMOUNTS, 2, 'BAD_OPTION'],
    ['no token there', ['--token', NOBODY, ...AMOUNTS], 8, 'NO_TOKEN'],
    ['play rules', ['--token', 'otherToken', '--preset', 'dev', ...AMOUNTS], 2, 'BAD_OPTION'],
  ] as const)('where money is real: %s', async (_name, args, code, error) => {
    const given = args.map((arg) => (arg === 'otherToken' ? otherToken : arg))
    const outcome = await deploy(other, 'mistake', ...given)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(`[${error}]`)
  })
})

describe('verifying a network', () => {
  const tampered = (name: string, change: Record<string, unknown>) => {
    const file = at(`${name}.json`)
    writeFileSync(file, JSON.stringify({ ...saved('public'), ...change }))
    return file
  }

  it('accepts what was deployed, from the file alone', async () => {
    const { stdout, code } = await souk('network', 'verify', '--network', at('public.json'))
    expect(code).toBe(0)
    expect(stdout).not.toContain('NO ')
  })

  it.each<[string, () => Record<string, unknown>, string]>([
    ['no contract at the escrow', () => ({ escrow: NOBODY }), 'escrow'],
    ['another contract at the escrow', () => ({ escrow: saved('spare').token }), 'escrow'],
    ['the escrow of another network', () => ({ escrow: saved('spare').escrow }), 'settling'],
    ['another token than the escrow’s', () => ({ token: saved('dev').token }), 'links'],
    ['no token', () => ({ token: NOBODY }), 'token'],
    ['another symbol', () => ({ tokenSymbol: 'USDC' }), 'token'],
    ['another settling time', () => ({ settleBlocks: 64 }), 'settling'],
    ['another block', () => ({ deployedHash: `0x${'22'.repeat(32)}` }), 'deployment'],
  ])('tells %s', async (_name, change, what) => {
    const { stdout, code } = await verify(tampered('tampered', change()))
    expect(code).toBe(1)
    const report = JSON.parse(stdout)
    expect(report.ok).toBe(false)
    const wrong = report.checks.filter(({ ok }: { ok: boolean }) => !ok)
    expect(wrong.map((check: { what: string }) => check.what)).toContain(what)
    for (const { found } of wrong) expect(found).toMatch(/expected/)
  })

  it('tells another chain, and one that does not answer', async () => {
    expect(await verify(tampered('elsewhere', { chainId: 10 }))).toMatchObject({ code: 8, stdout: '' })
    const silent = await verify(tampered('silent', { rpcUrls: ['http://127.0.0.1:9'] }))
    expect(silent.stderr).toContain('[RPC_UNAVAILABLE]')
    expect(silent.code).toBe(8)
  })

  it('goes on with the endpoints that serve this chain, and names the one that does not', async () => {
    const { stdout, code } = await verify(tampered('mixed', { rpcUrls: [other.rpcUrl, dev.rpcUrl] }))
    expect(code).toBe(1)
    const { checks } = JSON.parse(stdout)
    expect(checks.filter(({ ok }: { ok: boolean }) => !ok)).toMatchObject([{ what: 'endpoint' }])
  })
})
