import type { BuyerEvent, JobEvent } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { type HealthServices, HealthWatch } from './health-watch.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

const PEER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
const watches: HealthWatch[] = []

afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop()
  vi.useRealTimers()
})

/** A watch without connections, and the events of one job. */
function bench() {
  const heard: JobEvent[] = []
  const post = async (event: JobEvent) => {
    heard.push(event)
  }
  const services = {
    clock: () => performance.now(),
    jobs: new Map([['job', { post, report() {}, deadlineMs: 2_000 }]]),
    node: { libp2p: { getConnections: () => [] } },
  }
  const watch = new HealthWatch(services as unknown as HealthServices)
  watches.push(watch)
  return { watch, heard }
}

/** A lease of the process `boot` of one provider, with what its program is told. */
function leaseOf(lease: Hex, boot: Hex) {
  const told: BuyerEvent[] = []
  const purchase = {
    ...{ peerId: PEER, boot, phase: 'active', lease, job: 'job' },
    quote: { resultSigner: '0x02', provider: '0x03' },
  }
  const post = async (event: BuyerEvent) => {
    told.push(event)
  }
  return { runner: { lease, state: { purchase }, post } as unknown as PurchaseRunner, told }
}

test('a lease of a restarted provider lives, and those of the process before it are dead', () => {
  const { watch, heard } = bench()
  const old = leaseOf('0x01', '0xaa')
  const fresh = leaseOf('0x02', '0xbb')
  const another = leaseOf('0x03', '0xbb')
  watch.up(old.runner)
  watch.down(old.runner, false)
  for (const { runner } of [fresh, another]) watch.up(runner)
  expect(watch.verdictOf(PEER)).toBe('alive')
  expect(old.told.map(({ type }) => type)).toEqual(['watched', 'dead'])
  for (const { told } of [fresh, another]) expect(told).toEqual([{ type: 'watched' }])
  expect(heard).toEqual([
    { type: 'suspect', lease: '0x01', reason: 'closed' },
    { type: 'suspect', lease: '0x01', reason: 'rebooted' },
  ])
  watch.over(old.runner)
  expect(watch.verdictOf(PEER)).toBe('alive')
  for (const { runner } of [fresh, another]) watch.over(runner)
  expect(watch.verdictOf(PEER)).toBeUndefined()
})

test('a lease that comes back to the same process goes on with what was known of it', () => {
  const { watch, heard } = bench()
  const { runner, told } = leaseOf('0x01', '0xaa')
  watch.up(runner)
  watch.down(runner, false)
  watch.up(runner)
  expect(watch.verdictOf(PEER)).toBe('alive')
  expect(told.map(({ type }) => type)).toEqual(['watched', 'watched'])
  expect(heard).toEqual([
    { type: 'suspect', lease: '0x01', reason: 'closed' },
    { type: 'refuted', lease: '0x01' },
  ])
})

test('a program that runs for longer than it may, by its own provider, is taken back; the provider is in doubt', () => {
  vi.useFakeTimers()
  const { watch, heard } = bench()
  const { runner } = leaseOf('0x01', '0xaa')
  watch.up(runner)
  let n = 0
  const beat = (...executing: string[]) => {
    n += 1
    const running = ['a', 'b']
    watch.heard(runner, {
      t: 'beat',
      ack: 0,
      n,
      boot: '0xaa',
      credit: 1,
      running,
      executing,
      load: 0,
      gpus: [],
    })
    vi.advanceTimersByTime(500)
  }
  for (let i = 0; i < 25; i++) beat('a')
  expect(heard).toEqual([])
  for (let i = 0; i < 2; i++) beat('a')
  expect(watch.verdictOf(PEER)).toBe('degraded')
  expect(heard).toEqual([
    { type: 'suspect', lease: '0x01', reason: 'no-progress' },
    { type: 'stuck', lease: '0x01', attempts: ['a'] },
  ])
  beat('b')
  expect(watch.verdictOf(PEER)).toBe('alive')
  expect(heard.at(-1)).toEqual({ type: 'refuted', lease: '0x01' })
})
