import { FIRM, type SpotMarket, type SpotPolicy } from './spot-market.ts'

/** Spot replicas beyond the target: SpotHedge's default. */
const EXTRA = 1

/**
 * Creates SpotHedge's rules (Mao et al., "SkyServe: Serving AI Models across Regions and Clouds with Spot Instances",
 * EuroSys 2025, dynamic placement and dynamic fallback), in our words.
 *
 * Zones without a recent preemption are preferred, those with the fewest replicas first; a zone that took a replica
 * back, or had no room, is set aside until it gives one again; when fewer than two are left, all are taken anew. Firm
 * capacity makes up for what spot is ready short of target + 1, at most the target, and goes when spot is ready.
 */
export function spotHedge(target: number, random: () => number): SpotPolicy {
  let active: number[] | null = null
  return (market) => {
    const all = Array.from({ length: market.zones }, (_, zone) => zone)
    let zones = active ?? all
    const setAside = (zone: number) => {
      zones = zones.filter((each) => each !== zone)
      if (zones.length < 2) zones = all
    }
    for (const zone of new Set(market.lost)) if (zone !== FIRM) setAside(zone)
    const tried = new Set<number>()
    while (spotOf(market).length < target + EXTRA) {
      const fresh = (among: readonly number[]) => among.filter((zone) => !tried.has(zone))
      const candidates = fresh(zones).length > 0 ? fresh(zones) : fresh(all)
      const zone = fewest(market, candidates, random)
      if (zone === undefined) break
      if (market.launch(zone)) zones = zones.includes(zone) ? zones : [...zones, zone]
      else {
        setAside(zone)
        tried.add(zone)
      }
    }
    active = zones
    fallBack(market, Math.min(target, target + EXTRA - readySpot(market)))
  }
}

/**
 * Creates the rules of taking zones in turn: target + 1 spot replicas, a lost one is launched in the next zone that has
 * room. No firm capacity.
 */
export function roundRobin(target: number): SpotPolicy {
  let next = 0
  return (market) => {
    for (let tries = 0; tries < market.zones && spotOf(market).length < target + EXTRA; ) {
      if (market.launch(next)) tries = 0
      else tries++
      next = (next + 1) % market.zones
    }
  }
}

function fallBack(market: SpotMarket, count: number): void {
  const firm = market.replicas.filter(({ zone }) => zone === FIRM)
  for (let i = firm.length; i < count; i++) market.launch(FIRM)
  for (const { id } of firm.slice(Math.max(0, count))) market.release(id)
}

function spotOf(market: SpotMarket) {
  return market.replicas.filter(({ zone }) => zone !== FIRM)
}

function readySpot(market: SpotMarket): number {
  return spotOf(market).filter(({ readyMs }) => readyMs <= market.nowMs).length
}

/** Of the zones with the fewest replicas one at random. */
function fewest(market: SpotMarket, zones: readonly number[], random: () => number): number | undefined {
  const count = (zone: number) => market.replicas.filter((each) => each.zone === zone).length
  const least = Math.min(...zones.map(count))
  const best = zones.filter((zone) => count(zone) === least)
  return best[Math.floor(random() * best.length)]
}
