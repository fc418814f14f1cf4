import type { Hex } from '@souk/protocol'
import { createCourtReader } from './court-reader.ts'
import { NO_COURT } from './deploy-market.ts'
import { createEscrowReader } from './escrow-reader.ts'
import { courtImmutables, courtRuntime } from './generated/court.ts'
import { escrowImmutables, escrowRuntime } from './generated/escrow.ts'
import type { Rpc } from './rpc.ts'

/** What stands at one of a market's addresses. */
export interface ContractCheck {
  readonly contract: 'escrow' | 'court'
  readonly address: Hex
  /** `same` code as this version builds, `different`, or `none` at all. */
  readonly code: 'same' | 'different' | 'none'
}

/** What a look at a deployed market found. */
export interface MarketCheck {
  readonly contracts: readonly ContractCheck[]
  /** Escrow and court name each other, and the escrow names the token asked about. */
  readonly linked: boolean
  readonly ok: boolean
}

/**
 * Compares the code at a market's addresses with what this version's contracts build, all but the places that the
 * constructors write, and checks that these name each other.
 */
export async function verifyMarket(
  rpc: Rpc,
  { escrow, token }: { readonly escrow: Hex; readonly token: Hex },
  signal?: AbortSignal,
): Promise<MarketCheck> {
  const options = signal === undefined ? {} : { signal }
  const code = async (address: Hex) => (await rpc.request('eth_getCode', [address, 'latest'], options)) as Hex
  const escrowCheck = compare('escrow', escrow, await code(escrow), escrowRuntime, escrowImmutables)
  if (escrowCheck.code !== 'same') return { contracts: [escrowCheck], linked: false, ok: false }
  const constants = await createEscrowReader(rpc, { escrow, token }).constants(options)
  const { court, settleBlocks } = constants
  const tokenFits = constants.token === token.toLowerCase()
  if (court === NO_COURT) return { contracts: [escrowCheck], linked: tokenFits, ok: tokenFits }
  const courtCheck = compare('court', court, await code(court), courtRuntime, courtImmutables)
  const contracts = [escrowCheck, courtCheck]
  if (courtCheck.code !== 'same') return { contracts, linked: false, ok: false }
  const linked =
    tokenFits &&
    (await createCourtReader(rpc, { court, settleBlocks }).escrow(options)) === escrow.toLowerCase()
  return { contracts, linked, ok: linked }
}

function compare(
  contract: ContractCheck['contract'],
  address: Hex,
  actual: Hex,
  built: Hex,
  places: readonly (readonly [number, number])[],
): ContractCheck {
  if (actual === '0x') return { contract, address, code: 'none' }
  const same = blank(actual, places) === blank(built, places)
  return { contract, address, code: same ? 'same' : 'different' }
}

/** Writes zeros over the places that a constructor writes. */
function blank(code: Hex, places: readonly (readonly [number, number])[]): string {
  let text = code.slice(2)
  for (const [start, length] of places) {
    text = text.slice(0, 2 * start) + '00'.repeat(length) + text.slice(2 * (start + length))
  }
  return text
}
