import type { SpotTrace } from './spot-trace.ts'

/** Price of firm capacity in terms of spot capacity. */
export const FIRM_PRICE = 3
/** The zone that firm capacity is in: it has room for everybody, and loses nothing. */
export const FIRM = -1

/** A replica that was launched and not lost. */
export interface SpotReplica {
  readonly id: number
  readonly zone: number
  readonly readyMs: number
}

/** A market of spot zones and firm capacity, played from an offset of a trace. */
export interface SpotMarket {
  readonly zones: number
  readonly nowMs: number
  readonly startMs: number
  readonly replicas: readonly SpotReplica[]
  /** Zones that replicas were lost in at this tick, one entry for each. */
  readonly lost: readonly number[]
  /** Launches a replica; false where the zone has no room. */
  launch(zone: number): boolean
  release(id: number): void
}

/** A rule set that is asked once a tick. */
export type SpotPolicy = (market: SpotMarket) => void

/** What a day came to. */
export interface SpotDay {
  /** Share of the ticks with at least the target ready. */
  readonly availability: number
  /** Share of what the target would cost as firm capacity. */
  readonly cost: number
}

/** How a day is played. */
export interface SpotRules {
  readonly target: number
  readonly startMs: number
  readonly tickMs: number
  readonly durationMs: number
}

/** Plays a trace from an offset against a policy. A zone that shrinks takes its newest replicas. */
export function playSpot(trace: SpotTrace, offsetMs: number, rules: SpotRules, policy: SpotPolicy): SpotDay {
  const market = openMarket(trace, offsetMs, rules)
  const ticks = Math.floor(rules.durationMs / rules.tickMs)
  let available = 0
  let paid = 0
  for (let tick = 0; tick < ticks; tick++) {
    market.begin(tick * rules.tickMs)
    policy(market.view)
    const { replicas, nowMs } = market.view
    if (replicas.filter(({ readyMs }) => readyMs <= nowMs).length >= rules.target) available++
    paid += replicas.reduce((sum, { zone }) => sum + (zone === FIRM ? FIRM_PRICE : 1), 0)
  }
  return { availability: available / ticks, cost: paid / (FIRM_PRICE * rules.target * ticks) }
}

function openMarket(trace: SpotTrace, offsetMs: number, { startMs }: SpotRules) {
  let nextId = 0
  const state = { nowMs: 0, replicas: [] as SpotReplica[], lost: [] as number[] }
  const room = (zone: number) =>
    zone === FIRM
      ? Number.POSITIVE_INFINITY
      : (trace.zones[zone]?.[Math.floor((offsetMs + state.nowMs) / trace.gapMs)] ?? 0)
  const within = (zone: number) => state.replicas.filter((each) => each.zone === zone)
  const view: SpotMarket = {
    zones: trace.zones.length,
    startMs,
    get nowMs() {
      return state.nowMs
    },
    get replicas() {
      return state.replicas
    },
    get lost() {
      return state.lost
    },
    launch(zone) {
      if (within(zone).length >= room(zone)) return false
      state.replicas.push({ id: nextId++, zone, readyMs: state.nowMs + startMs })
      return true
    },
    release(id) {
      state.replicas = state.replicas.filter((each) => each.id !== id)
    },
  }
  const begin = (nowMs: number) => {
    state.nowMs = nowMs
    const gone = trace.zones.flatMap((_, zone) => within(zone).slice(room(zone)))
    state.lost = gone.map(({ zone }) => zone)
    state.replicas = state.replicas.filter((each) => !gone.includes(each))
  }
  return { view, begin }
}
