import { type Hex, SoukError } from '@souk/protocol'

/** A reservation that cannot be made, or is not there. */
export class ReserveError extends SoukError<
  { code: 'NOT_RESERVED'; reasons: string[] } | { code: 'UNKNOWN_RESERVATION'; lease: string }
> {}

/** Says why nobody keeps capacity. */
export function notReserved(reasons: string[]): ReserveError {
  const why = reasons.length > 0 ? reasons.join('; ') : 'no offer fits'
  return new ReserveError(
    `expected a provider that keeps this capacity, found none: ${why}; ask for another time, or for less`,
    { code: 'NOT_RESERVED', reasons },
  )
}

/** Says that a reservation is not there, or over. */
export function unknownReservation(lease: Hex): ReserveError {
  return new ReserveError(
    `expected a reservation that is not over, got ${lease}; souk reserve ls lists them`,
    { code: 'UNKNOWN_RESERVATION', lease },
  )
}
