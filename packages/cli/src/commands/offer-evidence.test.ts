import { expect, it } from 'vitest'
import { evidenceWords, scoreWords } from './offer-evidence.ts'

const NOTHING = {
  leases: { finished: 0, lost: 0, left: 0, degraded: 0 },
  results: { verified: 0, unchecked: 0, failed: 0, convicted: 0 },
  proofs: { proven: 0, failed: 0 },
  chain: { known: 0, strangers: 0, down: 0, seized: 0 },
  uptime: { upSlots: 0, downSlots: 0, unknownSlots: 0 },
}

it('says what a score rests on, the faults first', () => {
  const seen = {
    ...NOTHING,
    leases: { finished: 3, lost: 1, left: 0, degraded: 1 },
    results: { verified: 9, unchecked: 0, failed: 0, convicted: 2 },
  }
  expect(evidenceWords({ evidence: seen })).toBe('2 wrong, 2 leases lost, 9 verified, 3 leases')
})

it('calls new whom nobody has seen, whatever strangers did with it', () => {
  const strangers = { ...NOTHING, chain: { ...NOTHING.chain, strangers: 50 } }
  expect(evidenceWords({ evidence: strangers })).toBe('new')
})

it('rounds a score down', () => {
  expect(scoreWords({ overall: 0.2999 })).toBe('29 %')
})
