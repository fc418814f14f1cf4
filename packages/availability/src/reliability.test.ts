import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rateUpper, wilsonLower } from './confidence.ts'
import { hazards, noExposure } from './hazard.ts'
import {
  type Evidence,
  type EvidenceSource,
  mergeRecord,
  newcomer,
  observe,
  RECORD_HALF_LIFE_MS,
  reliability,
} from './reliability.ts'

const HOUR_MS = 3_600_000
const LEASE = { ageMs: 0, forMs: HOUR_MS }
const TRUSTED = ['own', 'watchers', 'chain'] as const

const source = fc.constantFrom<EvidenceSource>('own', 'watchers', 'chain', 'strangers', 'self')
const atMs = fc.integer({ min: 0, max: 4 * RECORD_HALF_LIFE_MS })
const tallied = fc.record({
  measure: fc.constantFrom('completion' as const, 'correctness' as const, 'truthfulness' as const),
  outcome: fc.constantFrom('good' as const, 'good' as const, 'good' as const, 'fault' as const),
  source,
  atMs,
})
const watched = fc
  .record({ fromAgeMs: fc.nat(HOUR_MS), lastedMs: fc.nat(12 * HOUR_MS), ended: fc.boolean(), source, atMs })
  .map(({ lastedMs, ...rest }) => ({
    ...rest,
    measure: 'availability' as const,
    untilAgeMs: rest.fromAgeMs + lastedMs,
  }))
const evidence: fc.Arbitrary<Evidence> = fc.oneof(tallied, watched)
const history = fc.array(evidence, { maxLength: 40 })
const NOW_MS = 4 * RECORD_HALF_LIFE_MS

function standing(list: readonly Evidence[], nowMs = NOW_MS, lease = LEASE) {
  const record = newcomer(0)
  for (const one of list) observe(record, one)
  return reliability(record, lease, nowMs)
}

function good(count: number, from: EvidenceSource = 'own'): Evidence[] {
  return Array.from({ length: count }, () => ({
    ...{ measure: 'completion', outcome: 'good', source: from, atMs: NOW_MS },
  }))
}

const FAULT: Evidence = { measure: 'completion', outcome: 'fault', source: 'own', atMs: NOW_MS }

describe('bounds', () => {
  test('of a share are Wilson’s', () => {
    expect(wilsonLower(0, 0)).toBe(0)
    expect(wilsonLower(0, 5)).toBe(0)
    expect(wilsonLower(10, 0)).toBeCloseTo(10 / (10 + 1.645 ** 2), 12)
    const bound = wilsonLower(90, 10)
    expect(0.9 - bound).toBeCloseTo(1.645 * Math.sqrt((bound * (1 - bound)) / 100), 12)
  })

  test('of a share hold as often as they say', () => {
    const share = 0.8
    let covered = 0
    for (let seen = 0; seen <= 50; seen++) {
      if (wilsonLower(seen, 50 - seen) <= share) covered += binomial(50, seen, share)
    }
    expect(covered).toBeGreaterThan(0.93)
  })

  test.each([
    [1, 2.9957],
    [2, 4.7439],
    [10, 15.7052],
  ])('of a rate with %d events are those of the gamma distribution', (events, quantile) => {
    expect(rateUpper(events, 1) / quantile).toBeGreaterThan(0.99)
    expect(rateUpper(events, 1) / quantile).toBeLessThan(1.01)
    expect(rateUpper(events, 100)).toBeCloseTo(rateUpper(events, 1) / 100, 12)
  })
})

