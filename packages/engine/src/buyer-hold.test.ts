import { describe, expect, test } from 'vitest'
import { finishedOf, framesOf, LeasePair } from './testing/lease-pair.ts'

/** Two attempts run, and somebody is inside of the first. */
function inside(): LeasePair {
  const pair = new LeasePair().start()
  pair.toSeller(pair.dispatch('a', 'b'))
  pair.buy({ type: 'hold', attempt: 'a', by: 1 })
  return pair
}

function suspended(pair: LeasePair): string[] {
  return pair.buyerEffects.flatMap((effect) => (effect.do === 'suspend' ? [...effect.attempts] : []))
}

function drop(pair: LeasePair): void {
  pair.buy({ type: 'disconnected' })
  pair.sell({ type: 'disconnected' })
}

function resume(pair: LeasePair): void {
  const { lease } = pair.buyer.purchase
  const ack = pair.buyer.channel.inSeq
  const boot = pair.buyer.purchase.boot ?? '0x'
  const [answer] = framesOf(pair.sell({ type: 'resume', frame: { t: 'resume', lease, ack, boot } }))
  if (answer?.t !== 'resumed') throw new Error('a resumption is answered with resumed')
  pair.toSeller(pair.buy({ type: 'resumed', frame: answer }))
}

describe('an attempt that somebody is inside of', () => {
  test('waits for the connection, and goes on; the others run elsewhere', () => {
    const pair = inside()
    drop(pair)
    expect(suspended(pair)).toEqual(['b'])
    resume(pair)
    expect([...pair.seller.running.keys()]).toEqual(['a'])
    const effects = pair.toBuyer(pair.sell({ type: 'finished', results: [finishedOf('a')] }))
    expect(effects.map((effect) => effect.do)).toContain('deliver')
  })

  test('is given back when the lease is lost', () => {
    const pair = inside()
    drop(pair)
    pair.pass(11_000, false)
    expect(pair.buyer.purchase.phase).toBe('lost')
    expect(suspended(pair)).toEqual(['b', 'a'])
  })

  test('has failed where the provider lost it meanwhile', () => {
    const pair = inside()
    drop(pair)
    pair.seller.running.delete('a')
    resume(pair)
    pair.pass(600)
    expect(pair.buyerEffects).toContainEqual(
      expect.objectContaining({ do: 'failed', attempt: 'a', code: 'killed' }),
    )
  })

  test('is one like any other once all have left', () => {
    const pair = inside()
    for (const by of [1, -1, -1] as const) pair.buy({ type: 'hold', attempt: 'a', by })
    drop(pair)
    expect(suspended(pair)).toEqual(['a', 'b'])
  })
})
