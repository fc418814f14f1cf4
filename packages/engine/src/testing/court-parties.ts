import { COURT_PRESETS, type CourtId, type CourtRules, type Hex, sha256, toHex, utf8 } from '@souk/protocol'
import { type CourtSigner, courtSigner } from '../court-signer.ts'
import { numbered } from './parties.ts'

/** The court that all simulated parties answer to. */
export const COURT: CourtId = { chainId: 31_337, court: numbered(0xc0, 20) }

/** Returns the dev preset with whatever a test changes. */
export function courtRules(change: Partial<CourtRules> = {}): CourtRules {
  const money = { stake: 100n, challengeDeposit: 50n, juryFee: 2n, fuel: 1_000n }
  return { ...COURT_PRESETS.dev, ...money, ...change }
}

/** Returns the signer of a watcher or subject, told apart by `key`. */
export function courtParty(key: number): CourtSigner {
  const secret = new Uint8Array(32)
  secret[30] = 1
  secret[31] = key
  return courtSigner(COURT, secret)
}

/** Returns 32 bytes that stand for a block's hash. */
export function hashOf(text: string | number): Hex {
  return toHex(sha256(utf8(String(text))))
}
