import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advanceDetector, detectionBoundMs } from './detector.ts'
import { createDetector, type Detector, type DetectorEffect, type DetectorEvent } from './detector-state.ts'
import {
  type DetectorPlan,
  isWithin,
  playDetector,
  type SimulatedPeer,
  type Span,
} from './testing/detector-world.ts'

const LENGTH_MS = 60_000
const SUSPICIOUS_MS = 2_000

/** A detector that watches `a`, `b` and `c`, each in a domain of its own, and what it does. */
function watching(): { detector: Detector; post: (event: DetectorEvent, nowMs: number) => DetectorEffect[] } {
  const detector = createDetector(0)
  const post = (event: DetectorEvent, nowMs: number) => advanceDetector(detector, event, nowMs)
  for (const peer of ['a', 'b', 'c']) post({ type: 'watch', peer, domains: [`net:${peer}`], boot: '0x01' }, 0)
  return { detector, post }
}

/** Ticks, and beats of `b` and `c`, up to a time; returns all effects. */
function pass({ post }: ReturnType<typeof watching>, fromMs: number, untilMs: number): DetectorEffect[] {
  const effects: DetectorEffect[] = []
  for (let nowMs = fromMs + 250; nowMs <= untilMs; nowMs += 250) {
    effects.push(...post({ type: 'tick' }, nowMs))
    if (nowMs % 500 === 0) for (const peer of ['b', 'c']) effects.push(...post(beat(peer), nowMs))
  }
  return effects
}

function beat(peer: string, progress: number | null = null): DetectorEvent {
  return { type: 'beat', peer, progress, faulty: false }
}

function verdicts(effects: readonly DetectorEffect[]): string[] {
  return effects.flatMap((each) =>
    each.do === 'verdict' ? [`${each.peer} ${each.verdict} ${each.reason}`] : [],
  )
}

describe('a peer that falls silent', () => {
  test('is asked for through the others after 1.25 s, suspect after 2 s, dead when others were heard for 3 s more', () => {
    const world = watching()
    expect(pass(world, 0, 1_000)).toEqual([])
    expect(pass(world, 1_000, 1_250)).toEqual([
      { do: 'probe', peer: 'a', via: 'b' },
      { do: 'probe', peer: 'a', via: 'c' },
    ])
    expect(pass(world, 1_250, 1_750)).toEqual([])
    expect(pass(world, 1_750, 2_000)).toEqual([
      { do: 'verdict', peer: 'a', verdict: 'suspect', reason: 'silence' },
      { do: 'reach' },
    ])
    expect(verdicts(pass(world, 2_000, 5_000))).toEqual([])
    expect(verdicts(pass(world, 5_000, 6_000))).toEqual(['a dead silence'])
    expect(world.post(beat('a'), 6_100)).toEqual([])
  })

  test('is alive with its next beat', () => {
    const world = watching()
    pass(world, 0, 4_000)
    expect(verdicts(world.post(beat('a'), 4_100))).toEqual(['a alive heard'])
  })

  test('is degraded while others reach it, three times in a row, and dialled', () => {
    const world = watching()
    let nowMs = 0
    for (let round = 0; round < 3; round++) {
      pass(world, nowMs, nowMs + 2_250)
      nowMs += 2_300
      const refuted = world.post({ type: 'probed', peer: 'a', via: 'b', reached: true }, nowMs)
      expect(verdicts(refuted)).toEqual(['a degraded unreachable'])
      expect(refuted).toContainEqual({ do: 'redial', peer: 'a' })
      nowMs -= 50
    }
    pass(world, nowMs, nowMs + 2_500)
    expect(world.post({ type: 'probed', peer: 'a', via: 'b', reached: true }, nowMs + 2_500)).toEqual([])
    expect(verdicts(pass(world, nowMs + 2_500, nowMs + 7_000))).toEqual(['a dead silence'])
  })

  test('is dead at once when three others outside its domains do not reach it', () => {
    const world = watching()
    for (const peer of ['d', 'e'])
      world.post({ type: 'watch', peer, domains: [`net:${peer}`], boot: null }, 1_000)
    const helpers = pass(world, 0, 2_000).flatMap((each) => (each.do === 'probe' ? [each.via] : []))
    expect(helpers).toHaveLength(3)
    const refused = helpers.map((via) =>
      verdicts(world.post({ type: 'probed', peer: 'a', via, reached: false }, 2_100)),
    )
    expect(refused).toEqual([[], [], ['a dead probes']])
  })

  test('is not dead by three others while our own loop lags, and is at its next tick', () => {
    const world = watching()
    for (const peer of ['d', 'e'])
      world.post({ type: 'watch', peer, domains: [`net:${peer}`], boot: null }, 1_000)
    const helpers = pass(world, 0, 2_000).flatMap((each) => (each.do === 'probe' ? [each.via] : []))
    for (const via of helpers)
      expect(world.post({ type: 'probed', peer: 'a', via, reached: false }, 9_000)).toEqual([])
    expect(verdicts(pass(world, 8_750, 9_000))).toEqual([])
    expect(verdicts(pass(world, 9_000, 9_250))).toEqual(['a dead probes'])
  })

  test('is asked for again where somebody reached it before it was suspect', () => {
    const world = watching()
    pass(world, 0, 1_500)
    expect(world.post({ type: 'probed', peer: 'a', via: 'b', reached: true }, 1_600)).toEqual([])
    expect(pass(world, 1_500, 1_750)).toEqual([{ do: 'probe', peer: 'a', via: 'b' }])
    pass(world, 1_750, 2_000)
    expect(verdicts(world.post({ type: 'probed', peer: 'a', via: 'b', reached: true }, 2_100))).toEqual([
      'a degraded unreachable',
    ])
  })

  test('is not asked for before it is suspicious where its beats are irregular', () => {
    const world = watching()
    const beats = [250, 1_500, 1_750, 3_000, 3_250, 4_500, 4_750]
    beats.forEach((nowMs, i) => {
      pass(world, beats[i - 1] ?? 0, nowMs)
      world.post(beat('a'), nowMs)
    })
    const probed = (fromMs: number, untilMs: number) =>
      pass(world, fromMs, untilMs).filter((each) => each.do === 'probe' && each.peer === 'a').length
    expect(probed(4_750, 6_500)).toBe(0)
    expect(probed(6_500, 8_500)).toBe(2)
  })

  test('is not dead by the word of those who share its domain, nor by their presence', () => {
    const detector = createDetector(0)
    for (const peer of ['a', 'b', 'c', 'd']) {
      advanceDetector(detector, { type: 'watch', peer, domains: ['account:1'], boot: null }, 0)
    }
    const effects: DetectorEffect[] = []
    for (let nowMs = 250; nowMs <= 20_000; nowMs += 250) {
      for (const peer of ['b', 'c', 'd']) effects.push(...advanceDetector(detector, beat(peer), nowMs))
      for (const effect of advanceDetector(detector, { type: 'tick' }, nowMs)) {
        effects.push(effect)
        if (effect.do !== 'probe') continue
        const answer = { type: 'probed', peer: 'a', via: effect.via, reached: false } as const
        effects.push(...advanceDetector(detector, answer, nowMs))
      }
    }
    expect(verdicts(effects)).toEqual(['a suspect silence'])
    const asked = effects.filter((each) => each.do === 'reach').length
    expect(asked).toBeGreaterThan(30)
    expect(asked).toBeLessThan(40)
  })
})

