import { describe, expect, it } from 'vitest'
import { readEnds } from './copy-ends.ts'

describe('the two ends of a copy', () => {
  it.each([
    ['0xabcd:out', 'here', { direction: 'out', name: '0xabcd', remote: '/work/out', local: 'here' }],
    ['./x', 'job1:/etc/y', { direction: 'in', name: 'job1', remote: '/etc/y', local: './x' }],
    ['0xab…cd:a:b', '.', { direction: 'out', name: '0xab…cd', remote: '/work/a:b', local: '.' }],
    ['x', 'job1:../up/', { direction: 'in', name: 'job1', remote: '/up', local: 'x' }],
    ['./job1:x', 'job2:y', { direction: 'in', name: 'job2', remote: '/work/y', local: './job1:x' }],
  ] as const)('%s → %s', (from, to, ends) => {
    expect(readEnds(from, to)).toEqual(ends)
  })

  it.each([
    ['here', 'there'],
    ['job1:x', 'job2:y'],
    ['c:x', 'd:y'],
    ['job1:', 'x'],
  ])('%s → %s is refused', (from, to) => {
    expect(() => readEnds(from, to)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }))
  })
})
