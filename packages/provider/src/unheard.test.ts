import type { Hex } from '@souk/protocol'
import { expect, test } from 'vitest'
import { Unheard } from './unheard.ts'

const LEASE: Hex = `0x${'11'.repeat(32)}`
const OTHER: Hex = `0x${'22'.repeat(32)}`

test('what a challenged lease keeps stays until the court was heard up to the block that showed it closed', () => {
  const unheard = new Unheard()
  unheard.heardUntil(99)
  const looks = [100, 101, 102].map((head) => unheard.mayForget(LEASE, { seized: true }, head))
  expect(looks).toEqual([false, false, false])
  unheard.heardUntil(98)
  expect(unheard.mayForget(LEASE, { seized: true }, 103)).toBe(false)
  // Later blocks need not have been heard.
  unheard.heardUntil(100)
  expect(unheard.mayForget(OTHER, { seized: true }, 104)).toBe(false)
  expect(unheard.mayForget(LEASE, { seized: true }, 104)).toBe(true)
})

test('what nobody challenged goes at once, also before anything was heard', () => {
  const unheard = new Unheard()
  expect(unheard.mayForget(LEASE, { seized: false }, 5)).toBe(true)
  expect(unheard.mayForget(OTHER, { seized: true }, 5)).toBe(false)
  // A challenge that fell out of the chain.
  expect(unheard.mayForget(OTHER, { seized: false }, 6)).toBe(true)
})