describe('a connection that ends', () => {
  test('by the peer hands its work on at once, and a redial decides', () => {
    const world = watching()
    expect(world.post({ type: 'closed', peer: 'a', byUs: false }, 100)).toEqual([
      { do: 'redispatch', peer: 'a' },
      { do: 'verdict', peer: 'a', verdict: 'suspect', reason: 'closed' },
      { do: 'redial', peer: 'a' },
    ])
    expect(verdicts(world.post({ type: 'connected', peer: 'a', boot: '0x01' }, 300))).toEqual([
      'a alive heard',
    ])
    world.post({ type: 'closed', peer: 'a', byUs: false }, 400)
    expect(verdicts(world.post({ type: 'connected', peer: 'a', boot: '0x02' }, 500))).toEqual([
      'a dead rebooted',
    ])
    world.post({ type: 'closed', peer: 'b', byUs: false }, 600)
    expect(verdicts(world.post({ type: 'refused', peer: 'b' }, 700))).toEqual(['b dead refused'])
    expect(world.post({ type: 'refused', peer: 'c' }, 700)).toEqual([])
  })

  test('by us is no evidence, also not by what still arrives', () => {
    const world = watching()
    expect(world.post({ type: 'closed', peer: 'a', byUs: true }, 100)).toEqual([])
    world.post(beat('a'), 150)
    expect(pass(world, 0, 20_000)).toEqual([])
    world.post({ type: 'connected', peer: 'a', boot: '0x01' }, 20_000)
    expect(verdicts(pass(world, 20_000, 22_000))).toEqual(['a suspect silence'])
  })
})

