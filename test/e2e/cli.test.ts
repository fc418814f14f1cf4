import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processesNaming, ROOT, runSouk } from './processes.fixture.ts'

const WORDCOUNT = join(ROOT, 'packages/cli/programs/wordcount.wasm')
const CONDUCT = join(ROOT, 'packages/runtime/programs/conduct.wasm')

describe('the commands against a local market', () => {
  let home: string
  const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: home })
  const json = async (...args: string[]) => JSON.parse((await souk(...args, '--json')).stdout)

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'souk-cli-'))
    const { code, stderr } = await souk('up')
    expect(code, stderr).toBe(0)
  })

  afterAll(async () => {
    await souk('down')
    rmSync(home, { recursive: true, force: true })
  })

  it('refuses a second market', async () => {
    const { code, stderr } = await souk('up')
    expect(code).toBe(1)
    expect(stderr).toContain('[MARKET_RUNS]')
  })

  it('lists five offers that fit, with prices', async () => {
    await expect.poll(async () => (await json('offers')).offers, { timeout: 20_000 }).toHaveLength(5)
    const { offers } = await json('offers')
    for (const offer of offers) {
      expect(offer).toMatchObject({ reason: null, bonded: true })
      expect(BigInt(offer.rateE12)).toBeGreaterThan(0n)
      expect(offer.free.millicores).toBeGreaterThan(0)
    }
    expect((await souk('offers')).stdout).toContain('devSOUK/h')
  })

  it('says why nothing fits', async () => {
    const dear = await souk('offers', '--max-price', '0.0001', '--why')
    expect(dear.code).toBe(4)
    expect(dear.stdout).toContain('5 providers: 5 over your price')
    const gpu = await souk('offers', '--gpu', 'nvidia:*A100*:40GiBx1', '--why')
    expect(gpu.code).toBe(4)
    expect(gpu.stdout).toMatch(/5 providers: 5 /)
  })

  it('gives a quote and reserves nothing', async () => {
    const { quote } = await json('quote')
    expect(BigInt(quote.deposit)).toBeGreaterThan(0n)
    expect(await json('leases')).toEqual([])
  })

  it('runs a program on two providers, pays them, and gives the rest back', async () => {
    const input = join(home, 'input.txt')
    writeFileSync(input, 'the cat the dog')
    const before = await json('wallet', 'balance')
    const { code, stdout } = await souk('run', WORDCOUNT, '--input', input)
    expect(code).toBe(0)
    expect(stdout).toBe('word 1 cat\nword 1 dog\nword 2 the\n')
    const settled = async () => (await json('leases')).map((lease: { settled: boolean }) => lease.settled)
    await expect.poll(settled, { timeout: 20_000 }).toEqual([true, true])
    const leases: { paid: string }[] = await json('leases')
    const after = await json('wallet', 'balance')
    const paid = leases.reduce((sum, lease) => sum + BigInt(lease.paid), 0n)
    expect(BigInt(after.ledger)).toBe(BigInt(before.ledger) - paid)
    expect(after.locked).toBe('0')
    expect((await json('ps')).map((job: { state: string }) => job.state)).toEqual(['done'])
  })

  it('hands over arguments, environment and standard input', async () => {
    const input = join(home, 'name.txt')
    writeFileSync(input, 'Ishmael')
    const args = [
      '--env',
      'B=2',
      '--env',
      'A=1',
      '--input',
      input,
      '--assurance',
      'none',
      '--',
      'echo',
      'x y',
    ]
    const { stdout } = await souk('run', CONDUCT, ...args)
    expect(stdout).toBe('arg program\narg echo\narg x y\nenv A=1\nenv B=2\nIshmael')
  })

  it('passes a program’s own end on as its exit code', async () => {
    expect((await souk('run', CONDUCT, '--assurance', 'none', '--', 'exit', '7')).code).toBe(7)
    const trapped = await souk('run', CONDUCT, '--assurance', 'none', '--', 'trap')
    expect(trapped.code).toBe(134)
    expect(trapped.stderr).toContain('[trap]')
  })

  it.each([
    [['run', '/nowhere.wasm'], 3, 'FILE_MISSING'],
    [['run', WORDCOUNT, '--input', '/nowhere.txt'], 3, 'FILE_MISSING'],
    [['run', join(ROOT, 'package.json')], 2, 'NOT_WASM'],
    [['run', WORDCOUNT, '--assurance', 'quorum:1/2'], 2, 'BAD_OPTION'],
    [['run', WORDCOUNT, '--memory', 'much'], 2, 'BAD_OPTION'],
    [['exec', 'j', '--network', 'x', '--', 'sh'], 2, 'BAD_OPTION'],
    [['run', WORDCOUNT, '--max-price', '0.0001'], 4, 'NO_OFFER'],
    [['run', WORDCOUNT, '--cores', '64'], 4, 'NO_OFFER'],
    [['stop', 'nojob'], 1, 'UNKNOWN_JOB'],
  ])('answers %j with exit code %d and %s', async (args, code, name) => {
    const outcome = await souk(...args)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(`[${name}]`)
    expect(outcome.stderr).toMatch(/expected/)
  })

  it('ends with everything it started', async () => {
    const { pid } = JSON.parse(readFileSync(join(home, 'local', 'control.json'), 'utf8'))
    expect((await souk('down')).stdout).toBe('the market has ended\n')
    expect(() => process.kill(pid, 0)).toThrow()
    await expect.poll(() => processesNaming(home), { timeout: 5_000 }).toEqual([])
    expect((await souk('offers')).code).toBe(6)
    expect((await souk('down')).stderr).toContain('[NO_MARKET]')
  })
})
