import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DecisionRow, JobRow } from '@souk/engine'
import type { PoolStatus } from '@souk/requester'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SOUK } from './processes.fixture.ts'
import { soukIn } from './support/cli.ts'
import { CONDUCT, expectedDigest, SHA256, WORDCOUNT } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const UNIT = 10n ** 18n

let stage: Stage
let souk: ReturnType<typeof soukIn>
let terminal: ChildProcess | undefined
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
  souk = soukIn(stage)
})
afterAll(async () => {
  if (terminal?.pid !== undefined && terminal.exitCode === null) killGroup(terminal.pid)
  await souk?.run(['agent', 'stop'])
  await stage?.stop()
})

/** Makes a folder of inputs, and one for results. */
function folders(name: string, inputs: Record<string, string>): { in: string; out: string } {
  const root = join(stage.home, name)
  for (const [file, text] of Object.entries(inputs)) {
    mkdirSync(dirname(join(root, 'in', file)), { recursive: true })
    writeFileSync(join(root, 'in', file), text)
  }
  return { in: join(root, 'in'), out: join(root, 'out') }
}

const many = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`t${`${i}`.padStart(2, '0')}.txt`, `w${'x'.repeat(i)} w\n`]),
  )

const jobs = async (): Promise<(JobRow & { pool: PoolStatus | null })[]> =>
  JSON.parse((await souk.run(['ps', '--json'])).stdout)

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

describe('work that its terminal leaves', () => {
  it('needs an agent, and goes on with it when the terminal is killed', async () => {
    await stage.market.child('agent')?.stop()
    const lonely = await souk.run(['run', '-d', CONDUCT], '--', 'nothing')
    expect(lonely).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('[NO_AGENT]') })

    const network = `--network ${basename(stage.home)}`
    const node = `"${process.execPath}" "${SOUK}"`
    const run = `${node} run -d "${SHA256}" --assurance none ${network} -- 200 1`
    const script = `${node} agent start ${network} && until ${run}; do :; done; sleep 600`
    const env = { ...process.env, SOUK_HOME: dirname(stage.home) }
    const shell = spawn('sh', ['-c', script], { env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
    terminal = shell
    let said = ''
    shell.stdout.on('data', (chunk) => {
      said += chunk
    })
    const job = await until('the job has a name', () => /^([0-9a-f]{12})$/m.exec(said)?.[1])
    killGroup(shell.pid ?? 0)

    const end = await souk.run(['wait', job])
    expect(end.stdout.split(' ')[0]).toBe(expectedDigest(200, 0))
    expect(end.code).toBe(0)
    expect((await souk.run(['agent', 'stop'])).stdout).toBe('the agent has ended\n')
    await stage.market.startAgent()
    await stage.offersFound(3)
  })
})

