import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { DemoReport, Money } from '@souk/cli'
import { parseAmount, rateOfHour, requirementsRateE12 } from '@souk/market'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demand } from '../../packages/cli/src/demo/stage.ts'
import { COURT, defaultPlan } from '../../packages/cli/src/local-market/local-market.ts'
import { has, noDockerReason, startDocker } from '../../packages/runtime/src/testing/docker-daemon.ts'
import { type Outcome, processesNaming, runSouk, SOUK } from './processes.fixture.ts'

const NO_CONTAINERS =
  noDockerReason() ?? (has('gcc') ? null : 'there is no gcc to build the program of the image')

/** Milliseconds for one demo on a machine that is busy: each of its tasks may be a container. */
const DEMO_MS = 400_000

describe('souk demo', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'souk-demo-test-'))
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['wasm', null],
    ['wasm-det', null],
    ['container', NO_CONTAINERS],
  ] as const)(
    'does the whole job of a market on a text of one’s own by %s, and reports it',
    async (engine, missing) => {
      if (missing !== null) return console.log(`${engine}: skipped, ${missing}`)
      const daemon = engine === 'container' ? await startDocker() : null
      const done = await demoBy(engine).finally(() => daemon?.stop())
      expect(done.code, done.stderr).toBe(0)
      const report = JSON.parse(done.stdout.trimEnd().split('\n').at(-1) ?? '') as DemoReport
      const result = readFileSync(join(folder, engine, 'result.txt'))
      const bytes = readFileSync(join(folder, 'own.txt'))

      expect(report.ok).toBe(true)
      expect(report.engine).toBe(`${engine}/1`)
      expect(report.input).toEqual({ name: 'own.txt', bytes: bytes.byteLength, sha256: sha256(bytes) })
      expect(report.output.sha256).toBe(sha256(result))
      expect(result.toString()).toContain(`word ${LINES} harpoon\n`)
      expect(report.tasks.total).toBeGreaterThanOrEqual(40)
      expect(report.tasks.verified).toBe(report.tasks.total)
      expect(report.tasks.rerun).toBeGreaterThanOrEqual(1)
      expect(report.liar.wrongResults).toBeGreaterThan(0)
      expect(report.liar.caught).toBe(report.liar.wrongResults)
      expect(report.crash.tasksInFlight).toBeGreaterThan(0)
      expect(report.crash.replacedMs).toBeGreaterThanOrEqual(report.crash.detectedMs)
      expect(report.crash.provider).not.toBe(report.liar.provider)
      expect(new Set(report.offers.map((offer) => offer.provider)).size).toBe(5)
      expect(new Set(report.leases.map((lease) => lease.provider)).size).toBe(5)
      for (const lease of report.leases) {
        expect(BigInt(lease.paid)).toBeGreaterThan(0n)
        expect(Number(lease.gas)).toBeGreaterThan(50_000)
      }
      expect(report.chain.conserved).toBe(true)
      expect(sumOf(report, 'before')).toBe(BigInt(report.chain.supply))
      expect(sumOf(report, 'after') + BigInt(report.chain.burned)).toBe(BigInt(report.chain.supply))
      const { downtime, dispute } = report.court
      expect(downtime.provider).toBe(report.crash.provider)
      expect(downtime.slots).toBeGreaterThan(0)
      expect(downtime.votes).toBeGreaterThan(0)
      const penalty = penaltyOf(downtime.provider, downtime.slots)
      expect(BigInt(downtime.penalty)).toBe(penalty)
      expect(BigInt(downtime.toRequester)).toBe(penalty / 2n)
      expect(BigInt(downtime.burned)).toBe(penalty - penalty / 2n)
      expect(dispute === null).toBe(engine === 'container')
      const rest = dispute === null ? 0n : slashed(report, dispute)
      expect(BigInt(report.chain.burned)).toBe(BigInt(downtime.burned) + rest - rest / 2n)

      const paid = report.leases.reduce((sum, lease) => sum + BigInt(lease.paid), 0n)
      const gained = BigInt(downtime.toRequester) + rest / 2n
      expect(change(report, 'agent')).toBe(gained - paid)
    },
    DEMO_MS,
  )

  it('says that containers do not run, and why, before anything is started', async () => {
    const nowhere = { DOCKER_HOST: 'unix:///nowhere.sock' }
    const { code, stderr } = await runSouk(['demo', '--engine', 'container'], nowhere)
    expect(code).toBe(1)
    expect(stderr).toContain('containers do not run here')
    expect(stderr).toContain('[DEMO_FAILED]')
  })

  it.each([300, 2_500, 6_000])('leaves nothing behind when interrupted after %d ms', async (ms) => {
    const home = mkdtempSync(join(folder, 'tmp-'))
    const child = spawn(process.execPath, [SOUK, 'demo'], {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: home },
    })
    const exit = new Promise((done) => child.on('exit', done))
    await pause(ms)
    child.kill('SIGINT')
    // Before it listens to signals, the default of the system applies: no code, by signal.
    expect([130, null]).toContain(await exit)
    await expect.poll(() => processesNaming(home), { timeout: 10_000 }).toEqual([])
    expect(readdirSync(home).filter((name) => name.startsWith('souk-demo-'))).toEqual([])
  })

  it('says what it expected when the input is missing', async () => {
    const { code, stderr } = await runSouk(['demo', '--input', join(folder, 'nowhere.txt')])
    expect(code).toBe(3)
    expect(stderr).toContain('[FILE_MISSING]')
  })

  /** Runs the demo on a text of our own. */
  function demoBy(engine: string): Promise<Outcome> {
    const input = join(folder, 'own.txt')
    writeFileSync(input, ownText())
    const options = ['--input', input, '--out', join(folder, engine), '--seed', '7']
    return runSouk(['demo', '--json', '--engine', engine, ...options])
  }
})

