import { LIMITS } from '@souk/protocol'
import { CliError } from '../errors.ts'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** Reads how long a reservation lasts, in seconds. Throws {@link CliError} `BAD_OPTION`. */
export function readLength(option: string, text: string): number {
  const seconds = secondsOf(text)
  if (seconds !== undefined && seconds >= 1 && seconds <= LIMITS.reserveSeconds) return seconds
  throw bad(option, `a time from 1s to ${LIMITS.reserveSeconds / 3600}h`, text)
}

/**
 * Reads when a reservation begins, in Unix seconds: `now`, a time from now such as `+30m`, a time of day, of tomorrow
 * where today's is over, or a date with a time. Throws {@link CliError} `BAD_OPTION`.
 */
export function readTime(option: string, text: string, now: Date): number {
  const ahead = text === 'now' ? 0 : text.startsWith('+') ? secondsOf(text.slice(1)) : undefined
  const at = ahead === undefined ? (timeOfDay(text, now) ?? Date.parse(text)) : now.getTime() + ahead * 1000
  const [begin, nowSeconds] = [Math.floor(at / 1000), Math.floor(now.getTime() / 1000)]
  if (begin >= nowSeconds && begin <= nowSeconds + LIMITS.reserveAheadSeconds) return begin
  throw bad(
    option,
    `a time from now to ${LIMITS.reserveAheadSeconds / 3600}h ahead, such as +30m or 15:30`,
    text,
  )
}

function timeOfDay(text: string, now: Date): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text)
  if (match === null || Number(match[1]) > 23 || Number(match[2]) > 59) return undefined
  const at = new Date(now)
  at.setHours(Number(match[1]), Number(match[2]), 0, 0)
  if (at < now) at.setDate(at.getDate() + 1)
  return at.getTime()
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text)
  const unit = SECONDS[match?.[2] ?? '']
  return match === null || unit === undefined ? undefined : Math.floor(Number(match[1]) * unit)
}

function bad(option: string, expected: string, got: string): CliError {
  return new CliError(`${option}: expected ${expected}, got ${JSON.stringify(got)}`, {
    code: 'BAD_OPTION',
    option,
  })
}