describe('a program over many inputs', () => {
  it('writes a result for each, and does again only what has changed', async () => {
    const { in: inputs, out } = folders('many', { ...many(30), 'sub/deep.txt': 'a b a' })
    const map = (...more: string[]) =>
      souk.run([
        'map',
        WORDCOUNT,
        '--inputs',
        `${inputs}/**/*.txt`,
        '--out',
        out,
        '--assurance',
        'none',
        ...more,
      ])
    const first = await map()
    expect(first.stderr).toContain('31 of 31 tasks done')
    expect(first.code).toBe(0)
    expect(readFileSync(join(out, 'sub/deep.txt.out'), 'utf8')).toBe('word 2 a\nword 1 b\n')
    expect(readFileSync(join(out, 't03.txt.out'), 'utf8')).toBe('word 1 w\nword 1 wxxx\n')

    writeFileSync(join(inputs, 't03.txt'), 'changed')
    const second = JSON.parse((await map('--json')).stdout)
    expect(second).toMatchObject({ tasks: 31, done: 31, failed: 0, before: 30 })
    expect(second.jobs).toHaveLength(1)
    expect(readFileSync(join(out, 't03.txt.out'), 'utf8')).toBe('word 1 changed\n')
    expect((await jobs()).find(({ id }) => id === second.jobs[0])?.tasks).toBe(1)

    // What nobody of ours wrote is not replaced, and nothing is bought before that is known.
    writeFileSync(join(inputs, 'new.txt'), 'new')
    writeFileSync(join(out, 'new.txt.out'), 'mine')
    expect(await map()).toMatchObject({ code: 1, stderr: expect.stringContaining('[OUT_EXISTS]') })
    expect(readFileSync(join(out, 'new.txt.out'), 'utf8')).toBe('mine')
  })

  it('prints in the order of the inputs, and tells of those that did not end well', async () => {
    const { in: inputs } = folders('ordered', many(6))
    const args = ['map', CONDUCT, '--inputs', inputs, '--ordered', '--assurance', 'none']
    const echoed = await souk.run(args, '--', 'echo', '{}')
    const expected = Object.entries(many(6)).map(
      ([name, text]) => `arg program\narg echo\narg ${name}\n${text}`,
    )
    expect(echoed).toMatchObject({ code: 0, stdout: expected.join('') })
    const failed = await souk.run(args, '--', 'exit', '3')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('t05.txt ended with exit 3')
  })

  it('goes on with the job of a command that was killed', async () => {
    const { in: inputs, out } = folders('killed', many(12))
    const args = ['map', SHA256, '--inputs', inputs, '--out', out, '--assurance', 'none', '--leases', '2']
    const rest = ['--', '40', '1']
    const killed = souk.start(args, ...rest)
    await until('a result is there', () => existsSync(out) && results(out).length > 0)
    killed.child.kill('SIGKILL')
    await killed.ended
    const again = await souk.run([...args, '--json'], ...rest)
    expect(again.code).toBe(0)
    expect(results(out)).toHaveLength(12)
    for (const file of results(out)) {
      expect(readFileSync(join(out, file), 'utf8').split(' ')[0]).toBe(expectedDigest(40, 0))
    }
    const named = (await jobs()).filter(({ name }) => name.includes('sha256.wasm 40'))
    expect(named).toMatchObject([{ tasks: 12, state: 'done' }])
  })
})

describe('a pool of leases', () => {
  it('grows with the work within its budget, also over the death of the agent', async () => {
    const { in: inputs, out } = folders('pool', many(24))
    const args = ['map', SHA256, '--inputs', inputs, '--out', out, '--assurance', 'none', '--json']
    const pool = ['--budget', '0.05', '--max-rate', '1', '--max', '3', '--duration', '5m']
    const rest = ['--', '80', '1']
    const command = souk.start([...args, ...pool], ...rest)
    const job = await until('the pool has grown', async () => {
      const grown = (await stage.ask<PoolStatus[]>('agent', 'pools')).find(({ ready }) => ready > 1)
      return grown?.job
    })
    const before = await stage.ask<DecisionRow[]>('agent', 'decisions', { job })
    await stage.market.child('agent')?.kill()
    expect(await command.ended).toBe(1)
    await stage.market.startAgent()
    await stage.offersFound(3)
    const end = await souk.run([...args, ...pool], ...rest)
    expect(JSON.parse(end.stdout)).toMatchObject({ done: 24, failed: 0, jobs: [job] })
    expect(end.code).toBe(0)

    const shown: DecisionRow[] = JSON.parse((await souk.run(['ps', '--decisions', job, '--json'])).stdout)
    expect(shown.slice(-before.length).map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq))
    expect(Math.max(...shown.map(({ desired }) => desired))).toBeGreaterThan(1)
    for (const { desired, inputs: seen } of shown) {
      expect(desired).toBeLessThanOrEqual(3)
      expect(BigInt(seen.committed)).toBeLessThanOrEqual(UNIT / 20n)
    }
    const bought = (await stage.leases()).filter((lease) => lease.job === job)
    expect(bought.reduce((sum, { paid }) => sum + paid, 0n)).toBeLessThanOrEqual(UNIT / 20n)
  })

  it.each([
    ['pays for no lease', ['--budget', '0.0000001'], 5, 'BUDGET_TOO_SMALL'],
    ['is for fewer leases than one task needs', ['--budget', '1', '--max', '1'], 2, 'POOL_TOO_SMALL'],
    ['ends in the past', ['--budget', '1', '--deadline-at', '2001-01-01'], 2, 'DEADLINE_PAST'],
  ])('is refused that %s', async (_, options, code, name) => {
    const { in: inputs } = folders('refused', many(2))
    const refused = await souk.run(['map', WORDCOUNT, '--inputs', inputs, ...options])
    expect(refused).toMatchObject({ code, stderr: expect.stringContaining(`[${name}]`) })
  })
})

/** Names of the results that are written. */
function results(out: string): string[] {
  return readdirSync(out).filter((name) => name.endsWith('.out'))
}
