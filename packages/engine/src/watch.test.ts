import {
  downtimeSubject,
  type Hex,
  isCourtSigned,
  readObservation,
  seatHolders,
  slotOf,
} from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type VoteRow, votes } from './court-records.ts'
import { COURT, courtParty, courtRules, hashOf } from './testing/court-parties.ts'
import { QUIET, type WatchPlan } from './testing/watch-plan.ts'
import { WatchWorld } from './testing/watch-world.ts'
import { advanceWatch } from './watch.ts'
import { newWatch, type Watch, type WatchEffect, type WatchEvent } from './watch-state.ts'

const ALL = 0xffff

const moment = fc.integer({ min: 0, max: 50_000 })
const who = fc.integer({ min: 0, max: 3 })
const stretch = (most: number) =>
  fc
    .record({ who, fromMs: moment, lastsMs: fc.integer({ min: 100, max: most }) })
    .map(({ who, fromMs, lastsMs }) => ({ who, fromMs, untilMs: fromMs + lastsMs }))

const plan: fc.Arbitrary<WatchPlan> = fc.record({
  seed: fc.integer(),
  slotBlocks: fc.constantFrom(1, 2),
  subjects: fc.integer({ min: 2, max: 4 }),
  watchers: fc.integer({ min: 1, max: 3 }),
  outages: fc.array(stretch(40_000), { maxLength: 3 }),
  cuts: fc.array(stretch(20_000), { maxLength: 2 }),
  crashes: fc.array(
    fc.record({ who, atMs: moment, effects: fc.integer({ min: 0, max: 8 }), downMs: fc.nat(6_000) }),
    { maxLength: 4 },
  ),
})

/** Returns what a watcher's row on a subject says of epoch 1. */
function observed(world: WatchWorld, watcher: number, subject: number) {
  const row = world.votesOf(watcher).get(downtimeSubject(world.subjects[subject]?.address ?? '0x', 1))
  return row && readObservation(row.value)
}

