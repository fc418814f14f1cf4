/** What happens to a simulated market, apart from what its seed draws. */
export interface MarketPlan {
  readonly seed: number
  readonly tasks: number
  readonly k: number
  readonly n: number
  /** Providers; the first of them lies where `liar` is set. */
  readonly sellers: number
  readonly liar: boolean
  readonly credit: number
  /** Share of executions, per cent, that fail on the provider's machine. */
  readonly failPercent: number
  /** Results wait for the opening. */
  readonly held: boolean
  /** Programs save after each of their steps, and what goes on from there puts out something else. */
  readonly saves?: boolean
  /** Every provider rounds in its own way, so that outputs are compared by tolerance. */
  readonly rounds?: boolean
  readonly faults: readonly Fault[]
}

/** Something that goes wrong at a moment of a run; `who` is 0 for the requester, else the number of a provider. */
export type Fault =
  /** The process crashes between two effects, so many effects after `atMs`, and starts again `downMs` later. */
  | {
      readonly kind: 'crash'
      readonly who: number
      readonly atMs: number
      readonly effects: number
      readonly downMs: number
    }
  /** Connections between the requester and a provider break. */
  | { readonly kind: 'cut'; readonly who: number; readonly atMs: number }
  /** Connections between the requester and a provider carry nothing any more, for `downMs`, and nobody is told. */
  | { readonly kind: 'mute'; readonly who: number; readonly atMs: number; readonly downMs: number }
  /** The process hears nothing from the chain for `downMs`. */
  | { readonly kind: 'deaf'; readonly who: number; readonly atMs: number; readonly downMs: number }
  /** A provider is told to leave within `seconds`. */
  | { readonly kind: 'drain'; readonly who: number; readonly atMs: number; readonly seconds: number }

/** A plan in which nothing goes wrong. */
export const CALM: MarketPlan = {
  seed: 1,
  tasks: 6,
  k: 2,
  n: 3,
  sellers: 3,
  liar: false,
  credit: 2,
  failPercent: 0,
  held: false,
  faults: [],
}
