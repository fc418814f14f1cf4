import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXIT_LATER, HEART_MS, newWatchdog, type WatchdogEvent, watch } from './watchdog-policy.ts'

const STALL_MS = 10_000
const CRASH: WatchdogEvent = { type: 'ended', code: null, isMeant: false }

/** A watchdog with a clock, whose process does what the test says. */
function kennel() {
  const dog = newWatchdog(STALL_MS, 0)
  let nowMs = 0
  const hear = (event: WatchdogEvent) => watch(dog, event, nowMs)
  return {
    dog,
    hear,
    /** Ticks for so long, with a beat at each tick or none; returns what was done. */
    pass(ms: number, beats: boolean) {
      const done = []
      for (const end = nowMs + ms; nowMs < end; nowMs += HEART_MS) {
        if (beats) hear({ type: 'beat' })
        done.push(...hear({ type: 'tick' }))
      }
      return done
    },
    sleep(ms: number) {
      nowMs += ms
    },
    start() {
      expect(hear({ type: 'tick' })).toEqual([{ do: 'start' }])
      hear({ type: 'beat' })
      hear({ type: 'ready' })
    },
  }
}

describe('a watchdog', () => {
  test('lets a provider alone that beats, however long', () => {
    const { start, pass } = kennel()
    start()
    expect(pass(86_400_000 / 24, true)).toEqual([])
  })

  test('kills one that is silent, once, and starts it again', () => {
    const { start, pass, hear } = kennel()
    start()
    expect(pass(STALL_MS, false)).toEqual([])
    expect(pass(5 * STALL_MS, false)).toMatchObject([{ do: 'kill' }])
    expect(hear(CRASH)).toEqual([{ do: 'wait', ms: 1_000 }])
    expect(pass(3_000, false)).toEqual([{ do: 'start' }])
  })

  test('takes its own pause for nobody’s silence', () => {
    const { start, pass, sleep } = kennel()
    start()
    sleep(100 * STALL_MS)
    expect(pass(STALL_MS / 2, false)).toEqual([])
    expect(pass(2 * STALL_MS, false)).toMatchObject([{ do: 'kill' }])
  })

  test('gives one that loads longer', () => {
    const { hear, pass } = kennel()
    hear({ type: 'tick' })
    expect(pass(3 * STALL_MS, false)).toEqual([])
    expect(pass(120_000, false)).toMatchObject([{ do: 'kill' }])
  })

  test('waits longer each time, and gives up', () => {
    const { start, hear, pass, sleep } = kennel()
    start()
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      const [action] = hear(CRASH)
      if (action?.do === 'wait') waits.push(action.ms)
      sleep(action?.do === 'wait' ? action.ms : 0)
      expect(pass(HEART_MS, false)).toEqual([{ do: 'start' }])
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
    expect(hear(CRASH)).toMatchObject([{ do: 'leave', code: 1 }])
  })

  test('forgives a crash after a long life, and starts of an hour ago', () => {
    const { start, hear, pass } = kennel()
    start()
    for (let i = 0; i < 30; i++) {
      expect(pass(700_000, true)).toEqual([])
      expect(hear(CRASH)).toEqual([{ do: 'wait', ms: 1_000 }])
      expect(pass(2_000, false)).toEqual([{ do: 'start' }])
    }
  })

  test.each<[string, WatchdogEvent, number]>([
    ['ended by itself', { type: 'ended', code: 0, isMeant: false }, 0],
    ['was ended by somebody', { type: 'ended', code: null, isMeant: true }, 0],
  ])('leaves with one that %s', (_, event, code) => {
    const { start, hear } = kennel()
    start()
    expect(hear(event)).toMatchObject([{ do: 'leave', code }])
  })

  test('leaves where the provider never began, but not where it may later', () => {
    const ended = (code: number) => {
      const { hear } = kennel()
      hear({ type: 'tick' })
      return hear({ type: 'ended', code, isMeant: false })
    }
    expect(ended(1)).toMatchObject([{ do: 'leave', code: 1 }])
    expect(ended(EXIT_LATER)).toMatchObject([{ do: 'wait' }])
  })

  test('passes a signal on, kills what does not hear it, and starts nothing again', () => {
    const { start, hear, pass } = kennel()
    start()
    expect(hear({ type: 'signal', signal: 'SIGTERM' })).toEqual([{ do: 'pass', signal: 'SIGTERM' }])
    expect(pass(10 * STALL_MS, true)).toEqual([])
    expect(pass(3 * STALL_MS, false)).toMatchObject([{ do: 'kill' }])
    expect(hear(CRASH)).toMatchObject([{ do: 'leave', code: 1 }])
  })

  test.each<WatchdogEvent>([{ type: 'signal', signal: 'SIGTERM' }, { type: 'called-off' }])(
    'leaves at once between two starts: %j',
    (event) => {
      const { start, hear } = kennel()
      start()
      hear(CRASH)
      expect(hear(event)).toMatchObject([{ do: 'leave', code: 0 }])
    },
  )

  test('never starts a second beside the first, and never more than ten an hour', () => {
    const event = fc.oneof<fc.Arbitrary<WatchdogEvent>[]>(
      fc.constant({ type: 'tick' }),
      fc.constant({ type: 'beat' }),
      fc.constant({ type: 'ready' }),
      fc.constant(CRASH),
      fc.constant({ type: 'ended', code: EXIT_LATER, isMeant: false }),
    )
    const steps = fc.array(fc.tuple(event, fc.nat(100_000)), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (given) => {
        const { hear, sleep } = kennel()
        const starts: number[] = []
        let nowMs = 0
        let isThere = false
        for (const [one, ms] of given) {
          sleep(ms)
          nowMs += ms
          if (one.type === 'ended' && !isThere) continue
          if (one.type === 'ended') isThere = false
          for (const action of hear(one)) {
            if (action.do === 'leave') return
            if (action.do !== 'start') continue
            expect(isThere).toBe(false)
            isThere = true
            starts.push(nowMs)
          }
        }
        for (const atMs of starts)
          expect(starts.filter((one) => one <= atMs && atMs - one < 3_600_000).length).toBeLessThanOrEqual(10)
      }),
    )
  })
})
