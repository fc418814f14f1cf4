/** What an account has, spends and needs, at one moment. */
export interface RunwayFacts {
  /** Free ledger balance in base units. */
  readonly free: bigint
  /** Deposits in running leases that are not spent yet, in base units. */
  readonly committed: bigint
  /** What all running leases cost together, in base units × 1e12 per second. */
  readonly rateE12: bigint
  /** Native coins of the key that sends the next transactions, in wei. */
  readonly nativeWei: bigint
  /** Wei that a unit of gas costs now. */
  readonly feePerGas: bigint
  /** Gas of the next round of transactions; 0 where somebody else pays for it. */
  readonly gas: bigint
  /** Seconds of money below which the level is low; ten minutes by default. */
  readonly warnSeconds?: number
}

export type RunwayLevel = 'ok' | 'low' | 'empty'

/** How far the money reaches. */
export interface Runway {
  /** Whole seconds until balance and deposits are spent, rounded down; null while nothing is being spent. */
  readonly secondsLeft: number | null
  /** Whole seconds until the running leases' own deposits are spent, rounded down; null like the above. */
  readonly committedSecondsLeft: number | null
  /** Rounds of transactions that the native coins pay for at the current fee; null where none are needed. */
  readonly roundsLeft: bigint | null
  readonly money: RunwayLevel
  readonly gas: RunwayLevel
  /** The worse of the two. */
  readonly level: RunwayLevel
  /** One sentence for each thing that runs out; none at level `ok`. */
  readonly warnings: readonly string[]
}

const WARN_SECONDS = 600
/** Rounds of transactions below which gas money is low. */
const LOW_ROUNDS = 5n
const E12 = 10n ** 12n
const LEVELS: readonly RunwayLevel[] = ['ok', 'low', 'empty']

/** Returns how long money and gas money last. Seconds and rounds are rounded down. */
export function runwayOf(facts: RunwayFacts): Runway {
  const { free, committed, rateE12, warnSeconds = WARN_SECONDS } = facts
  const secondsLeft = secondsOf(free + committed, rateE12)
  const roundsLeft =
    facts.gas * facts.feePerGas === 0n ? null : facts.nativeWei / (facts.gas * facts.feePerGas)
  const money = moneyLevel(free + committed, secondsLeft, warnSeconds)
  const gas = gasLevel(roundsLeft)
  return {
    secondsLeft,
    committedSecondsLeft: secondsOf(committed, rateE12),
    roundsLeft,
    money,
    gas,
    level: worse(money, gas),
    warnings: [...moneyWarning(money, secondsLeft), ...gasWarning(gas, roundsLeft)],
  }
}

/** Shows seconds as people count them, rounded down: `45 s`, `12 min`, `3 h 20 min`, `5 days`. */
export function durationWords(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

function secondsOf(baseUnits: bigint, rateE12: bigint): number | null {
  if (rateE12 === 0n) return null
  const seconds = (baseUnits * E12) / rateE12
  return seconds > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(seconds)
}

function moneyLevel(total: bigint, secondsLeft: number | null, warnSeconds: number): RunwayLevel {
  if (total === 0n || secondsLeft === 0) return 'empty'
  return secondsLeft !== null && secondsLeft < warnSeconds ? 'low' : 'ok'
}

function gasLevel(roundsLeft: bigint | null): RunwayLevel {
  if (roundsLeft === 0n) return 'empty'
  return roundsLeft !== null && roundsLeft < LOW_ROUNDS ? 'low' : 'ok'
}

function worse(a: RunwayLevel, b: RunwayLevel): RunwayLevel {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b
}

function moneyWarning(level: RunwayLevel, secondsLeft: number | null): string[] {
  if (level === 'ok') return []
  if (level === 'empty') return ['nothing is left to spend on leases; deposit more']
  return [
    `the money lasts for ${durationWords(secondsLeft ?? 0)} at what the running leases cost; deposit more`,
  ]
}

function gasWarning(level: RunwayLevel, roundsLeft: bigint | null): string[] {
  if (level === 'ok') return []
  if (level === 'empty') return ['there are not enough native coins for the next transaction; send some']
  return [
    `the native coins last for ${roundsLeft} more round${roundsLeft === 1n ? '' : 's'} of transactions; send some`,
  ]
}
