import { afterEach, expect, it } from 'vitest'
import type { SoukNode } from './node.ts'
import { measureRoundTrip } from './round-trip.ts'
import { testNetwork, testNode } from './testing/market.ts'

const nodes: SoukNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())))

const start = async () => {
  const node = await testNode(testNetwork())
  nodes.push(node)
  return node
}

it('measures the round trip to a peer that it does not know yet', async () => {
  const [near, far] = await Promise.all([start(), start()])
  const ms = await measureRoundTrip(near, { peerId: far.peerId, addresses: far.addresses() })
  expect(ms).toBeGreaterThanOrEqual(0)
  expect(ms).toBeLessThan(5_000)
})

it('measures for several at the same time, and again at once', async () => {
  const [near, far] = await Promise.all([start(), start()])
  const target = { peerId: far.peerId, addresses: far.addresses() }
  for (let again = 0; again < 3; again++) {
    const all = await Promise.all([1, 2, 3, 4].map(() => measureRoundTrip(near, target)))
    expect(all.every((ms) => ms >= 0)).toBe(true)
  }
})

it('says that a peer cannot be reached', async () => {
  const [near, gone] = await Promise.all([start(), start()])
  const target = { peerId: gone.peerId, addresses: gone.addresses() }
  await gone.stop()
  await expect(measureRoundTrip(near, target)).rejects.toMatchObject({ code: 'UNREACHABLE' })
})
