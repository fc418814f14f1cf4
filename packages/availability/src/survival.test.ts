import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainKind } from './domains.ts'
import { DOMAIN_FAILURES, groupsOf, type Member, survival } from './survival.ts'

const chance = fc.double({ min: 0, max: 1, noNaN: true })
const domain = fc.constantFrom('account:a', 'account:b', 'net:1', 'net:2', 'relay:r', 'unknown')
const members: fc.Arbitrary<Member[]> = fc.array(
  fc.record({ domains: fc.uniqueArray(domain, { minLength: 1, maxLength: 3 }), failure: chance }),
  { maxLength: 6 },
)
const failures = fc.record({
  ...{ account: chance, net: chance, relay: chance, region: chance, asn: chance, unknown: chance },
})

/** What really happens: every domain and every member fails or does not, all cases weighed. */
function enumerate(
  given: readonly Member[],
  k: number,
  domainFailures: Readonly<Record<string, number>>,
): number {
  const domains = [...new Set(given.flatMap((member) => member.domains))]
  const odds = [
    ...domains.map((each) => domainFailures[domainKind(each)] ?? 0),
    ...given.map(({ failure }) => failure),
  ]
  let total = 0
  for (let state = 0; state < 2 ** odds.length; state++) {
    const fails = (index: number) => ((state >> index) & 1) === 1
    const weight = odds.reduce((product, odd, i) => product * (fails(i) ? odd : 1 - odd), 1)
    const alive = given.filter(
      (member, i) =>
        !fails(domains.length + i) && member.domains.every((each) => !fails(domains.indexOf(each))),
    )
    if (alive.length >= k) total += weight
  }
  return total
}

test('is what all cases add up to where groups share one domain each', () => {
  const parted = fc.array(fc.record({ domains: domain.map((each) => [each]), failure: chance }), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(parted, fc.integer({ min: 0, max: 7 }), failures, (given, k, odds) => {
      expect(survival(given, k, odds)).toBeCloseTo(enumerate(given, k, odds), 9)
    }),
    { numRuns: 200 },
  )
})

test('is never more than what all cases add up to, however domains overlap', () => {
  fc.assert(
    fc.property(members, fc.integer({ min: 1, max: 6 }), failures, (given, k, odds) => {
      expect(survival(given, k, odds)).toBeLessThanOrEqual(enumerate(given, k, odds) + 1e-9)
    }),
    { numRuns: 200 },
  )
})

test('falls with k, and with every chance of failure', () => {
  fc.assert(
    fc.property(members, fc.nat(6), chance, (given, k, worse) => {
      expect(survival(given, k + 1)).toBeLessThanOrEqual(survival(given, k) + 1e-12)
      const frail = given.map((member) => ({ ...member, failure: Math.max(member.failure, worse) }))
      expect(survival(frail, k)).toBeLessThanOrEqual(survival(given, k) + 1e-12)
      const risky = { ...DOMAIN_FAILURES, net: 0.5, account: 0.5 }
      expect(survival(given, k, risky)).toBeLessThanOrEqual(survival(given, k) + 1e-12)
    }),
  )
})

test('two behind one thing are worth little more than one', () => {
  const one = { domains: ['unknown'], failure: 0.01 }
  const apart = ['net:1', 'net:2'].map((each) => ({ domains: [each], failure: 0.01 }))
  expect(survival([one, one], 1)).toBeLessThan(0.951)
  expect(survival(apart, 1)).toBeGreaterThan(0.9997)
})

test('groups are what shares a domain, also by way of others', () => {
  const of = (...domains: string[]) => ({ domains, failure: 0 })
  const [a, b, c, d] = [of('x'), of('y'), of('z'), of('x', 'y')]
  expect(groupsOf([a, b, c, d])).toEqual([[c], [b, a, d]])
})
