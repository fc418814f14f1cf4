import { describe, expect, it } from 'vitest'
import { gather } from './gather.ts'

describe('gather', () => {
  it('runs once for all who call together, and again for who calls later', async () => {
    let runs = 0
    const work = async () => {
      runs += 1
    }
    const call = gather(work, 5, new AbortController().signal)
    await Promise.all([call(), call(), call()])
    expect(runs).toBe(1)
    await call()
    expect(runs).toBe(2)
  })

  it('starts a new round for who calls while the work runs, so that nothing newer is lost', async () => {
    const seen: string[] = []
    let state = 'old'
    let begun = () => {}
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const release = Promise.withResolvers<void>()
    const work = async () => {
      seen.push(state)
      begun()
      await release.promise
    }
    const call = gather(work, 1, new AbortController().signal)
    const first = call()
    await hasBegun
    state = 'new'
    const second = call()
    release.resolve()
    await Promise.all([first, second])
    expect(seen).toEqual(['old', 'new'])
  })

  it('tells everyone of a failure, and runs again after it', async () => {
    let runs = 0
    const work = async () => {
      runs += 1
      if (runs === 1) throw new Error('not this time')
    }
    const call = gather(work, 1, new AbortController().signal)
    const outcomes = await Promise.allSettled([call(), call()])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    await call()
    expect(runs).toBe(2)
  })

  it('lets waiting callers go when it is stopped', async () => {
    let runs = 0
    const work = async () => {
      runs += 1
    }
    const stop = new AbortController()
    const call = gather(work, 60_000, stop.signal)
    const waiting = call()
    stop.abort()
    await waiting
    await call()
    expect(runs).toBe(0)
  })
})
