import type { Demand, Hex, RuntimeName } from '@souk/protocol'
import type { ControlClient } from '@souk/storage/node'
import { CliError } from '../errors.ts'
import { defaultPlan, type LocalMarket, type ProviderPlan } from '../local-market/local-market.ts'
import type { DemoInput } from './input.ts'
import type { Timeline } from './timeline.ts'

export interface DemoOptions {
  readonly input: DemoInput
  /** What runs the tasks. */
  readonly engine: RuntimeName
  /** Chooses the liar and the victim, and seeds the tasks. */
  readonly seed: number
  /** Folder for the merged result. */
  readonly out?: string
  readonly screen: DemoScreen
  readonly signal: AbortSignal
}

/** Where the demo shows what happens. */
export interface DemoScreen {
  step(sentence: string): void
  /** Draws the job's progress; called often. */
  progress(timeline: Timeline, nameOf: (subject: Hex) => string): void
  /** Ends the drawing. */
  settled(): void
}

/** Share of attempts that the liar falsifies. */
const LIES = 0.5
const MILLICORES = 100
/** Bytes of memory of each lease of the demo. */
export const LEASE_MEMORY = 256 * 1024 * 1024

export interface Cast {
  readonly plan: readonly ProviderPlan[]
  readonly liar: string
  readonly victim: string
}

export interface Stage extends DemoOptions {
  readonly home: string
  readonly market: LocalMarket
  readonly agent: ControlClient
  readonly cast: Cast
  readonly chunks: readonly Uint8Array[]
}

export interface Run {
  readonly timeline: Timeline
  readonly outputs: readonly string[]
  readonly verified: number
  readonly crash: {
    lease: Hex
    killedAtMs: number
    /** Resolves when the victim is back. */
    back: Promise<void>
  }
}

/** Chooses who lies and who is killed, by the seed. */
export function castRoles(seed: number): Cast {
  const plan = defaultPlan()
  const liarAt = seed % plan.length
  const victimAt = (liarAt + 1 + (Math.floor(seed / plan.length) % (plan.length - 1))) % plan.length
  const nameAt = (i: number) => plan[i]?.name ?? ''
  return {
    plan: plan.map((one, i) => (i === liarAt ? { ...one, fault: `wrong-result:${LIES}` } : one)),
    liar: nameAt(liarAt),
    victim: nameAt(victimAt),
  }
}

/** Returns what each lease of the demo must offer. */
export function demand(runtime: RuntimeName = 'wasm/1'): Demand {
  return {
    resources: { millicores: MILLICORES, memoryBytes: LEASE_MEMORY, diskBytes: 64 * 1024 * 1024, gpu: null },
    runtime,
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 600,
  }
}

/** Returns the name of whoever an address belongs to; the deployer of the token is the bank. */
export function nameOf(market: LocalMarket, address: Hex): string {
  return market.partyOf(address)?.name ?? (address === market.court ? 'court' : 'bank')
}

export function partyNamed(market: LocalMarket, name: string) {
  const party = market.parties.find((one) => one.name === name)
  if (party === undefined) throw failed(`${name} has no account`)
  return party
}

/** Makes the error of a demo that did not work. */
export function failed(what: string): CliError {
  return new CliError(`the demo did not work: ${what}`, { code: 'DEMO_FAILED', what })
}
