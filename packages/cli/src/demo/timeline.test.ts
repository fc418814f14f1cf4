import type { JobEventReport } from '@souk/requester'
import { expect, it } from 'vitest'
import { failoverTimes, newTimeline, note } from './timeline.ts'

const [A, B] = ['0xaa', '0xbb'] as const

it('measures a failover from the kill to the last task in other hands', () => {
  const timeline = newTimeline(3)
  const events: JobEventReport[] = [
    { kind: 'lease', lease: A, provider: A, subject: A, peerId: 'a', negotiatedMs: 5, atMs: 0 },
    { kind: 'dispatched', lease: A, attempts: ['job.0.0.1', 'job.1.0.1'], atMs: 10 },
    { kind: 'suspended', lease: A, attempts: ['job.0.0.1', 'job.1.0.1'], atMs: 140 },
    { kind: 'dispatched', lease: B, attempts: ['job.1.0.2'], atMs: 150 },
    { kind: 'dispatched', lease: B, attempts: ['job.2.0.1'], atMs: 170 },
    { kind: 'lease-over', lease: A, subject: A, phase: 'lost', why: 'gone', atMs: 180 },
    { kind: 'dispatched', lease: B, attempts: ['job.0.0.2'], atMs: 190 },
    { kind: 'caught', index: 2, lease: B, subject: B, atMs: 200 },
  ]
  for (const event of events) note(timeline, event)
  expect(failoverTimes(timeline, A, 100)).toEqual({
    tasksInFlight: 2,
    detectedMs: 40,
    replacedMs: 90,
    open: 0,
  })
  expect(failoverTimes(timeline, B, 100)).toBeUndefined()
  expect([...timeline.rerun].sort()).toEqual([0, 1])
  expect(timeline.caught).toHaveLength(1)
  expect(timeline.leases.get(A)).toMatchObject({ state: 'lost', sent: 2 })
})
