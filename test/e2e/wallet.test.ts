import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, runSouk, SOUK } from './processes.fixture.ts'

const WORDCOUNT = join(ROOT, 'packages/cli/programs/wordcount.wasm')
const UNIT = 10n ** 18n
const PASSPHRASE = 'correct horse battery'

describe('wallets on the command line', () => {
  /** The local market's home, and that of a user who joins it with a wallet of their own. */
  let home: string
  let own: string
  let network: string
  let password: string
  let account: string
  const market = (...args: string[]) => runSouk(args, { SOUK_HOME: home })
  const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: own })
  const signing = (...args: string[]) =>
    souk('wallet', ...args, '--network', network, '--password-file', password)
  const json = async (run: Promise<{ stdout: string; stderr: string; code: number }>) => {
    const { stdout, stderr, code } = await run
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout)
  }
  const balance = () => json(souk('wallet', 'balance', '--network', network, '--json'))
  const chain = async (method: string, params: unknown[] = []) => {
    const [url] = JSON.parse(readFileSync(network, 'utf8')).rpcUrls
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return ((await answer.json()) as { result: unknown }).result
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'souk-market-'))
    own = mkdtempSync(join(tmpdir(), 'souk-wallet-'))
    network = join(home, 'local', 'network.json')
    password = join(own, 'passphrase')
    writeFileSync(password, `${PASSPHRASE}\n`, { mode: 0o600 })
    const { code, stderr } = await market('up')
    expect(code, stderr).toBe(0)
  })

  afterAll(async () => {
    await market('down')
    for (const folder of [home, own]) rmSync(folder, { recursive: true, force: true })
  })

  it('creates a wallet that only its passphrase opens, and no second one in its place', async () => {
    const made = await json(souk('wallet', 'create', '--password-file', password, '--json'))
    account = made.address
    expect(made.keystore).toBe(join(own, 'wallet.json'))
    expect(statSync(made.keystore).mode & 0o777).toBe(0o600)
    expect(readFileSync(made.keystore, 'utf8')).not.toContain(PASSPHRASE)
    const again = await souk('wallet', 'create', '--password-file', password)
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('[KEYSTORE_EXISTS]')
    expect((await souk('wallet', 'address')).stdout.trim().toLowerCase()).toBe(account)
  })

  it('exports and imports the same key under another passphrase', async () => {
    const other = join(own, 'other-passphrase')
    writeFileSync(other, 'another passphrase')
    const file = join(own, 'exported.json')
    await json(signing('export', '--out', file, '--new-password-file', other, '--json'))
    const theirs = JSON.parse(readFileSync(file, 'utf8'))
    expect(theirs).toMatchObject({ version: 3, crypto: { kdfparams: { n: 262_144, r: 8, p: 1 } } })
    const copy = join(own, 'copy.json')
    const options = ['--keystore', copy, '--password-file', password, '--source-password-file', other]
    expect(await json(souk('wallet', 'import', file, ...options, '--json'))).toMatchObject({
      address: account,
    })
    const again = await souk('wallet', 'import', file, ...options)
    expect(again.stderr).toContain('[KEYSTORE_EXISTS]')
  })

  it('imports a raw key, and says nothing of one with a typing error', async () => {
    const file = join(own, 'raw')
    writeFileSync(file, `0x${'07'.repeat(32)}\n`)
    const options = ['--keystore', join(own, 'raw.json'), '--password-file', password, '--json']
    const { address } = await json(souk('wallet', 'import', file, ...options))
    expect(address).toMatch(/^0x[0-9a-f]{40}$/)
    writeFileSync(file, `0x${'07'.repeat(31)}x7\n`)
    const wrong = await souk(
      'wallet',
      'import',
      file,
      '--keystore',
      join(own, 'no.json'),
      '--password-file',
      password,
    )
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('[BAD_KEY]')
    expect(wrong.stderr).not.toContain('0707')
  })

  it('uses the market’s own funded account where no wallet is named', async () => {
    const before = await json(market('wallet', 'balance', '--json'))
    expect(BigInt(before.ledger)).toBe(100n * UNIT)
    const made = await json(market('wallet', 'deposit', '12.5', '--json'))
    expect(made).toMatchObject({ way: 'permit', credited: `${(125n * UNIT) / 10n}` })
    const back = await json(market('wallet', 'withdraw', '12.5', '--json'))
    expect(BigInt(back.ledger)).toBe(100n * UNIT)
    const after = await json(market('wallet', 'balance', '--json'))
    expect(after).toMatchObject({ wallet: before.wallet, ledger: before.ledger, unfinished: [] })
    expect(BigInt(after.native)).toBeLessThan(BigInt(before.native))
  })

  it('tells a wallet without gas money what it lacks, and sends nothing', async () => {
    await json(market('wallet', 'withdraw', '40', '--to', account, '--json'))
    const { code, stderr } = await signing('deposit', '10')
    expect(code).toBe(5)
    expect(stderr).toContain('[NO_GAS_MONEY]')
    expect(await balance()).toMatchObject({
      wallet: `${40n * UNIT}`,
      ledger: '0',
      native: '0',
      unfinished: [],
    })
    expect((await balance()).runway).toMatchObject({ gas: 'empty', money: 'empty', level: 'empty' })
  })

  it('deposits by permit in one transaction', async () => {
    await json(market('wallet', 'fund', account, '--amount', '1', '--json'))
    const made = await json(signing('deposit', '10', '--json'))
    expect(made).toMatchObject({ way: 'permit', credited: `${10n * UNIT}`, ledger: `${10n * UNIT}` })
    expect(await chain('eth_getTransactionCount', [account, 'latest'])).toBe('0x1')
    expect(await balance()).toMatchObject({ wallet: `${31n * UNIT}`, ledger: `${10n * UNIT}`, locked: '0' })
  })

  it.each([
    [['deposit', '1000'], 5, 'NOT_ENOUGH_TOKENS'],
    [['withdraw', '11'], 5, 'NOT_ENOUGH_FREE'],
    [['deposit', '1.2345678901234567891'], 2, 'BAD_AMOUNT'],
    [['deposit', '1e3'], 2, 'BAD_AMOUNT'],
    [['deposit', '0'], 2, 'BAD_OPTION'],
    [['withdraw', '1', '--to', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'], 2, 'BAD_ADDRESS'],
    [['withdraw', '1', '--to', 'vitalik.eth'], 2, 'BAD_ADDRESS'],
    [['delegate', '--limit', '1', '--expires', 'soon'], 2, 'BAD_EXPIRY'],
    [['history', '--limit', 'many'], 2, 'BAD_OPTION'],
  ])('answers %j with exit code %d and %s', async (args, code, name) => {
    const outcome = await signing(...args)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(`[${name}]`)
    expect(outcome.stderr).toMatch(/expected/)
  })

  it('asks for nothing where there is no terminal, and refuses a wrong passphrase', async () => {
    const silent = await souk('wallet', 'deposit', '1', '--network', network)
    expect(silent.code).toBe(7)
    expect(silent.stderr).toContain('[PASSWORD_NEEDED]')
    const wrong = join(own, 'wrong')
    writeFileSync(wrong, 'not the passphrase')
    const refused = await souk('wallet', 'deposit', '1', '--network', network, '--password-file', wrong)
    expect(refused.code).toBe(7)
    expect(refused.stderr).toContain('[WRONG_PASSWORD]')
  })

  it('prints the calls that a contract account sends by itself', async () => {
    const args = ['--network', network, '--account', account]
    const calls = await json(souk('wallet', 'deposit', '3', '--calls', ...args))
    expect(calls).toHaveLength(2)
    const refused = await souk('wallet', 'deposit', '3', ...args)
    expect(refused.stderr).toContain('[CANNOT_SIGN]')
  })

  it('authorises a key for this machine’s agent, whose job the wallet then pays', async () => {
    const set = await json(signing('delegate', '--limit', '5', '--expires', '7d', '--json'))
    expect(set).toMatchObject({ account, limit: `${5n * UNIT}` })
    const agentHome = join(own, 'local')
    const agent = startAgent(agentHome, account)
    try {
      await agent.ready
      const fitting = async () => (await json(souk('offers', '--json'))).offers.length
      await expect.poll(fitting, { timeout: 30_000 }).toBeGreaterThan(2)
      const input = join(own, 'input.txt')
      writeFileSync(input, 'the cat the dog')
      const { code, stdout, stderr } = await souk('run', WORDCOUNT, '--input', input)
      expect(code, stderr).toBe(0)
      expect(stdout).toBe('word 1 cat\nword 1 dog\nword 2 the\n')
      // The account sends while the agent holds the data folder of the same market.
      await json(signing('deposit', '1', '--json'))
      // The delegate has no coins: providers relay openings and closings.
      await expect
        .poll(async () => (await kinds()).filter((kind) => kind === 'lease-closed').length, {
          timeout: 60_000,
          interval: 1_000,
        })
        .toBeGreaterThanOrEqual(2)
      const { locked, ledger, delegateNative } = await balance()
      expect({ locked, delegateNative }).toEqual({ locked: '0', delegateNative: '0' })
      expect(BigInt(ledger)).toBeLessThan(11n * UNIT)
    } finally {
      await agent.stop()
    }
  })

  async function history() {
    return json(souk('wallet', 'history', '--limit', '1000', '--network', network, '--json'))
  }
  async function kinds(): Promise<string[]> {
    return (await history()).entries.map((entry: { kind: string }) => entry.kind)
  }

  it('has a history that adds up to the free balance', async () => {
    const { entries } = await history()
    const sum = entries.reduce((total: bigint, { change }: { change: string }) => total + BigInt(change), 0n)
    expect(sum).toBe(BigInt((await balance()).ledger))
    const text = await souk('wallet', 'history', '--limit', '2', '--network', network)
    expect(text.stdout).toContain('older entries')
  })

  it('links to the explorer that the network file names', async () => {
    const file = join(own, 'explored.json')
    const explorer = 'https://scan.example'
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(network, 'utf8')), explorer }))
    const { entries } = await json(souk('wallet', 'history', '--network', file, '--json'))
    expect(entries[0].link).toBe(`${explorer}/tx/${entries[0].transaction}`)
  })

  it('goes on after a kill with what waits for a block, and says so meanwhile', async () => {
    const before = BigInt((await balance()).ledger)
    await chain('evm_setIntervalMining', [0])
    try {
      const args = ['wallet', 'deposit', '2', '--network', network, '--password-file', password]
      const sending = spawn(process.execPath, [SOUK, ...args], { env: { ...process.env, SOUK_HOME: own } })
      await said(sending, 'waiting to be mined')
      const locked = await signing('withdraw', '1')
      expect(locked.stderr).toContain('[WALLET_BUSY]')
      await killed(sending)
      const { unfinished } = await balance()
      expect(unfinished).toMatchObject([{ status: 'waiting', purpose: 'deposit' }])
      const shown = await souk('wallet', 'balance', '--network', network)
      expect(shown.stdout).toMatch(/deposit: waiting for \d+ s to be mined/)
    } finally {
      await chain('evm_setIntervalMining', [1])
    }
    await json(signing('withdraw', '1', '--json'))
    const after = await balance()
    expect(BigInt(after.ledger)).toBe(before + UNIT)
    expect(after.unfinished).toEqual([])
  })

  it('revokes the delegate, and takes everything home', async () => {
    await json(signing('delegate', '--revoke', '--json'))
    const { delegates } = await json(souk('wallet', 'delegate', '--network', network, '--json'))
    expect(delegates).toMatchObject([{ limit: '0', expiry: 0, lockable: '0', agent: true }])
    await json(signing('withdraw', 'all', '--json'))
    expect(await balance()).toMatchObject({ ledger: '0', locked: '0', available: '0' })
  })

  it.skipIf(!existsSync('/usr/bin/script'))('never shows a passphrase that is typed', async () => {
    const file = join(own, 'typed.json')
    const command = `${process.execPath} ${SOUK} wallet create --keystore ${file}`
    const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'])
    let shown = ''
    terminal.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
    })
    await said(terminal, 'New passphrase', 'stdout')
    terminal.stdin.write(`${PASSPHRASE}\r`)
    await said(terminal, 'The same again', 'stdout')
    terminal.stdin.write(`${PASSPHRASE}\r`)
    await once(terminal, 'close')
    expect(shown).toContain('wrote a new wallet')
    expect(shown).not.toContain(PASSPHRASE)
    expect(existsSync(file)).toBe(true)
  })
})

/** Starts a requester's agent of its own over `home`. */
function startAgent(home: string, account: string) {
  const agent = join(home, 'agent')
  const child = spawn(process.execPath, [
    ...[SOUK, 'agent', 'start', '--network-file', join(home, 'network.json'), '--data', agent],
    ...['--account', account, '--keystore', join(agent, 'delegate.json')],
    ...['--password-file', join(agent, 'password'), '--exit-with-parent'],
  ])
  child.stdout.resume()
  child.stderr.resume()
  return {
    ready: said(child, 'ready', 'stdout'),
    async stop() {
      const ended = once(child, 'close')
      child.stdin?.end()
      await ended
    },
  }
}

/** Waits until a process has said `text`; fails when it ends before. */
function said(child: ChildProcess, text: string, stream: 'stdout' | 'stderr' = 'stderr'): Promise<void> {
  let heard = ''
  return new Promise((resolve, reject) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (heard.includes(text)) resolve()
    })
    child.once('close', () => reject(new Error(`it ended and said only: ${heard}`)))
  })
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}
