import { withoutResources } from '@souk/market'
import type { Hex, Quote, Resources, Terms } from '@souk/protocol'
import { freeDuring, refuseMore } from './hold.ts'
import { type Cover, capacityFor, type Host, refuseMoney, refuseTerms } from './host.ts'
import type { Head } from './program.ts'
import type { Refusal, SellingPolicy } from './quoting.ts'

/**
 * Returns why `quote` cannot be leased now, or reserved where its terms are a reservation's; `undefined` when nothing
 * speaks against it.
 */
export function refuseAccept(
  host: Host,
  policy: SellingPolicy,
  lease: Hex,
  quote: Quote,
  terms: Terms,
  cover: Cover,
  head: Head,
): Refusal | undefined {
  return (
    refuseTerms(host, policy, lease, quote, terms, head) ??
    (terms.hold === undefined ? undefined : refuseMore(host)) ??
    refuseRoom(freeFor(host, quote, terms), terms) ??
    refuseMoney(host, quote, cover)
  )
}

function freeFor(host: Host, quote: Quote, { hold, predecessor }: Terms): Resources {
  return hold === undefined ? capacityFor(host, quote, predecessor) : freeDuring(host, hold)
}

function refuseRoom(free: Resources, { resources }: Terms): Refusal | undefined {
  if (withoutResources(free, { ...resources, gpus: [] }) === null) {
    return { code: 'no-capacity', message: 'the capacity went to someone else' }
  }
  if (withoutResources(free, resources) !== null) return undefined
  const ids = resources.gpus.map(({ id }) => id).join(', ')
  return { code: 'no-gpu', message: `expected ${ids} to be free, another lease has it, or it is gone` }
}
