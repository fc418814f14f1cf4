import type { Hex } from '@souk/protocol'
import type { ControlHandler } from '@souk/storage/node'
import type { Requester } from '../requester.ts'
import type { ReserveWish } from '../reserve-talk.ts'

/** The commands about reservations. */
export function reserveMethods({
  reservations,
}: Pick<Requester, 'reservations'>): Record<string, ControlHandler> {
  return {
    reserve: async (params) => reservations.reserve(params as ReserveWish),
    reservations: async () => reservations.list(),
    unreserve: async (params) => reservations.cancel((params as { lease: Hex }).lease),
  }
}