describe('reliability', () => {
  test('of a newcomer is neither nothing nor everything', () => {
    for (const value of Object.values(standing([]))) {
      expect(value).toBeGreaterThan(0.05)
      expect(value).toBeLessThan(0.5)
    }
  })

  test('is a chance, and never certain', () => {
    fc.assert(
      fc.property(history, (list) => {
        for (const value of Object.values(standing(list))) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThan(1)
        }
      }),
    )
  })

  test('does not depend on the order of what was seen', () => {
    fc.assert(
      fc.property(history, (list) => {
        const [one, other] = [standing(list), standing([...list].reverse())]
        for (const key of Object.keys(one) as (keyof typeof one)[])
          expect(one[key]).toBeCloseTo(other[key], 9)
      }),
    )
  })

  test('of records that were kept apart is that of one that saw it all', () => {
    fc.assert(
      fc.property(history, history, (one, other) => {
        const apart = [one, other].map((list) => {
          const record = newcomer(0)
          for (const seen of list) observe(record, seen)
          return record
        })
        const joined = newcomer(0)
        for (const record of apart) mergeRecord(joined, record)
        const [merged, whole] = [reliability(joined, LEASE, NOW_MS), standing([...one, ...other])]
        for (const measure of ['availability', 'completion', 'correctness', 'truthfulness'] as const)
          expect(merged[measure]).toBeCloseTo(whole[measure], 9)
      }),
    )
  })

  test('takes of another record the measures that are named alone', () => {
    const worse = newcomer(NOW_MS)
    for (const measure of ['completion', 'correctness'] as const) observe(worse, { ...FAULT, measure })
    const record = newcomer(NOW_MS)
    mergeRecord(record, worse, ['correctness'])
    const [before, after] = [standing([]), reliability(record, LEASE, NOW_MS)]
    expect(after.completion).toBe(before.completion)
    expect(after.availability).toBe(before.availability)
    expect(after.correctness).toBeLessThan(before.correctness)
  })

  test('never falls with a good, never rises with a fault', () => {
    fc.assert(
      fc.property(history, tallied, (list, last) => {
        const [before, after] = [standing(list)[last.measure], standing([...list, last])[last.measure]]
        if (last.outcome === 'good') expect(after).toBeGreaterThanOrEqual(before - 1e-12)
        else expect(after).toBeLessThanOrEqual(before + 1e-12)
      }),
    )
  })

  test('never falls with time under watch, never rises with an end', () => {
    fc.assert(
      fc.property(history, watched, (list, last) => {
        const before = standing(list).availability
        expect(standing([...list, { ...last, ended: false }]).availability).toBeGreaterThanOrEqual(
          before - 1e-12,
        )
        const nothing = { ...last, untilAgeMs: last.fromAgeMs }
        expect(standing([...list, { ...nothing, ended: true }]).availability).toBeLessThanOrEqual(
          before + 1e-12,
        )
      }),
    )
  })

  test('gives no credit for what it says itself, nor for what strangers did with each other', () => {
    fc.assert(
      fc.property(history, fc.constantFrom<EvidenceSource>('self', 'strangers'), (list, from) => {
        const praise = list.map((one) => ({ ...one, source: from }))
        const goods = praise.filter((one) =>
          one.measure === 'availability' ? !one.ended : one.outcome === 'good',
        )
        expect(standing([...list, ...goods])).toEqual(standing(list))
      }),
    )
    expect(standing([{ ...FAULT, source: 'self' }]).completion).toBeLessThan(standing([]).completion)
    expect(standing([{ ...FAULT, source: 'strangers' }])).toEqual(standing([]))
  })

  test('stands lower after a fault and three goods than before, for whoever stood as high as a newcomer', () => {
    const weighed = fc.array(
      fc.record({ goods: fc.nat(400), faults: fc.nat(3), from: fc.constantFrom(...TRUSTED) }),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(weighed, (parts) => {
        const list = parts.flatMap(({ goods, faults, from }) => [
          ...good(goods, from),
          ...Array.from({ length: faults }, () => ({ ...FAULT, source: from })),
        ])
        const before = standing(list).completion
        if (before < standing([]).completion) return
        expect(standing([...list, FAULT, ...good(3)]).completion).toBeLessThan(before)
      }),
    )
  })

  test('is forgotten by half in two weeks, the good and the bad', () => {
    const [fresh, old] = [standing(good(100)), standing(good(100), NOW_MS + 4 * RECORD_HALF_LIFE_MS)]
    expect(old.completion).toBeLessThan(fresh.completion)
    expect(old.completion).toBeGreaterThan(standing([]).completion)
    const halved = standing(good(50)).completion
    expect(standing(good(100), NOW_MS + RECORD_HALF_LIFE_MS).completion).toBeCloseTo(halved, 12)
    const sinner = [FAULT, FAULT]
    expect(standing(sinner, NOW_MS + 10 * RECORD_HALF_LIFE_MS).completion).toBeGreaterThan(
      standing(sinner).completion,
    )
  })

  test('says that old leases last longer than young ones, and long stretches less likely than short', () => {
    fc.assert(
      fc.property(fc.nat(10 * HOUR_MS), fc.nat(10 * HOUR_MS), (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)]
        const lasting = (ageMs: number, forMs: number) => standing([], NOW_MS, { ageMs, forMs }).availability
        expect(lasting(more, HOUR_MS)).toBeGreaterThanOrEqual(lasting(less, HOUR_MS) - 1e-12)
        expect(lasting(0, more)).toBeLessThanOrEqual(lasting(0, less) + 1e-12)
      }),
    )
  })

  test('takes a bad start as a sign for what comes later', () => {
    const bad = noExposure().map((exposure, i) => (i === 0 ? { watchedMs: 60_000, ends: 10 } : exposure))
    const [plain, worse] = [hazards(noExposure()), hazards(bad)]
    worse.forEach((hazard, i) => {
      expect(hazard).toBeGreaterThan(plain[i] ?? 0)
    })
  })
})

function binomial(total: number, count: number, share: number): number {
  let chance = (1 - share) ** total
  for (let i = 1; i <= count; i++) chance *= ((total - i + 1) / i) * (share / (1 - share))
  return chance
}
