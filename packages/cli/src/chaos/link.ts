/** Everyone, in a rule about links. */
export const ANYONE = '*'

/** What becomes of the bytes of one direction between two peers. */
export interface Weather {
  /** Nothing passes; what is sent waits, as for a network that is down. */
  readonly cut?: boolean
  /** Connections are refused, and those that are open break. */
  readonly refused?: boolean
  /** Milliseconds by which everything is late. */
  readonly delayMs?: number
  readonly bytesPerSecond?: number
  /** Share of the segments that are lost, in bursts; each waits for its retransmission, as TCP has it. */
  readonly loss?: number
}

/** A rule that holds from one peer to another, either of them perhaps {@link ANYONE}. */
export interface LinkRule extends Weather {
  readonly from: string
  readonly to: string
}

/** Bytes of a segment, on Ethernet. */
const SEGMENT_BYTES = 1_460
/** Milliseconds until TCP sends again what was lost, doubled each time; Linux's least. */
const RETRANSMIT_MS = 200
/** Losses of one segment after each other at most: 200 · (1 + 2 + 4) ms. */
const MOST_LOSSES = 3
/** Chance that the next segment of a burst is lost as well. */
const BURST_GOES_ON = 0.5

/** Returns what holds between two peers: all rules that name them, together. */
export function weatherBetween(rules: readonly LinkRule[], from: string, to: string): Weather {
  const names = (rule: string, peer: string) => rule === ANYONE || rule === peer
  const holding = rules.filter((rule) => names(rule.from, from) && names(rule.to, to))
  return Object.assign({}, ...holding)
}

/** Returns how many milliseconds so many bytes are late, drawing losses by `random`, from 0 to below 1. */
export function lateMs(weather: Weather, bytes: number, random: () => number): number {
  const { delayMs = 0, bytesPerSecond, loss = 0 } = weather
  const slow = bytesPerSecond === undefined ? 0 : (bytes * 1000) / bytesPerSecond
  return delayMs + slow + retransmissionMs(loss, Math.ceil(bytes / SEGMENT_BYTES), random)
}

/** The segments of one chunk wait for the slowest of them. */
function retransmissionMs(loss: number, segments: number, random: () => number): number {
  if (loss === 0) return 0
  // Bursts begin so seldom that the share which is lost in all of them together is `loss`.
  const begins = loss * (1 - BURST_GOES_ON)
  let worst = 0
  for (let i = 0; i < segments; i++) {
    if (random() >= begins) continue
    let waited = RETRANSMIT_MS
    for (let lost = 1; lost < MOST_LOSSES && random() < BURST_GOES_ON; lost++)
      waited += RETRANSMIT_MS * 2 ** lost
    worst = Math.max(worst, waited)
  }
  return worst
}
