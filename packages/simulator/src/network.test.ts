import { World } from '@souk/engine/testing'
import type { Frame } from '@souk/protocol'
import { describe, expect, it } from 'vitest'
import { LAN } from './draw.ts'
import { Network } from './network.ts'
import type { Fault, LinkPlan } from './scenario.ts'

/** Sends beats one way for so long; returns when each was sent and came. */
function beats(link: LinkPlan, faults: readonly Fault[], forMs: number, everyMs = 100) {
  const world = new World(5)
  const network = new Network(world, link, faults)
  const got: { n: number; sentMs: number; cameMs: number }[] = []
  const sent: number[] = []
  const { ends } = network.connect([0, 1], { heard: () => {}, closed: () => {} })
  ends[1].onFrame = (frame: Frame) => {
    if (frame.t === 'beat') got.push({ n: frame.n, sentMs: sent[frame.n] ?? 0, cameMs: world.nowMs })
  }
  for (let n = 0; n * everyMs < forMs; n++) {
    world.after(n * everyMs, () => {
      sent[n] = world.nowMs
      const boot = `0x${'00'.repeat(16)}` as const
      ends[0].send({ t: 'beat', ack: 0, n, boot, credit: 0, running: [], load: 0, gpus: [] })
    })
  }
  world.run(forMs * 10, () => false)
  return got
}

describe('a link', () => {
  it('delivers every frame once and in order, whatever is lost', () => {
    for (const lossPercent of [0, 3, 10, 40]) {
      const got = beats({ ...LAN, lossPercent, burstMs: 300 }, [], 60_000)
      expect(got.map(({ n }) => n)).toEqual(Array.from({ length: 600 }, (_, n) => n))
      expect(got.every(({ cameMs, sentMs }) => cameMs >= sentMs + LAN.latencyMs)).toBe(true)
    }
  })

  it('loses about the share of time that is asked for', () => {
    const late = (lossPercent: number) => {
      const got = beats({ ...LAN, lossPercent, burstMs: 150 }, [], 400_000)
      return got.filter(({ cameMs, sentMs }) => cameMs - sentMs >= 100).length / got.length
    }
    expect(late(0)).toBe(0)
    expect(late(3)).toBeGreaterThan(0.02)
    expect(late(3)).toBeLessThan(0.12)
    expect(late(10)).toBeGreaterThan(late(3))
  })

  it('holds up what is sent into a partition until it is over, one way or both', () => {
    const cut = (who: number, way: 'both' | 'from' | 'to'): Fault => {
      return { kind: 'partition', atMs: 1_000, who, forMs: 5_000, way }
    }
    const held = (fault: Fault) =>
      beats(LAN, [fault], 8_000).filter(({ cameMs, sentMs }) => cameMs - sentMs > 1_000)
    for (const fault of [cut(0, 'both'), cut(1, 'both'), cut(0, 'from'), cut(1, 'to')]) {
      expect(held(fault).length).toBeGreaterThan(30)
      expect(held(fault).every(({ cameMs }) => cameMs >= 6_000)).toBe(true)
    }
    for (const fault of [cut(0, 'to'), cut(1, 'from')]) expect(held(fault)).toEqual([])
  })

  it('takes time for its bytes', () => {
    const got = beats({ ...LAN, jitterMs: 0, bytesPerSecond: 200 }, [], 1_000)
    const gaps = got.slice(1).map(({ cameMs }, at) => cameMs - (got[at]?.cameMs ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(100)
  })
})
