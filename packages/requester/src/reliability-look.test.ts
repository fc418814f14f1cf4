import { type Hex, toHex } from '@souk/protocol'
import { expect, it } from 'vitest'
import { UptimeLooks } from './reliability-look.ts'

const subject = (at: number): Hex => toHex(new Uint8Array(20).fill(at))

function stage(ttlMs: number) {
  const seen: Hex[] = []
  const time = { nowMs: 0 }
  const held: (() => void)[] = []
  const looks = new UptimeLooks({
    ttlMs,
    clock: () => time.nowMs,
    look: async (one) => {
      seen.push(one)
      await new Promise<void>((resolve) => held.push(resolve))
      throw new Error('nobody is there')
    },
  })
  /** Lets the look that is under way end, and the next one begin. */
  const next = async () => {
    held.shift()?.()
    await new Promise(setImmediate)
  }
  return { looks, seen, time, next }
}

it('looks at one book at a time, and at none again before its time, there or not', async () => {
  const { looks, seen, time, next } = stage(100_000)
  looks.want([subject(1), subject(2), subject(1)])
  expect(seen).toEqual([subject(1)])
  await next()
  expect(seen).toEqual([subject(1), subject(2)])
  await next()
  time.nowMs = 99_999
  looks.want([subject(1), subject(2)])
  expect(seen).toHaveLength(2)
  time.nowMs = 100_000
  looks.want([subject(2)])
  expect(seen).toEqual([subject(1), subject(2), subject(2)])
})

it('lets no more wait than it may, the first of them, and none after it was stopped', async () => {
  const { looks, seen, next } = stage(0)
  looks.want(Array.from({ length: 40 }, (_, i) => subject(i)))
  for (let i = 0; i < 40; i++) await next()
  expect(seen).toEqual(Array.from({ length: 16 }, (_, i) => subject(i)))
  looks.want([subject(50), subject(51)])
  looks.stop()
  for (let i = 0; i < 2; i++) await next()
  expect(seen.slice(16)).toEqual([subject(50)])
})
