import {
  type CourtId,
  type CourtRules,
  downtimeSeedBlock,
  epochOf,
  type Hex,
  type Quote,
  termOf,
} from '@souk/protocol'
import { type PlacedCourtEvent, readCourtEvents } from './court-events.ts'
import { type CourtReader, createCourtReader } from './court-reader.ts'
import { NO_COURT } from './deploy-market.ts'
import { readEscrowEvents } from './escrow-history.ts'
import type { EscrowReader } from './escrow-reader.ts'
import { CHAIN_LIMITS } from './limits.ts'
import type { NetworkConfig } from './network-config.ts'
import type { Rpc } from './rpc.ts'

/** A closed table of watchers and the seed that draws seats from it. */
export interface Draw {
  readonly table: readonly Hex[]
  readonly seed: Hex
}

/** The court of a network as one process sees it. */
export interface CourtLink {
  readonly id: CourtId
  readonly rules: CourtRules
  readonly reader: CourtReader
  /** Returns what draws the watchers of an epoch; `null` while its seed is not mined. */
  drawOfEpoch(epoch: number, options?: DrawOptions): Promise<Draw | null>
  /** Returns what draws a jury by the hash of `seedBlock`; `null` while that is not mined. */
  drawOfJury(seedBlock: number, options?: DrawOptions): Promise<Draw | null>
  /** Returns the events of the court in blocks `from` to `to`, both included; a slashed key changes later draws. */
  events(from: number, to: number): Promise<PlacedCourtEvent[]>
  /**
   * Tells whether what a call brings, in base units, is worth its gas at today's price, by what the operator says a
   * native coin is worth: the chain does not know.
   */
  isWorth(units: bigint, gas: bigint): Promise<boolean>
  /** Returns the quote of a lease from the event that opened it; `undefined` for one that was never opened. */
  quoteOf(lease: Hex): Promise<Quote | undefined>
}

export interface CourtLinkOptions {
  readonly rpc: Rpc
  readonly escrow: Hex
  readonly reader: EscrowReader
  /** Base units of the token that 10¹⁸ wei are worth; zero, the default, where gas costs nothing that counts. */
  readonly unitsPerCoin?: bigint
}

/** Gas of whole calls to the court, rounded up (contracts/README.md), as far as they are weighed. */
export const COURT_GAS = {
  report: 190_000n,
  refute: 60_000n,
  dispute: 360_000n,
  resolve: 300_000n,
  lapse: 90_000n,
  slash: 110_000n,
} as const
/** Part of a stake that goes to who shows that its key signed twice: one of so many. */
export const SLASH_SHARE = 8n
/** Tokens that a native coin is worth where nobody says otherwise, on networks whose gas costs something. */
const TOKENS_PER_COIN = 1_000n
const WEI_PER_COIN = 10n ** 18n

/** Returns what a native coin is worth in base units: a guess, and nothing on development networks. */
export function defaultUnitsPerCoin({
  dev,
  tokenDecimals,
}: Pick<NetworkConfig, 'dev' | 'tokenDecimals'>): bigint {
  return dev ? 0n : TOKENS_PER_COIN * 10n ** BigInt(tokenDecimals)
}

/** Tells whether `units` are at least what `gas` costs at `feePerGas` wei, where a coin is worth `unitsPerCoin` units. */
export function paysItsGas(
  units: bigint,
  gas: bigint,
  { feePerGas, unitsPerCoin }: { readonly feePerGas: bigint; readonly unitsPerCoin: bigint },
): boolean {
  return units * WEI_PER_COIN >= gas * feePerGas * unitsPerCoin
}

/** How a draw is read. */
export interface DrawOptions {
  /** Reads the table again: a key may have been slashed since. */
  readonly fresh?: boolean
}

/** Milliseconds for what is read of the court at one time. */
const READ_MS = 10_000
/** Tables kept: those of the last, this and the next two terms. */
const TABLES = 4

/** Reads what the court of an escrow was deployed with; `null` where the escrow has none. */
export async function openCourtLink(options: CourtLinkOptions): Promise<CourtLink | null> {
  const { rpc, escrow, reader, unitsPerCoin = 0n } = options
  const { court, settleBlocks } = await reader.constants()
  if (court === NO_COURT) return null
  const judge = createCourtReader(rpc, { court, settleBlocks })
  const rules = await judge.rules()
  const tables = new Map<number, Promise<readonly Hex[]>>()
  const tableOf = (term: number) => {
    const known = tables.get(term)
    if (known !== undefined) return known
    const reading = judge.table(term, { signal: AbortSignal.timeout(READ_MS) })
    tables.set(term, reading)
    reading.catch(() => tables.delete(term))
    for (const old of [...tables.keys()].slice(0, -TABLES)) tables.delete(old)
    return reading
  }
  const draw = async (
    seedBlock: number,
    term: number,
    { fresh = false }: DrawOptions = {},
  ): Promise<Draw | null> => {
    if (fresh) tables.delete(term)
    const seed = await judge.seed(seedBlock, AbortSignal.timeout(READ_MS))
    return seed === null ? null : { table: await tableOf(term), seed }
  }
  return {
    id: { chainId: rpc.chainId, court },
    ...{ rules, reader: judge },
    drawOfEpoch: (epoch, given) => draw(downtimeSeedBlock(rules, epoch), termOf(rules, epoch), given),
    drawOfJury: (seedBlock, given) => draw(seedBlock, termOf(rules, epochOf(rules, seedBlock)), given),
    async events(from, to) {
      const range = { fromBlock: Math.max(from, to - CHAIN_LIMITS.courtEventBlocks), toBlock: to }
      const found = await readCourtEvents(rpc, court, range, AbortSignal.timeout(READ_MS))
      if (found.some(({ event }) => event.kind === 'slashed')) tables.clear()
      return found
    },
    async isWorth(units, gas) {
      if (unitsPerCoin === 0n) return true
      const feePerGas = BigInt((await rpc.request('eth_gasPrice', [])) as Hex)
      return paysItsGas(units, gas, { feePerGas, unitsPerCoin })
    },
    async quoteOf(lease) {
      const { status, openBlock } = await reader.leaseState(lease)
      if (status === 'none') return undefined
      const range = { fromBlock: openBlock, toBlock: openBlock }
      const found = await readEscrowEvents(rpc, escrow, range, AbortSignal.timeout(READ_MS))
      for (const { event } of found) if (event.kind === 'opened' && event.lease === lease) return event.quote
      return undefined
    },
  }
}