describe('watchers', () => {
  test('see every slot of subjects that are up, and sign what they saw', () => {
    const world = new WatchWorld(QUIET).run()
    expect(world.violations).toEqual([])
    for (const [index, { signer }] of world.watchers.entries()) {
      for (const subject of world.subjects.keys()) {
        expect(observed(world, index, subject)).toEqual({ seen: ALL, up: ALL })
      }
      for (const [subject, { value, signature }] of world.votesOf(index)) {
        const vote = { subject: subject as Hex, value }
        expect(isCourtSigned(COURT, 'Vote', vote, signature, signer.address)).toBe(true)
      }
    }
  })

  test('call a subject down that answers nobody, and no other', () => {
    const outages = [{ who: 1, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }]
    const world = new WatchWorld({ ...QUIET, outages, slotBlocks: 2 }).run()
    expect(world.violations).toEqual([])
    for (const index of world.watchers.keys()) {
      expect(observed(world, index, 1)).toEqual({ seen: ALL, up: 0 })
      expect(observed(world, index, 2)).toEqual({ seen: ALL, up: ALL })
    }
  })

  test('abstain while they are cut off themselves', () => {
    const cuts = [{ who: 0, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }]
    const world = new WatchWorld({ ...QUIET, cuts }).run()
    expect(world.violations).toEqual([])
    expect(world.votesOf(0).size).toBe(0)
    expect(observed(world, 1, 0)).toEqual({ seen: ALL, up: ALL })
  })

  test.each(Array.from({ length: 10 }, (_, effects) => effects))(
    'sign once when they crash %i effects after the end of an epoch',
    (effects) => {
      const crashes = [
        { who: 0, atMs: 2_999, effects, downMs: 700 },
        { who: 1, atMs: 18_999, effects, downMs: 0 },
      ]
      const world = new WatchWorld({ ...QUIET, crashes }).run()
      expect(world.violations).toEqual([])
      expect(world.watchers.map(({ boots }) => boots)).toEqual([2, 2, 1])
    },
  )

  test('never sign two values, nor without a row, nor what they cannot know, through crashes at any effect', () => {
    fc.assert(
      fc.property(plan, (given) => {
        expect(new WatchWorld(given).run().violations).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

/** A watcher of dev slots, driven event by event. */
class Driven {
  readonly rules = courtRules({ leastWatchers: 1, slotBlocks: 4 })
  readonly signer = courtParty(1)
  readonly watch: Watch
  nowMs = 0

  constructor(rows: ReadonlyMap<string, VoteRow> = new Map()) {
    this.watch = newWatch(hashOf('secret'), rows)
  }

  post(event: WatchEvent): WatchEffect[] {
    return advanceWatch({ rules: this.rules, signer: this.signer }, this.watch, event, this.nowMs)
  }

  /** Lets blocks up to `block` come, one a second, with ticks; answers each probe by `answer`. */
  until(block: number, answer: (subject: Hex, nonce: Hex) => Hex | null): WatchEffect[] {
    const all: WatchEffect[] = []
    for (let next = (this.watch.head ?? 0) + 1; next <= block; next++) {
      all.push(...this.settle(this.post({ type: 'head', block: next }), answer))
      for (let tick = 0; tick < 10; tick++) {
        this.nowMs += 100
        all.push(...this.settle(this.post({ type: 'tick' }), answer))
      }
    }
    return all
  }

  settle(effects: WatchEffect[], answer: (subject: Hex, nonce: Hex) => Hex | null): WatchEffect[] {
    return effects.flatMap((effect) => {
      if (effect.do === 'seats') {
        const table = [this.signer.address]
        return [
          effect,
          ...this.settle(
            this.post({ type: 'seats', epoch: effect.epoch, table, seed: hashOf(effect.epoch) }),
            answer,
          ),
        ]
      }
      if (effect.do !== 'probe') return [effect]
      const signature = answer(effect.subject, effect.nonce)
      return [effect, ...this.settle(this.post({ type: 'probed', nonce: effect.nonce, signature }), answer)]
    })
  }
}

const EPOCH = 64

describe('a watcher', () => {
  const subjects = new Map(
    [101, 102, 103].map((key) => [courtParty(key).address, { peerId: `${key}`, addresses: [] }]),
  )
  const honest = (subject: Hex, nonce: Hex) =>
    [101, 102, 103]
      .map(courtParty)
      .find(({ address }) => address === subject)
      ?.sign('Probe', { nonce }) ?? null
  const driven = (rows?: ReadonlyMap<string, VoteRow>) => {
    const one = new Driven(rows)
    one.post({ type: 'subjects', subjects })
    return one
  }
  const first = courtParty(101).address
  const votesIn = (effects: readonly WatchEffect[]) => effects.filter((effect) => effect.do === 'voted')
  const writesIn = (effects: readonly WatchEffect[]) =>
    effects.flatMap((effect) => (effect.do === 'persist' ? effect.writes : []))

  test('counts no signature of another key or over another nonce', () => {
    const wrong = (subject: Hex, nonce: Hex) =>
      subject === first ? courtParty(102).sign('Probe', { nonce }) : honest(subject, nonce)
    const old = (subject: Hex, nonce: Hex) =>
      subject === first ? courtParty(101).sign('Probe', { nonce: hashOf('old') }) : honest(subject, nonce)
    for (const answer of [wrong, old]) {
      const cast = votesIn(driven().until(2 * EPOCH, answer))
      expect(cast.find(({ key, epoch }) => key === first && epoch === 1)).toMatchObject({ seen: ALL, up: 0 })
    }
  })

  test('tries again within the slot, with a fresh nonce, before it calls a subject down', () => {
    const tried = new Map<Hex, number>()
    const flaky = (subject: Hex, nonce: Hex) => {
      const count = (tried.get(subject) ?? 0) + 1
      tried.set(subject, count)
      return count % 2 === 1 ? null : honest(subject, nonce)
    }
    const effects = driven().until(2 * EPOCH, flaky)
    for (const vote of votesIn(effects).filter(({ epoch }) => epoch === 1)) {
      expect(vote).toMatchObject({ seen: ALL, up: ALL })
    }
    const nonces = effects.flatMap((effect) => (effect.do === 'probe' ? effect.nonce : []))
    expect(new Set(nonces).size).toBe(nonces.length)
  })

  test('abstains from a slot at whose end a probe was still under way, in either direction', () => {
    for (const late of [honest, () => null]) {
      const held: Hex[] = []
      const one = driven()
      const inSlot = (slot: number) => one.watch.head !== null && slotOf(one.rules, one.watch.head) === slot
      const settle = one.settle.bind(one)
      one.settle = (effects, answer) => {
        const isHeld = (effect: WatchEffect) =>
          effect.do === 'probe' && effect.subject === first && (one.watch.head ?? 0) >= EPOCH && inSlot(3)
        held.push(
          ...effects.flatMap((effect) => (effect.do === 'probe' && isHeld(effect) ? effect.nonce : [])),
        )
        return settle(
          effects.filter((effect) => !isHeld(effect)),
          answer,
        )
      }
      one.until(EPOCH + 16, honest)
      expect(held).toHaveLength(1)
      for (const nonce of held) one.post({ type: 'probed', nonce, signature: late(first, nonce) })
      const cast = votesIn(one.until(2 * EPOCH, honest)).filter(({ epoch }) => epoch === 1)
      expect(cast.find(({ key }) => key === first)).toMatchObject({ seen: ALL - 8, up: ALL - 8 })
      expect(cast.find(({ key }) => key !== first)).toMatchObject({ seen: ALL, up: ALL })
    }
  })

  test('keeps the row that an earlier run wrote', () => {
    const subject = downtimeSubject(first, 1)
    const row = { value: hashOf('what it said'), signature: `0x${'11'.repeat(64)}`, untilBlock: 500 } as const
    const effects = driven(new Map([[subject, row]])).until(2 * EPOCH, honest)
    expect(votesIn(effects).length).toBeGreaterThan(0)
    expect(writesIn(effects).map(({ key }) => key)).not.toContain(subject)
  })

  test('forgets votes when nobody can use them, and none before', () => {
    const one = driven()
    const subject = downtimeSubject(first, 1)
    const cast = writesIn(one.until(2 * EPOCH, honest)).find(({ key }) => key === subject)
    const { untilBlock } = votes.codec.decode(cast?.value ?? new Uint8Array())
    expect(untilBlock).toBe(2 * EPOCH + one.rules.reportBlocks + EPOCH)
    const later = writesIn(one.until(untilBlock + EPOCH, honest))
    expect(later).toContainEqual({ table: votes.table, key: subject, value: null })
    expect(one.watch.kept.has(subject)).toBe(false)
  })

  test('probes nobody without a seat, in a table that is too small, or itself', () => {
    const one = driven()
    const self = new Map([[one.signer.address, { peerId: 'me', addresses: [] }]])
    one.post({ type: 'subjects', subjects: self })
    expect(one.until(EPOCH, honest).filter((effect) => effect.do === 'probe')).toEqual([])
    const other = driven()
    other.settle = (effects) => {
      const table = [courtParty(9).address]
      for (const effect of effects) {
        if (effect.do === 'seats') {
          other.post({ type: 'seats', epoch: effect.epoch, table, seed: hashOf(effect.epoch) })
        }
      }
      return effects
    }
    expect(other.until(EPOCH, honest).filter((effect) => effect.do === 'probe')).toEqual([])
  })

  test('probes at instants that differ from slot to slot and subject to subject', () => {
    const at = new Map<string, number>()
    const one = driven()
    one.until(2 * EPOCH, (subject, nonce) => {
      const slotMs = one.rules.slotBlocks * 1_000
      at.set(`${subject} ${Math.floor(one.nowMs / slotMs)}`, one.nowMs % slotMs)
      return honest(subject, nonce)
    })
    expect(new Set(at.values()).size).toBeGreaterThan(8)
  })

  test('holds probes in flight and watched subjects to their bounds', () => {
    const many = new Map(
      Array.from({ length: 600 }, (_, i) => [
        `0x${(i + 1).toString(16).padStart(40, '0')}` as Hex,
        { peerId: `${i}`, addresses: [] },
      ]),
    )
    const one = driven()
    one.post({ type: 'subjects', subjects: many })
    let most = 0
    one.settle = (effects) => {
      for (const effect of effects) {
        if (effect.do === 'seats') {
          const lot = { table: [one.signer.address], seed: hashOf(effect.epoch) }
          one.post({ type: 'seats', epoch: effect.epoch, ...lot })
        }
      }
      most = Math.max(most, one.watch.flights.size)
      return effects
    }
    one.until(12, () => null)
    expect(most).toBe(64)
    expect(one.watch.epochs.get(0)?.watched.size).toBe(512)
    // Nobody answers ever: what is not reported back frees its place after its time.
    one.until(EPOCH - 1, () => null)
    expect(one.watch.flights.size).toBeLessThanOrEqual(64)
  })

  test('probes nobody in a slot that must be long over although no head said so', () => {
    const one = driven()
    one.until(EPOCH - 1, honest)
    const early = one.settle(one.post({ type: 'head', block: EPOCH }), honest)
    one.nowMs += 60_000
    const late = one.settle(one.post({ type: 'tick' }), honest)
    expect([...early, ...late].filter((effect) => effect.do === 'probe')).toEqual([])
    expect([...(one.watch.epochs.get(1)?.watched.values() ?? [])].map(({ plan }) => plan?.outcome)).toEqual([
      'open',
      'open',
      'open',
    ])
  })

  test('watches exactly the subjects whose committees it sits in', () => {
    const one = driven()
    const table = Array.from({ length: 12 }, (_, i) => courtParty(1 + i).address)
    one.settle = (effects) => {
      for (const effect of effects) {
        if (effect.do === 'seats') {
          one.post({ type: 'seats', epoch: effect.epoch, table, seed: hashOf(effect.epoch) })
        }
      }
      return effects
    }
    one.until(2, () => null)
    const seated = [...subjects.keys()].filter((key) =>
      seatHolders(one.rules, table, hashOf(0), downtimeSubject(key, 0)).includes(one.signer.address),
    )
    expect([...(one.watch.epochs.get(0)?.watched.keys() ?? [])]).toEqual(seated)
  })
})