describe('a peer that answers', () => {
  test('is degraded while its work stands still, and not without any', () => {
    const world = watching()
    world.post({ type: 'watch', peer: 'a', domains: [], boot: null, stallMs: 1_000 }, 0)
    const effects = [250, 500, 750, 1_000, 1_250].flatMap((nowMs) => [
      ...world.post(beat('a', 7), nowMs),
      ...world.post({ type: 'tick' }, nowMs),
    ])
    expect(verdicts(effects)).toEqual([])
    expect(verdicts([...world.post(beat('a', 7), 1_500), ...world.post({ type: 'tick' }, 1_500)])).toEqual([
      'a degraded no-progress',
    ])
    expect(verdicts(world.post(beat('a', 8), 1_600))).toEqual(['a alive heard'])
    world.post(beat('a'), 1_700)
    expect(verdicts(world.post({ type: 'tick' }, 1_750))).toEqual([])
    const faulty = world.post({ type: 'beat', peer: 'a', progress: null, faulty: true }, 1_800)
    expect(verdicts(faulty)).toEqual(['a degraded faulty'])
  })

  test('is asked about others in turn', () => {
    const detector = createDetector(0)
    const post = (event: DetectorEvent, nowMs: number) => advanceDetector(detector, event, nowMs)
    for (let i = 0; i < 300; i++) post({ type: 'watch', peer: `${i}`, domains: [`net:${i}`], boot: null }, 0)
    for (let nowMs = 250; nowMs < 1_250; nowMs += 250) post({ type: 'tick' }, nowMs)
    for (let i = 10; i < 300; i++) post(beat(`${i}`), 1_200)
    const asked = post({ type: 'tick' }, 1_250)
      .concat(post({ type: 'tick' }, 1_500))
      .flatMap((each) => (each.do === 'probe' ? [each.via] : []))
    expect(asked).toHaveLength(30)
    expect(new Set(asked).size).toBe(30)
  })
})

test('while our own loop lags no verdict falls, and the lost time is no silence', () => {
  const world = watching()
  pass(world, 0, 1_000)
  expect(world.post({ type: 'tick' }, 9_000)).toEqual([])
  expect(verdicts(pass(world, 9_000, 9_500))).toEqual([])
  expect(verdicts(pass(world, 9_500, 10_500))).toEqual(['a suspect silence'])
})

test('an outage of our own between two answers of others is not held against who was silent in it', () => {
  const world = watching()
  pass(world, 0, 2_000)
  for (let nowMs = 2_250; nowMs <= 12_000; nowMs += 250) {
    expect(verdicts(world.post({ type: 'tick' }, nowMs))).not.toContain('a dead silence')
    if (nowMs === 2_250 || nowMs === 12_000) world.post(beat('b'), nowMs)
  }
  expect(verdicts(world.post({ type: 'tick' }, 12_250))).toEqual([])
  expect(verdicts(world.post(beat('a'), 12_300))).toEqual(['a alive heard'])
})

test('after an outage of our own nobody is dead before connections that were open had as long to come back', () => {
  const { post } = watching()
  const asked = (nowMs: number) => post({ type: 'tick' }, nowMs)
  for (let nowMs = 250; nowMs <= 12_000; nowMs += 250) asked(nowMs)
  // New requests are answered at once, 10 s after the first that was not.
  const effects: DetectorEffect[] = []
  for (let nowMs = 12_250; nowMs <= 24_750; nowMs += 250) {
    effects.push(...asked(nowMs))
    if (nowMs % 500 === 250) effects.push(...post({ type: 'answered', domains: [] }, nowMs))
  }
  expect(verdicts(effects)).toEqual([])
  expect(verdicts(asked(25_000))).toEqual([])
  post({ type: 'answered', domains: [] }, 25_250)
  expect(verdicts([...asked(25_250), ...asked(25_500)])).toEqual([
    'a dead silence',
    'b dead silence',
    'c dead silence',
  ])
})

test('what others said before an outage of our own counts no more after it', () => {
  const world = watching()
  for (const peer of ['d', 'e'])
    world.post({ type: 'watch', peer, domains: [`net:${peer}`], boot: null }, 1_000)
  const helpers = pass(world, 0, 1_750).flatMap((each) => (each.do === 'probe' ? [each.via] : []))
  for (const via of helpers) world.post({ type: 'probed', peer: 'a', via, reached: false }, 1_800)
  for (let nowMs = 2_000; nowMs <= 9_000; nowMs += 250)
    expect(verdicts(world.post({ type: 'tick' }, nowMs))).not.toContain('a dead probes')
  world.post(beat('b'), 9_100)
  const after = world.post({ type: 'tick' }, 9_250)
  expect(verdicts(after)).toEqual([])
  expect(after).toContainEqual({ do: 'probe', peer: 'a', via: 'b' })
})

test('a short stall of our own begins the grace anew', () => {
  const world = watching()
  expect(verdicts(pass(world, 0, 4_750))).toEqual(['a suspect silence'])
  expect(world.post({ type: 'tick' }, 5_500)).toEqual([])
  expect(verdicts(pass(world, 5_500, 9_000))).toEqual([])
  expect(verdicts(pass(world, 9_000, 9_250))).toEqual(['a dead silence'])
})

