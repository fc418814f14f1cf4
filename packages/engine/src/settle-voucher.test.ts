import { LIMITS } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { owed, PAYMENT } from './payment.ts'
import { framesOf, LeasePair } from './testing/lease-pair.ts'

/** Milliseconds of one tick, as `LeasePair.pass` takes them. */
const STEP_MS = 100

test('vouchers pay for beats that came, and for nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (arrives) => {
      const pair = new LeasePair().start()
      pair.buy({ type: 'opened', block: 1, timestampSeconds: 1_000 })
      const { quote } = pair.buyer.purchase
      let heardMs: number | null = null
      let servedMs = 0
      for (const arrived of arrives) {
        for (let ms = 0; ms < LIMITS.beatMs; ms += STEP_MS) {
          pair.nowMs += STEP_MS
          const bought = pair.buy({ type: 'tick' })
          const sold = [...pair.sell({ type: 'tick' }), ...pair.toSeller(bought)]
          const beats = framesOf(sold).filter((frame) => frame.t === 'beat')
          if (!arrived) continue
          for (const frame of beats) {
            pair.buy({ type: 'frame', frame })
            const gapMs = heardMs === null ? 0 : pair.nowMs - heardMs
            if (gapMs <= PAYMENT.beatGapMs) servedMs += gapMs
            heardMs = pair.nowMs
          }
        }
        const most = owed(quote, servedMs + PAYMENT.aheadSeconds * 1000)
        expect(pair.buyer.voucher?.cumulative ?? 0n).toBeLessThanOrEqual(most)
        expect(pair.buyer.service.servedMs).toBeLessThanOrEqual(servedMs)
      }
    }),
  )
})
