import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT, runSouk, SOUK } from './processes.fixture.ts'
import { until } from './support/until.ts'

const WORDCOUNT = join(ROOT, 'packages/cli/programs/wordcount.wasm')
const COUNTED = 'word 1 cat\nword 1 dog\nword 2 the\n'
const UNIT = 10n ** 18n
/** More than two leases of these tests cost, and less than one. */
const [ENOUGH, TOO_LITTLE] = ['0.01', '0.0001']

interface MoneyEvent {
  readonly kind: string
  readonly lacks?: string
  readonly needed?: string
  readonly available?: string
  readonly amount?: string
  readonly raised?: string
  readonly spent?: string
  readonly why?: string
}

describe('money that runs low', () => {
  let home: string
  let input: string
  const started: ChildProcess[] = []
  const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: home })
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await souk(...args, '--json')
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout)
  }
  const run = (...args: string[]) => souk('run', WORDCOUNT, '--input', input, ...args)
  const wallet = async () => BigInt((await json('wallet', 'balance')).wallet)

  /** Starts a command, to be looked at while it runs. */
  function begin(...args: string[]) {
    const env = { ...process.env, SOUK_HOME: home }
    const child = spawn(process.execPath, [SOUK, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    started.push(child)
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (said.stdout += chunk))
    child.stderr.on('data', (chunk) => (said.stderr += chunk))
    const ended = once(child, 'close').then(([code]) => code as number | null)
    return {
      child,
      said,
      ended,
      says: (text: string) => until(`${args[0]} says ${text}`, () => said.stderr.includes(text)),
    }
  }

  /** Takes all free money out of the escrow, once no lease has any. */
  async function empty() {
    await until('every lease is settled', async () => {
      const leases: { settled: boolean }[] = await json('leases')
      return leases.every(({ settled }) => settled)
    })
    const { ledger } = await json('wallet', 'balance')
    if (BigInt(ledger) > 0n) await json('wallet', 'withdraw', 'all')
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'souk-runway-'))
    input = join(home, 'input.txt')
    writeFileSync(input, 'the cat the dog')
    const { code, stderr } = await souk('up')
    expect(code, stderr).toBe(0)
    await until('five offers fit', async () => {
      const { offers } = await json('offers')
      return offers.filter(({ reason }: { reason: string | null }) => reason === null).length === 5
    })
  })
  afterEach(async () => {
    for (const child of started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    }
  })
  afterAll(async () => {
    await souk('down')
    rmSync(home, { recursive: true, force: true })
  })

  describe('each time from none', () => {
    beforeEach(empty)

    it('fails at once without grace, and says in tokens what is missing', async () => {
      await json('wallet', 'deposit', TOO_LITTLE)
      const { code, stdout, stderr } = await run('--grace', '0')
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
      expect(stderr).toMatch(
        /next leases need 0\.\d+ devSOUK, 0\.\d+ of it are missing.*\[NOT_ENOUGH_BALANCE\]/,
      )
    })

    it('fails when the grace is over, with the same exit code, and lists what it lacked', async () => {
      const { code, stdout, stderr } = await run('--grace', '2s', '--json')
      expect(code).toBe(5)
      const [paused] = events(stderr)
      expect(paused).toMatchObject({ kind: 'paused', lacks: 'balance', available: '0' })
      const end = JSON.parse(stdout)
      expect(end).toMatchObject({ state: 'failed', shortage: { lacks: 'balance', needed: paused?.needed } })
      const jobs: { id: string; state: string }[] = await json('ps')
      expect(jobs.find(({ id }) => id === end.job)?.state).toBe('failed')
    })

    it('waits, and goes on after a deposit', async () => {
      await json('wallet', 'deposit', TOO_LITTLE)
      const job = begin('run', WORDCOUNT, '--input', input)
      await job.says('waiting for money')
      await json('wallet', 'deposit', ENOUGH)
      expect(await job.ended, job.said.stderr).toBe(0)
      expect(job.said.stdout).toBe(COUNTED)
      expect(job.said.stderr).toContain('going on')
    })

    it('moves in what is missing, no more than that and than the cap', async () => {
      const before = await wallet()
      const { code, stderr } = await run('--top-up', '0.5', '--json')
      expect(code, stderr).toBe(0)
      const moved = events(stderr).filter(({ kind }) => kind === 'topped-up')
      const total = moved.reduce((sum, one) => sum + BigInt(one.amount ?? 0), 0n)
      expect(before - (await wallet())).toBe(total)
      expect(total).toBeGreaterThan(0n)
      expect(total).toBeLessThanOrEqual(UNIT / 2n)
      expect(moved.at(-1)?.spent).toBe(total.toString())
      const [paused] = events(stderr)
      expect(BigInt(moved[0]?.amount ?? 0)).toBe(BigInt(paused?.needed ?? 0) - BigInt(paused?.available ?? 0))
    })

    it('moves nothing where the cap does not help, and says so', async () => {
      const before = await wallet()
      const { code, stderr } = await run('--top-up', TOO_LITTLE, '--grace', '8s', '--json')
      expect(code).toBe(5)
      expect(events(stderr)).toContainEqual(expect.objectContaining({ kind: 'not-topped-up', why: 'cap' }))
      expect(await wallet()).toBe(before)
    })

    it('raises the limit of the key by what it moves in, where that binds', async () => {
      await json('wallet', 'delegate', '--limit', TOO_LITTLE)
      const limit = async () => BigInt((await json('wallet', 'delegate')).delegates[0].limit)
      const before = await limit()
      const { code, stderr } = await run('--top-up', '0.5', '--json')
      expect(code, stderr).toBe(0)
      expect(events(stderr)[0]).toMatchObject({ kind: 'paused' })
      const moved = events(stderr).filter(({ kind }) => kind === 'topped-up')
      const sum = (name: 'amount' | 'raised') => moved.reduce((all, one) => all + BigInt(one[name] ?? 0), 0n)
      expect(await limit()).toBe(before + sum('raised'))
      expect(sum('raised')).toBeGreaterThan(0n)
      expect(sum('raised')).toBeLessThanOrEqual(sum('amount'))
      await json('wallet', 'delegate', '--limit', '100')
    })

    it('never moves more than the cap when it is killed and goes on', async () => {
      const before = await wallet()
      const first = begin('run', WORDCOUNT, '--input', input, '--top-up', '0.005')
      await first.says('deposit: sent')
      first.child.kill('SIGKILL')
      await first.ended
      const jobs: { id: string; state: string }[] = await json('ps')
      const job = jobs.find(({ state }) => state === 'running')?.id ?? jobs.at(-1)?.id ?? ''
      const second = begin('wait', job, '--top-up', '0.005')
      expect(await second.ended, second.said.stderr).toBe(0)
      expect(second.said.stdout).toBe(COUNTED)
      const moved = before - (await wallet())
      expect(moved).toBeGreaterThan(0n)
      expect(moved).toBeLessThanOrEqual((5n * UNIT) / 1_000n)
    })

    it('tries nothing that a key without coins cannot pay for: providers send it at once', async () => {
      await json('wallet', 'deposit', ENOUGH)
      const { delegate } = JSON.parse(readFileSync(join(home, 'local', 'agent', 'account.json'), 'utf8'))
      const [url] = JSON.parse(readFileSync(join(home, 'local', 'network.json'), 'utf8')).rpcUrls
      const coins = async (wei: string) => {
        const body = JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'anvil_setBalance',
          params: [delegate, wei],
        })
        await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      }
      await coins('0x0')
      expect(await run()).toMatchObject({ code: 0, stdout: COUNTED })
      await until('providers have settled', async () => {
        const leases: { settled: boolean }[] = await json('leases')
        return leases.every(({ settled }) => settled)
      })
      expect(readFileSync(join(home, 'local', 'agent.log'), 'utf8')).not.toContain('NO_GAS_MONEY')
      await coins('0xde0b6b3a7640000')
    })

    it('goes on waiting after the agent was killed, until money comes', async () => {
      const job = begin('run', WORDCOUNT, '--input', input, '--json')
      await job.says('"paused"')
      const jobs: { id: string; state: string }[] = await json('ps')
      const id = jobs.find(({ state }) => state === 'running')?.id ?? ''
      const [paused] = events(job.said.stderr)
      process.kill(Number(readFileSync(join(home, 'local', 'agent', 'owner.pid'), 'utf8')), 'SIGKILL')
      expect(await job.ended).toBe(1)
      // No agent runs any more: this command owns the folder, and the job goes on in it.
      const follower = begin('wait', id, '--json')
      await follower.says('"paused"')
      expect(events(follower.said.stderr)[0]).toEqual({ ...paused, atMs: expect.any(Number) })
      await json('wallet', 'deposit', ENOUGH)
      expect(await follower.ended, follower.said.stderr).toBe(0)
      expect(Buffer.from(JSON.parse(follower.said.stdout).stdout, 'base64').toString()).toBe(COUNTED)
    })
  })

  it('waits for offers where no agent runs', async () => {
    await json('wallet', 'deposit', ENOUGH)
    const { code, stdout, stderr } = await run()
    expect(code, stderr).toBe(0)
    expect(stdout).toBe(COUNTED)
    expect(stderr).toContain('joining the network')
  })
})

/** Returns the events about money of a command's standard error, as it prints them with `--json`. */
function events(stderr: string): MoneyEvent[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
  const all: MoneyEvent[] = lines.map((line) => JSON.parse(line))
  return all.filter(({ kind }) => kind !== 'progress' && kind !== 'estimate')
}
