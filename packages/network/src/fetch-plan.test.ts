import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FetchPlan } from './fetch-plan.ts'

const blocks = (count: number) => Array.from({ length: count }, (_, i) => `b${i}`)

describe('a plan of a transfer', () => {
  it('gives each block to one peer while any is open', () => {
    const plan = new FetchPlan(blocks(6))
    expect(plan.take('a', 4)).toEqual(['b0', 'b1', 'b2', 'b3'])
    expect(plan.take('b', 4)).toEqual(['b4', 'b5'])
  })

  it('lets an idle peer take the last blocks of the one with the most to do, each once', () => {
    const plan = new FetchPlan(blocks(6))
    plan.take('slow', 6)
    expect(plan.take('b', 6)).toEqual(['b4', 'b5'])
    expect(plan.take('c', 6)).toEqual(['b2', 'b3'])
    expect(plan.take('d', 6)).toEqual(['b0', 'b1'])
    expect(plan.take('e', 6)).toEqual([])
  })

  it('counts a block that comes twice once', () => {
    const plan = new FetchPlan(blocks(1))
    plan.take('a', 1)
    plan.take('b', 1)
    expect([plan.arrived('b0'), plan.arrived('b0'), plan.left]).toEqual([true, false, 0])
  })

  it('moves what a peer lacks to others, and asks it again once that is forgiven', () => {
    const plan = new FetchPlan(blocks(2))
    const [first] = plan.take('a', 1)
    plan.refused('a', first ?? '', 'missing')
    expect(plan.take('a', 2)).toEqual(['b1'])
    expect(plan.take('b', 2)).toEqual(['b0'])
    plan.giveBack('b', ['b0'])
    plan.forgive('a')
    expect(plan.take('a', 2)).toEqual(['b0'])
  })

  it('is hopeless about a block that nobody gives', () => {
    const plan = new FetchPlan(blocks(1))
    plan.take('a', 1)
    plan.refused('a', 'b0', 'not-authorised')
    expect(plan.hopeless(['a', 'b'])).toBeUndefined()
    plan.take('b', 1)
    plan.refused('b', 'b0', 'missing')
    expect(plan.hopeless(['a', 'b'])).toEqual({ cid: 'b0', why: 'not-authorised' })
    expect(plan.hopeless(['b', 'a'])).toEqual({ cid: 'b0', why: 'missing' })
  })

  it('loses no block whatever peers do, and asks at most two for one', () => {
    const step = fc.record({
      peer: fc.integer({ min: 0, max: 3 }),
      most: fc.integer({ min: 1, max: 5 }),
      fate: fc.constantFrom('arrives', 'fails', 'lacks', 'waits'),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(step, { maxLength: 60 }), (count, steps) => {
        const plan = new FetchPlan(blocks(count))
        const held = new Map<string, string[]>()
        const came = new Set<string>()
        const finish = (peer: string, fate: string) => {
          for (const cid of held.get(peer) ?? []) {
            if (fate === 'arrives') expect(plan.arrived(cid)).toBe(!came.has(cid))
            if (fate === 'arrives') came.add(cid)
            else if (fate === 'lacks') plan.refused(peer, cid, 'missing')
            else plan.giveBack(peer, [cid])
          }
          held.delete(peer)
        }
        for (const { peer: n, most, fate } of steps) {
          const peer = `p${n}`
          if (held.has(peer)) finish(peer, fate === 'waits' ? 'fails' : fate)
          else held.set(peer, plan.take(peer, most))
          const all = [...held.values()].flat().filter((cid) => !came.has(cid))
          for (const cid of all) expect(all.filter((one) => one === cid).length).toBeLessThanOrEqual(2)
        }
        for (const peer of [...held.keys()]) finish(peer, 'fails')
        // A fresh peer that gives everything ends every transfer.
        for (let cids = plan.take('last', 3); cids.length > 0; cids = plan.take('last', 3)) {
          for (const cid of cids) expect(plan.arrived(cid)).toBe(true)
        }
        expect(plan.left).toBe(0)
      }),
    )
  })
})
