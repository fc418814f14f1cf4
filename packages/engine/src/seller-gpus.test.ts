import type { GpuHealth } from '@souk/protocol'
import { expect, test } from 'vitest'
import { finishedOf, framesOf, LeasePair } from './testing/lease-pair.ts'

function health(id: string, present = true): GpuHealth {
  const unknown = { busy: null, usedBytes: null, celsius: null, watts: null, memoryErrors: null }
  return { id, ...unknown, present }
}

test("a lease's beats tell how its GPUs are, and one that is well changes nothing else", () => {
  const pair = new LeasePair().start()
  pair.toSeller(pair.dispatch('a'))
  expect(pair.sell({ type: 'gpus', gpus: [health('x')] })).toEqual([])
  pair.pass(600, false)
  const beats = framesOf(pair.sellerEffects).filter((frame) => frame.t === 'beat')
  expect(beats.at(-1)).toMatchObject({ gpus: [{ id: 'x', present: true }] })
  expect(pair.seller.sale.phase).toBe('active')
  pair.toBuyer(pair.sellerEffects)
  expect(pair.buyer.gpus).toEqual([health('x')])
})

test('a GPU that goes fails what ran on it, once, and ends the lease, not the programs', () => {
  const pair = new LeasePair().start()
  pair.toSeller(pair.dispatch('a', 'b'))
  const gone = { type: 'gpus', gpus: [health('x'), health('y', false)] } as const
  const effects = pair.sell(gone)
  expect(framesOf(effects)).toMatchObject([
    { t: 'drain' },
    { t: 'failed', attempt: 'a', code: 'device-lost' },
    { t: 'failed', attempt: 'b', code: 'device-lost' },
  ])
  expect(effects).toContainEqual({ do: 'abort', attempts: ['a', 'b'] })
  // A look that finds the same, and an executor that ends late, change nothing.
  expect(pair.sell(gone)).toEqual([])
  expect(framesOf(pair.sell({ type: 'finished', results: [finishedOf('a')] }))).toEqual([])
  pair.toBuyer(effects)
  expect(pair.buyer.purchase.phase).toBe('draining')
  pair.pass(1_000)
  expect(pair.seller.sale.phase).toBe('closed')
  expect(pair.buyer.purchase.agreement?.peer).not.toBeNull()
})

test('what was on its way to a lost GPU fails at the next look', () => {
  const pair = new LeasePair().start()
  const late = pair.dispatch('a')
  const gone = { type: 'gpus', gpus: [health('x', false)] } as const
  pair.sell(gone)
  pair.toSeller(late)
  expect(framesOf(pair.sell(gone))).toMatchObject([{ t: 'failed', attempt: 'a', code: 'device-lost' }])
})

test('a requester that does not close such a lease loses it all the same', () => {
  const pair = new LeasePair().start()
  pair.sell({ type: 'gpus', gpus: [health('x', false)] })
  pair.pass(4_900, false)
  expect(pair.seller.sale.phase).toBe('draining')
  pair.pass(200, false)
  expect(pair.seller.sale.phase).toBe('closed')
})