/** Returns what the liar's bond lost beyond the jury's fees; the jury found what the quorum had, to the bit. */
function slashed({ liar }: DemoReport, dispute: NonNullable<DemoReport['court']['dispute']>): bigint {
  expect(dispute).toMatchObject({ provider: liar.provider, verdict: 'wrong', equalsQuorum: true })
  expect(dispute.executed).not.toBe(dispute.challenged)
  expect(dispute.votes).toBeGreaterThanOrEqual(COURT.quorum)
  const rest = BigInt(dispute.slashed) - BigInt(dispute.votes) * COURT.juryFee
  expect(rest).toBeGreaterThan(0n)
  return rest
}

const LINES = 20_000
const E12 = 10n ** 12n

/** A text with words of known count and enough others to be similar to each other. */
function ownText(): string {
  const line = (_: unknown, i: number) =>
    `harpoon whale ship ${word(i)} ${word(i * 7 + 3)} ${word(i * 13 + 5)}\n`
  return Array.from({ length: LINES }, line).join('')
}

function word(i: number): string {
  const letter = (_: unknown, at: number) =>
    String.fromCharCode(97 + ((Math.floor(i / 3 ** at) + at * at) % 26))
  return `q${Array.from({ length: 6 }, letter).join('')}`
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function sumOf(report: DemoReport, when: 'before' | 'after'): bigint {
  return report.chain.balances.reduce((sum, one) => sum + worth(one[when]), 0n)
}

/** What all accounts of a role gained together: an account and its hot key may have money each. */
function change(report: DemoReport, role: string): bigint {
  const rows = report.chain.balances.filter((one) => one.role === role)
  return rows.reduce((sum, { before, after }) => sum + worth(after) - worth(before), 0n)
}

/** Base units that so many slots of downtime cost a provider of the demo: two seconds' price each, up to its bond. */
function penaltyOf(name: string, slots: number): bigint {
  const perSecondE12 = (amount: string) => rateOfHour(parseAmount(amount, 18))
  const coreHour = defaultPlan().find((one) => one.name === name)?.coreHour ?? ''
  const prices = {
    ...{ startFee: 0n, gpuSecondE12: 0n },
    coreSecondE12: perSecondE12(coreHour),
    gibSecondE12: perSecondE12('0.01'),
  }
  const rate = requirementsRateE12(prices, demand().resources)
  const cost = (seconds: bigint) => (rate * seconds + E12 - 1n) / E12
  const [full, bond] = [BigInt(slots) * cost(2n), cost(60n)]
  return full < bond ? full : bond
}

function worth({ wallet, ledger, locked }: Money): bigint {
  return BigInt(wallet) + BigInt(ledger) + BigInt(locked)
}
