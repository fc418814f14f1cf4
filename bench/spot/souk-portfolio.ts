import {
  createDomainGroups,
  createDomainRecord,
  type DomainGroups,
  type DomainRecord,
  domainHazard,
  domainHeld,
  domainLost,
  domainRefused,
  domainsFell,
  groupOf,
  neighbourLost,
  type PortfolioMember,
  planPortfolio,
} from '@souk/elastic'
import { FIRM, FIRM_PRICE, type SpotMarket, type SpotPolicy } from './spot-market.ts'

/** Base units × 1e12 per second of a spot replica: any number, since only ratios matter. */
const SPOT_RATE = 1_000_000n
/** Milliseconds between two looks while nothing happens. */
const LOOK_MS = 300_000
/** Offers of each zone that a plan may take. */
const OFFERS = [0, 1, 2, 3]

/** What is known of the zones. */
interface Knowledge {
  readonly records: readonly DomainRecord[]
  readonly groups: DomainGroups
}

/** What the portfolio is for. */
interface Goal {
  readonly target: number
  /** Spot prices that an instant below the target costs. */
  readonly worth: number
}

/** Creates the policy of `packages/elastic` for the microbenchmark: its portfolio, with records of the zones. */
export function soukPortfolio(target: number, worth: number): SpotPolicy {
  let known: Knowledge | null = null
  let lookedMs = Number.NEGATIVE_INFINITY
  let wasReady = 0
  return (market) => {
    const { nowMs, zones, lost } = market
    known ??= {
      records: Array.from({ length: zones }, () => createDomainRecord(nowMs)),
      groups: createDomainGroups(),
    }
    const ready = market.replicas.filter((each) => each.readyMs <= nowMs).length
    if (lost.length === 0 && ready === wasReady && nowMs - lookedMs < LOOK_MS) return
    lookedMs = nowMs
    wasReady = ready
    learn(known, market)
    follow(market, known, { target, worth })
  }
}

function learn({ records, groups }: Knowledge, { replicas, lost, nowMs }: SpotMarket): void {
  const fallen = [...new Set(lost)]
  domainsFell(groups, fallen.map(String), nowMs)
  records.forEach((record, zone) => {
    domainHeld(record, replicas.filter((each) => each.zone === zone).length, nowMs)
    for (const each of fallen) (each === zone ? domainLost : neighbourLost)(record)
  })
}

/** Carries plans out until one asks for nothing that was just refused. */
function follow(market: SpotMarket, known: Knowledge, goal: Goal): void {
  const refused = new Set<number>()
  for (;;) {
    const plan = planOf(market, known, goal, refused)
    const zone = plan.acquire.map(zoneOf).find((each) => !market.launch(each))
    if (zone === undefined) {
      for (const id of plan.release) market.release(Number(id))
      return
    }
    refused.add(zone)
    const record = known.records[zone]
    if (record !== undefined) domainRefused(record, market.nowMs)
  }
}

function planOf(market: SpotMarket, known: Knowledge, { target, worth }: Goal, refused: ReadonlySet<number>) {
  const zones = [...known.records.keys(), FIRM].filter((zone) => !refused.has(zone))
  const offers = zones.flatMap((zone) =>
    OFFERS.map((n) => memberOf(zone, `${zone}/${n}`, known, market.nowMs)),
  )
  const held = market.replicas.map(({ id, zone, readyMs }) => ({
    ...memberOf(zone, `${id}`, known, market.nowMs),
    isReady: readyMs <= market.nowMs,
  }))
  const worthE12 = SPOT_RATE * BigInt(worth)
  return planPortfolio(held, offers, { target, most: 2 * target + 2, repairMs: market.startMs, worthE12 })
}

function memberOf(zone: number, id: string, { records, groups }: Knowledge, nowMs: number): PortfolioMember {
  const record = records[zone]
  return {
    ...{ id, domain: groupOf(groups, `${zone}`), isFirm: zone === FIRM, ownHazard: 0 },
    domainHazard: record === undefined ? 0 : domainHazard(record, nowMs),
    rateE12: zone === FIRM ? SPOT_RATE * BigInt(FIRM_PRICE) : SPOT_RATE,
  }
}

/** An offer's id says its zone. */
function zoneOf({ id }: PortfolioMember): number {
  return Number(id.split('/')[0])
}