test('a stall of our own is no lack of progress, in whatever order it comes to light', () => {
  const { detector, post } = watching()
  post({ type: 'watch', peer: 'a', domains: [], boot: null, stallMs: 1_000 }, 0)
  post(beat('a', 7), 100)
  expect(post(beat('a', 7), 5_000)).toEqual([])
  expect(post({ type: 'tick' }, 5_000)).toEqual([])
  expect(post(beat('a', 7), 5_100)).toEqual([])
  expect(detector.peers.get('a')?.verdict).toBe('alive')
})

const span: fc.Arbitrary<Span> = fc
  .record({ fromMs: fc.integer({ min: 0, max: LENGTH_MS }), lastsMs: fc.integer({ min: 300, max: 12_000 }) })
  .map(({ fromMs, lastsMs }) => ({ fromMs, untilMs: fromMs + lastsMs }))

/** Beats every 500 ms, late by up to half a second, of which at most two in a row are lost: gaps below 2 s. */
const gapMs = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 400, max: 700 }) },
  { weight: 1, arbitrary: fc.integer({ min: 700, max: 1_999 }) },
)

const simulatedPeer = (honesty: fc.Arbitrary<SimulatedPeer['honesty']>): fc.Arbitrary<SimulatedPeer> =>
  fc.record({
    domains: fc.array(fc.nat(5).map(String), { maxLength: 2 }),
    diesMs: fc.option(fc.integer({ min: 1_000, max: 40_000 })),
    gapsMs: fc.array(gapMs, { minLength: 5, maxLength: 40 }),
    honesty,
  })

const plan = (honesty: fc.Arbitrary<SimulatedPeer['honesty']>): fc.Arbitrary<DetectorPlan> =>
  fc.record({
    peers: fc.array(simulatedPeer(honesty), { minLength: 1, maxLength: 8 }),
    cuts: fc.array(span, { maxLength: 2 }),
    stalls: fc.array(span, { maxLength: 2 }).map(disjoint),
    chain: fc.boolean(),
    lengthMs: fc.constant(LENGTH_MS),
  })

const HONEST = fc.constant('honest' as const)
const ANY_HONESTY = fc.constantFrom('honest' as const, 'honest' as const, 'always-reached' as const)

describe('whatever is lost, cut off or stands still', () => {
  test('nobody dies who lives, and nobody at all while we are cut off', () => {
    fc.assert(
      fc.property(plan(HONEST), (world) => {
        const dead = playDetector(world).filter(({ verdict }) => verdict === 'dead')
        for (const { peer, atMs } of dead) {
          expect(world.peers[peer]?.diesMs ?? Number.POSITIVE_INFINITY).toBeLessThan(atMs)
          expect(world.cuts.some(({ fromMs, untilMs }) => fromMs + 500 < atMs && atMs < untilMs)).toBe(false)
          expect(isWithin(world.stalls, atMs)).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('without any trouble of ours nobody who beats is even suspected', () => {
    fc.assert(
      fc.property(plan(HONEST), (world) => {
        const calm = { ...world, cuts: [], stalls: [] }
        for (const { peer, atMs } of playDetector(calm)) {
          expect(world.peers[peer]?.diesMs ?? Number.POSITIVE_INFINITY).toBeLessThan(atMs)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('who is silent is dead within the bound once we hear anybody else, whoever lies for it', () => {
    fc.assert(
      fc.property(plan(ANY_HONESTY), (world) => {
        const given = { ...world, chain: true }
        const dead = new Set(
          playDetector(given).flatMap(({ peer, verdict }) => (verdict === 'dead' ? [peer] : [])),
        )
        const calmMs = Math.max(0, ...[...given.cuts, ...given.stalls].map(({ untilMs }) => untilMs))
        given.peers.forEach(({ diesMs, honesty, gapsMs }, index) => {
          const lies = given.peers.some((each) => each.honesty !== 'honest') ? 4 : 1
          const mostSuspiciousMs = Math.max(SUSPICIOUS_MS, 4 * Math.max(...gapsMs) + SUSPICIOUS_MS)
          const boundMs = lies * detectionBoundMs(mostSuspiciousMs, 620)
          if (diesMs === null || Math.max(diesMs, calmMs) + boundMs > LENGTH_MS) return
          expect(dead, `${index} ${honesty}`).toContain(index)
        })
      }),
      { numRuns: 150 },
    )
  })
})

function disjoint(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.fromMs - b.fromMs)
  return sorted.filter(({ fromMs }, i) => i === 0 || fromMs > (sorted[i - 1]?.untilMs ?? 0) + 1_000)
}
