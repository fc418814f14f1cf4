import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AuditEffect,
  type AuditEvent,
  type AuditLedger,
  advanceAudit,
  createAuditLedger,
  MAX_REMEMBERED,
} from './audit-ledger.ts'
import { auditCommitment, auditLot, drawAuditor, isCheckedHere } from './audit-lot.ts'
import { AUDIT_FLOOR, auditRate } from './audit-rate.ts'

const SECRET: Hex = `0x${'5e'.repeat(32)}`
const LIAR: Hex = '0x01'
const HONEST: Hex = '0x02'

/** Money at which the floor rules, once a record is long. */
const SAFE = { gain: 1n, stake: 10_000n }

describe('the rate of audits', () => {
  const standing = fc.record({
    valid: fc.nat(1_000),
    gain: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    stake: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  })

  test('is everything for a newcomer, and never below the floor', () => {
    expect(auditRate({ valid: 0, ...SAFE })).toBe(1)
    expect(auditRate({ valid: 10 ** 9, ...SAFE })).toBe(AUDIT_FLOOR)
    expect(auditRate({ valid: 4, ...SAFE })).toBe(0.25)
    expect(auditRate({ valid: 10 ** 9, gain: 1n, stake: 9n })).toBe(0.2)
  })

  test('makes every wrong result lose money, whatever the stake', () => {
    fc.assert(
      fc.property(standing, (given) => {
        const rate = auditRate(given)
        const profit = (1 - rate) * Number(given.gain) - rate * Number(given.stake)
        expect(profit).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('falls with the record and the stake, rises with the gain', () => {
    fc.assert(
      fc.property(standing, fc.nat(100), (given, more) => {
        const rate = auditRate(given)
        expect(auditRate({ ...given, valid: given.valid + more })).toBeLessThanOrEqual(rate)
        expect(auditRate({ ...given, stake: given.stake + BigInt(more) })).toBeLessThanOrEqual(rate)
        expect(auditRate({ ...given, gain: given.gain + BigInt(more) })).toBeGreaterThanOrEqual(rate)
      }),
    )
  })
})

describe('the lot', () => {
  test('falls evenly, and differently for every secret', () => {
    const lots = Array.from({ length: 4_000 }, (_, i) => auditLot(SECRET, `job/${i}`))
    const drawn = lots.filter((lot) => lot < 0.1).length
    expect(Math.abs(drawn - 400)).toBeLessThan(4 * Math.sqrt(4_000 * 0.1 * 0.9))
    const other: Hex = `0x${'5f'.repeat(32)}`
    expect(auditLot(other, 'job/1')).not.toBe(auditLot(SECRET, 'job/1'))
    expect(auditCommitment(other)).not.toBe(auditCommitment(SECRET))
    expect(auditCommitment(SECRET)).not.toContain('5e5e')
  })
})

describe('the auditor', () => {
  test('is each of the others alike, and ourselves for a share; ourselves alone where there is nobody', () => {
    const accounts: Hex[] = ['0x0a', '0x0b', '0x0c']
    const drawn = Array.from({ length: 4_000 }, (_, i) => drawAuditor(SECRET, `job/${i}`, accounts))
    const count = (who: Hex | null) => drawn.filter((each) => each === who).length
    expect(Math.abs(count(null) - 400)).toBeLessThan(4 * Math.sqrt(4_000 * 0.1 * 0.9))
    for (const each of accounts) {
      expect(Math.abs(count(each) - 1_200)).toBeLessThan(4 * Math.sqrt(4_000 * 0.3 * 0.7))
    }
    expect(drawAuditor(SECRET, 'job/1', [])).toBeNull()
  })
})

test('a few in a hundred of what quorums accepted is checked here', () => {
  const tasks = Array.from({ length: 10_000 }, (_, i): Hex => `0x${i.toString(16).padStart(64, '0')}`)
  const checked = tasks.filter((task) => isCheckedHere(SECRET, task)).length
  expect(Math.abs(checked - 300)).toBeLessThan(4 * Math.sqrt(10_000 * 0.03 * 0.97))
})

describe('the ledger of audits', () => {
  test('holds a newcomer’s results until they are looked at', () => {
    const ledger = createAuditLedger(SECRET)
    expect(advanceAudit(ledger, result('a', HONEST), 0)).toEqual([
      { do: 'audit', attempt: 'a', account: HONEST },
    ])
    expect(advanceAudit(ledger, { type: 'tick' }, 10 ** 9)).toEqual([])
    expect(advanceAudit(ledger, audited('a', 'valid'), 10 ** 9)).toEqual([{ do: 'release', attempt: 'a' }])
  })

  test('releases what was not drawn after the window, and not before its account’s audits of that time', () => {
    const { ledger, undrawn, drawn } = trusted(HONEST)
    advanceAudit(ledger, result(undrawn, HONEST), 1_000)
    expect(advanceAudit(ledger, result(drawn, HONEST), 2_000)).toHaveLength(1)
    expect(advanceAudit(ledger, { type: 'tick' }, 60_999)).toEqual([])
    expect(advanceAudit(ledger, { type: 'tick' }, 61_000)).toEqual([])
    expect(advanceAudit(ledger, audited(drawn, 'valid'), 62_000)).toEqual([
      { do: 'release', attempt: drawn },
      { do: 'release', attempt: undrawn },
    ])
  })

  test('looks at everything that a convicted account delivered, and recalls what was shown', () => {
    const { ledger, undrawn, drawn } = trusted(LIAR)
    advanceAudit(ledger, result(undrawn, LIAR), 0)
    expect(advanceAudit(ledger, { type: 'tick' }, 60_000)).toEqual([{ do: 'release', attempt: undrawn }])
    advanceAudit(ledger, result(drawn, LIAR), 60_001)
    expect(advanceAudit(ledger, audited(drawn, 'wrong'), 61_000)).toEqual([
      { do: 'reject', attempt: drawn },
      { do: 'convict', account: LIAR, attempt: drawn },
      { do: 'audit', attempt: undrawn, account: LIAR },
    ])
    expect(advanceAudit(ledger, audited(undrawn, 'wrong'), 62_000)).toEqual([
      { do: 'recall', attempt: undrawn },
    ])
    expect(advanceAudit(ledger, result('later', LIAR), 63_000)).toHaveLength(1)
  })

  test('tries again where an audit comes to nothing, then gives the result up', () => {
    const ledger = createAuditLedger(SECRET)
    advanceAudit(ledger, result('a', HONEST), 0)
    expect(advanceAudit(ledger, audited('a', 'undecided'), 1)).toEqual([
      { do: 'audit', attempt: 'a', account: HONEST },
    ])
    expect(advanceAudit(ledger, audited('a', 'undecided'), 2)).toEqual([{ do: 'reject', attempt: 'a' }])
    expect(advanceAudit(ledger, audited('a', 'valid'), 3)).toEqual([])
  })

  test('remembers what was shown, up to a bound', () => {
    const { ledger } = trusted(HONEST)
    for (let i = 0; i < MAX_REMEMBERED + 50; i++) {
      for (const effect of advanceAudit(ledger, result(`m/${i}`, HONEST), i * 60_000)) {
        if (effect.do === 'audit') advanceAudit(ledger, audited(effect.attempt, 'valid'), i * 60_000)
      }
      advanceAudit(ledger, { type: 'tick' }, (i + 1) * 60_000)
    }
    expect(ledger.accounts.get(HONEST)?.results.size).toBe(MAX_REMEMBERED)
  })

  test('ends with every result either shown or not, once; a liar that is drawn is looked at in full', () => {
    const step = fc.record({
      account: fc.constantFrom(LIAR, HONEST),
      isWrong: fc.boolean(),
      waitMs: fc.nat(40_000),
      answer: fc.nat(10),
      undecided: fc.nat(9).map((draw) => draw === 0),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const played = play(steps)
        for (const [attempt, { account, isWrong }] of played.given) {
          const said = played.said.get(attempt) ?? []
          expect(said.filter((word) => word === 'release' || word === 'reject')).toHaveLength(1)
          if (isWrong && played.audits.has(attempt) && !played.doubted.has(attempt))
            expect(said.at(-1)).not.toBe('release')
          if (played.convicted.has(account)) expect(played.audits.has(attempt)).toBe(true)
        }
        expect(played.ledger.held.size).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})

interface Step {
  readonly account: Hex
  readonly isWrong: boolean
  readonly waitMs: number
  readonly answer: number
  readonly undecided: boolean
}

/** Plays results and audits that end in any order; every audit of a wrong result that is decided finds it wrong. */
function play(steps: readonly Step[]) {
  const ledger = createAuditLedger(SECRET)
  const given = new Map<string, Step>()
  const said = new Map<string, string[]>()
  const audits = new Set<string>()
  const convicted = new Set<Hex>()
  const doubted = new Set<string>()
  const open: string[] = []
  let nowMs = 0
  const post = (event: AuditEvent) => {
    for (const effect of advanceAudit(ledger, event, nowMs)) {
      if (effect.do === 'convict') convicted.add(effect.account)
      else if (effect.do === 'audit') {
        audits.add(effect.attempt)
        open.push(effect.attempt)
      } else said.set(effect.attempt, [...(said.get(effect.attempt) ?? []), effect.do])
    }
  }
  const answer = (choice: number, undecided: boolean) => {
    const [attempt] = open.splice(choice % Math.max(1, open.length), 1)
    if (attempt === undefined) return
    if (undecided) doubted.add(attempt)
    post(audited(attempt, undecided ? 'undecided' : given.get(attempt)?.isWrong === true ? 'wrong' : 'valid'))
  }
  steps.forEach((step, i) => {
    nowMs += step.waitMs
    const isWrong = step.account === LIAR && step.isWrong
    given.set(`t/${i}`, { ...step, isWrong })
    post(result(`t/${i}`, step.account))
    if (step.answer > 3) answer(step.answer, step.undecided)
    post({ type: 'tick' })
  })
  post({ type: 'finished' })
  while (open.length > 0) answer(0, false)
  return { ledger, given, said, audits, convicted, doubted }
}

/** A ledger in which an account has a long record, and two attempts that are drawn and not. */
function trusted(account: Hex): { ledger: AuditLedger; drawn: string; undrawn: string } {
  const ledger = createAuditLedger(SECRET)
  for (let i = 0, valid = 0; valid < 100; i++) {
    const effects: AuditEffect[] = advanceAudit(ledger, result(`r/${i}`, account), -(10 ** 6))
    if (effects.length === 0) continue
    advanceAudit(ledger, audited(`r/${i}`, 'valid'), -(10 ** 6))
    valid += 1
  }
  advanceAudit(ledger, { type: 'tick' }, 0)
  ledger.accounts.get(account)?.results.clear()
  const names = Array.from({ length: 1_000 }, (_, i) => `x/${i}`)
  const drawn = names.find((name) => auditLot(SECRET, name) < AUDIT_FLOOR)
  const undrawn = names.find((name) => auditLot(SECRET, name) >= AUDIT_FLOOR)
  if (drawn === undefined || undrawn === undefined) throw new Error('a thousand lots, none of one kind')
  return { ledger, drawn, undrawn }
}

function result(attempt: string, account: Hex): AuditEvent {
  return { type: 'result', attempt, account, ...SAFE }
}

function audited(attempt: string, verdict: 'valid' | 'wrong' | 'undecided'): AuditEvent {
  return { type: 'audited', attempt, verdict }
}
