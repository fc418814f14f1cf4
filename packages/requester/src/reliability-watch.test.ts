import { EXACT, type VerdictReason } from '@souk/availability'
import { type JobRow, newJob, type Slot } from '@souk/engine'
import { type Demand, type Hex, toHex } from '@souk/protocol'
import { describe, expect, it } from 'vitest'
import type { ProvenParty } from './gpu-proof-rows.ts'
import type { Report } from './job-reports.ts'
import type { JobEventReport } from './job-spec.ts'
import type { Happening } from './reliability-evidence.ts'
import { watchJob } from './reliability-watch.ts'

const [LEASE, OTHER, DIGEST, WRONG] = [1, 2, 3, 4].map((byte) => toHex(new Uint8Array(32).fill(byte))) as [
  Hex,
  Hex,
  Hex,
  Hex,
]
const PARTY = { account: toHex(new Uint8Array(20).fill(1)), subject: toHex(new Uint8Array(20).fill(2)) }
const BEGAN_MS = 1_000_000

function stage(k = 1, connected: readonly boolean[] = [], peers = ['peer', 'other']) {
  const row: JobRow = {
    ...{ id: 'job', name: '', k, n: 2, comparator: EXACT, deadlineMs: 1, tasks: 1, leases: 1 },
    ...{ createdAtMs: 0, open: false, state: 'running', demand: {} as Demand },
  }
  const job = newJob(row)
  const noted: { party: ProvenParty; seen: Happening }[] = []
  let tell: (event: JobEventReport) => void = () => {}
  const subscribe = (listener: typeof tell) => {
    tell = listener
    return () => {}
  }
  const others = connected.map((one, i) => [i === 0 ? OTHER : DIGEST, { state: { connected: one } }] as const)
  watchJob(
    { job, subscribe },
    {
      reliability: {
        note: ({ account, subject }, seen) => void noted.push({ party: { account, subject }, seen }),
      },
      cases: new Map(),
      leases: new Map(others),
      node: { peers: () => peers },
    },
  )
  const say = (report: Report, atMs = BEGAN_MS) => tell({ ...report, atMs } as JobEventReport)
  const { account: provider, subject } = PARTY
  say({ kind: 'lease', lease: LEASE, provider, subject, peerId: 'peer', negotiatedMs: 1 })
  const over = (phase: 'closed' | 'lost', why: string) =>
    say({ kind: 'lease-over', lease: LEASE, subject, phase, why }, BEGAN_MS + 5_000)
  return { job, say, over, kinds: () => noted.map(({ seen }) => seen.kind), noted }
}

describe('what a job sees of its providers', () => {
  it.each([
    ['closed', 'closed', 'finished'],
    ['closed', 'expired', 'finished'],
    ['closed', 'drained', 'left'],
    ['closed', 'restarted', 'lost'],
    ['lost', 'the provider cannot be reached', 'lost'],
    ['lost', 'the provider restarted', 'lost'],
  ] as const)('a lease that was %s (%s) is %s', (phase, why, kind) => {
    const { over, noted } = stage()
    over(phase, why)
    expect(noted).toEqual([{ party: PARTY, seen: { kind, ageMs: 5_000 } }])
  })

  it.each(['payment-stopped', 'requester-lost', 'not-opened', 'misbehaved'])('%s says nothing', (why) => {
    const { over, noted } = stage()
    over('closed', why)
    expect(noted).toEqual([])
  })

  it('blames nobody for a loss where nobody else is there either', () => {
    const why = 'the provider cannot be reached'
    const [alone, apart, together] = [
      stage(1, [], ['peer']),
      stage(1, [false, false]),
      stage(1, [false, true]),
    ]
    for (const { over } of [alone, apart, together]) over('lost', why)
    expect([alone.kinds(), apart.kinds(), together.kinds()]).toEqual([[], [], ['lost']])
  })

  it('ends a lease whose work stood still there and then, once', () => {
    const { say, over, noted } = stage()
    const doubt = (reason: VerdictReason, ms: number) =>
      say({ kind: 'suspect', lease: LEASE, subject: PARTY.subject, reason, silentMs: 0 }, BEGAN_MS + ms)
    for (const reason of ['silence', 'unreachable', 'closed', 'faulty'] as const) doubt(reason, 1_000)
    expect(noted).toEqual([])
    for (const ms of [2_000, 3_000]) doubt('no-progress', ms)
    over('closed', 'closed')
    expect(noted).toEqual([{ party: PARTY, seen: { kind: 'degraded', ageMs: 2_000 } }])
  })

  it('blames a machine for its own failures, and not for those of a program or of our store', () => {
    const { say, kinds } = stage()
    const failed = (code: string, message = '') =>
      say({ kind: 'failed', lease: LEASE, attempt: 'job.0.0.1', code, message })
    for (const code of ['deadline', 'out-of-memory', 'bad-program', 'missing-input', 'cancelled'] as const)
      failed(code)
    failed('internal', 'the content of the result could not be kept: no room')
    expect(kinds()).toEqual([])
    for (const code of ['killed', 'device-lost', 'internal'] as const) failed(code)
    expect(kinds()).toEqual(['failed', 'failed', 'failed'])
  })

  it('takes a contradicted result for wrong', () => {
    const { say, kinds } = stage(2)
    say({ kind: 'caught', index: 0, lease: LEASE, subject: PARTY.subject })
    expect(kinds()).toEqual(['convicted'])
  })

  it.each([
    [1, 'unchecked'],
    [2, 'verified'],
  ] as const)('gives credit to those who gave the accepted result; of %d it is %s', (k, kind) => {
    const { job, say, noted } = stage(k)
    const given: Pick<Slot, 'state' | 'output' | 'failure'> = { state: 'result', output: null, failure: null }
    const slot = { n: 1, lease: LEASE, ...PARTY, ...given, startedMs: 0, resumed: null }
    const task = job.tasks[0]
    task?.slots.push({ ...slot, attempt: 'a', digest: DIGEST }, { ...slot, attempt: 'b', digest: WRONG })
    Object.assign(task ?? {}, { state: 'accepted', output: DIGEST })
    say({ kind: 'accepted', index: 0, done: 1, total: 1, status: { kind: 'exit', code: 0 } })
    expect(noted).toEqual([{ party: PARTY, seen: { kind } }])
  })
})
