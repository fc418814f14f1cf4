import { describe, expect, it } from 'vitest'
import { findPlace, type SessionPlace } from './session-places.ts'

const A = `0x${'aa11'.repeat(16)}` as const
const B = `0x${'bb22'.repeat(16)}` as const

function place(change: Partial<SessionPlace> = {}): SessionPlace {
  const one = { job: 'job-1', task: 0, attempt: 'a', lease: A, isRunning: true, ...change }
  return one
}

describe('what a session is for', () => {
  const one = place()
  const replica = place({ lease: B, attempt: 'b' })
  const other = place({ lease: B, attempt: 'c', task: 1 })
  const ended = place({ isRunning: false })

  it.each([
    'job-1',
    A,
    A.slice(0, 8),
    A.slice(2, 8),
    `${A.slice(0, 6)}…${A.slice(-6)}`,
    A.toUpperCase().replace('0X', '0x'),
  ])('is found by %s', (name) => {
    expect(findPlace([one, place({ job: 'job-2', lease: B })], { name, isForLogs: false })).toBe(one)
  })

  it.each(['', 'job', 'job-2', '0xa', B])('is not found by %j', (name) => {
    const find = () => findPlace([one], { name, isForLogs: false })
    expect(find).toThrow(expect.objectContaining({ code: 'NO_PLACE' }))
  })

  it('must be one, or the choices are named', () => {
    const find = (task?: number) => findPlace([one, other], { name: 'job-1', task, isForLogs: false })
    expect(find(1)).toBe(other)
    expect(() => find()).toThrow(
      expect.objectContaining({ data: { code: 'AMBIGUOUS_PLACE', name: 'job-1', choices: [one, other] } }),
    )
    expect(() => find()).toThrow(B.slice(0, 12))
  })

  it('may be any replica where only its log is read', () => {
    const wanted = { name: 'job-1', isForLogs: true }
    expect(findPlace([one, replica], wanted)).toBe(one)
    expect(() => findPlace([one, other], wanted)).toThrow(
      expect.objectContaining({ code: 'AMBIGUOUS_PLACE' }),
    )
    expect(() => findPlace([one, replica], { ...wanted, isForLogs: false })).toThrow(
      expect.objectContaining({ code: 'AMBIGUOUS_PLACE' }),
    )
  })

  it('may have ended where only its log is read', () => {
    expect(findPlace([ended], { name: 'job-1', isForLogs: true })).toBe(ended)
    expect(findPlace([replica, ended], { name: 'job-1', isForLogs: true })).toBe(replica)
    expect(() => findPlace([ended], { name: 'job-1', isForLogs: false })).toThrow(
      expect.objectContaining({ code: 'NO_PLACE' }),
    )
  })
})
