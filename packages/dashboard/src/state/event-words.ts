import type { Hex } from '@souk/protocol'
import type { EscrowEvent, NetworkConfig } from '@souk/settlement'
import { type LeaseStory, lockedIn, penaltyOf } from './account-story.ts'
import { shortHex, shownAmount } from './format.ts'

/** One event of the account, in words. */
export interface EventWords {
  readonly title: string
  readonly detail: string
  /** Base units that the account's money in the escrow, free and locked, grew by; negative where it shrank. */
  readonly change: bigint
  readonly tone: 'plain' | 'good' | 'bad'
}

/** Describes an event to the owner of `account`; `story` is that of the event's lease where it is known. */
export function describeEvent(
  event: EscrowEvent,
  account: Hex,
  story: LeaseStory | undefined,
  network: NetworkConfig,
): EventWords {
  const amount = (baseUnits: bigint) => shownAmount(baseUnits, network)
  switch (event.kind) {
    case 'deposited':
      return words('Deposited', 'from your wallet into the escrow', event.amount, 'good')
    case 'withdrawn':
      return words('Withdrawn', toWhom(event.to, account), -event.amount)
    case 'moved':
      return event.to === account
        ? words('Received', `from ${shortHex(event.from)}, within the escrow`, event.amount, 'good')
        : words('Paid', `to ${shortHex(event.to)}, within the escrow`, -event.amount)
    case 'delegateSet':
      return describeDelegate(event, amount(event.limit))
    case 'opened': {
      const buying = event.requester === account
      const { deposit, bond, resultBond } = event.quote
      const locks = amount(buying ? deposit : bond + resultBond)
      return buying
        ? words('Lease opened', `with provider ${shortHex(event.provider)}; ${locks} of yours locked`)
        : words('Lease sold', `to ${shortHex(event.requester)}; ${locks} of yours locked as bond`)
    }
    case 'redeemed':
      return event.provider === account
        ? words('Payment received', `for lease ${shortHex(event.lease)}`, event.amount, 'good')
        : words('Payment', `for lease ${shortHex(event.lease)}, to its provider`, -event.amount)
    case 'ending':
      return words(
        'Lease ending',
        `${shortHex(event.lease)}, by its ${byWhom(event)}, at block ${event.endBlock}`,
      )
    case 'downAdjusted':
      return describeDowntime(event, story, amount)
    case 'seized':
      return story?.role === 'selling'
        ? words('Result bond seized', `in lease ${shortHex(event.lease)}, by the court`, -event.amount, 'bad')
        : words(
            'Result bond seized',
            `${amount(event.amount)} of the provider, lease ${shortHex(event.lease)}`,
          )
    case 'closed':
      return describeClosing(event, account, story, amount)
    default:
      return words('Skipped', `lease ${shortHex(event.lease)}: ${event.reason.error}`, 0n, 'bad')
  }
}

function words(title: string, detail: string, change = 0n, tone: EventWords['tone'] = 'plain'): EventWords {
  return { title, detail, change, tone }
}

function toWhom(to: Hex, account: Hex): string {
  return to === account ? 'to your wallet' : `to ${shortHex(to)}`
}

function byWhom({ byRequester }: { byRequester: boolean }): string {
  return byRequester ? 'requester' : 'provider'
}

type Of<K extends EscrowEvent['kind']> = Extract<EscrowEvent, { kind: K }>

function describeDelegate({ key, expiry, limit }: Of<'delegateSet'>, most: string): EventWords {
  if (expiry === 0 || limit === 0n) return words('Delegate revoked', shortHex(key))
  return words('Delegate authorised', `${shortHex(key)} may lock up to ${most}`)
}

function describeDowntime(
  { change, downSlots, lease }: Of<'downAdjusted'>,
  story: LeaseStory | undefined,
  amount: (baseUnits: bigint) => string,
): EventWords {
  const counted = `${downSlots} slot${downSlots === 1 ? '' : 's'} counted as down in lease ${shortHex(lease)}`
  const cost = story === undefined ? '' : `; penalty so far ${amount(penaltyOf({ ...story, downSlots }))}`
  const title = change > 0n ? 'Downtime' : 'Downtime struck'
  return words(title, counted + cost, 0n, change > 0n && story?.role === 'selling' ? 'bad' : 'plain')
}

function describeClosing(
  { lease, requester, paid, refund, toRequester, toBurn }: Of<'closed'>,
  account: Hex,
  story: LeaseStory | undefined,
  amount: (baseUnits: bigint) => string,
): EventWords {
  const penalty = toRequester + toBurn
  const rest = story === undefined ? 0n : paid - story.redeemed
  const settled = `${shortHex(lease)}: ${amount(paid)} paid in all`
  const fined = penalty === 0n ? '' : `; penalty ${amount(penalty)}`
  if (requester === account) {
    const yours = toRequester === 0n ? '' : `, ${amount(toRequester)} of it yours`
    return words('Lease closed', `${settled}, ${amount(refund)} back${fined}${yours}`, toRequester - rest)
  }
  const back =
    story === undefined ? '' : `, bond of ${amount(lockedIn({ ...story, closed: null }) - penalty)} back`
  return words('Lease closed', `${settled}${back}${fined}`, rest - penalty, penalty > 0n ? 'bad' : 'plain')
}
