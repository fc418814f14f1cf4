import { LIMITS } from '@souk/protocol'
import { expect, test } from 'vitest'
import { neighbours } from './job-members.ts'

const members = (count: number) => Array.from({ length: count }, (_, i) => i)

test.each([1, 2, LIMITS.sources, LIMITS.sources + 1])('each of %i members is told of all others', (count) => {
  for (const i of members(count)) {
    expect(neighbours(members(count), i)).toEqual(members(count).filter((one) => one !== i))
  }
})

test.each([LIMITS.sources + 2, 100])(
  'of %i members each knows those that know it, and not itself',
  (count) => {
    const known = members(count).map((i) => neighbours(members(count), i))
    for (const [i, others] of known.entries()) {
      expect(new Set(others).size).toBe(LIMITS.sources)
      expect(others).not.toContain(i)
      for (const other of others) expect(known[other]).toContain(i)
    }
  },
)
