import type { Hex } from '@souk/protocol'
import { type IpAddress, type IpRange, isInRange, parseIp, parseIpRange } from './ip-address.ts'

/** The one domain of everybody whose network we do not know: never counted as spread. */
export const UNKNOWN_DOMAIN = 'unknown'

/** What an operator knows of a range of addresses; nobody's own word. */
export interface DomainMapping {
  readonly range: IpRange
  readonly region?: string
  readonly asn?: number
}

/** Where a provider is, as far as we know it ourselves. */
export interface Whereabouts {
  readonly account: Hex
  /** Multiaddresses that we dialled and that answered; not those that it claims. */
  readonly dialled: readonly string[]
}

/** Ranges that say nothing of where a machine is: private, loopback, link-local, shared, multicast, unassigned. */
const NO_PLACE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.168.0.0/16', '224.0.0.0/3', '::/127', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
].flatMap((text) => parseIpRange(text) ?? [])

const IPV4_SITE_BITS = 24
const IPV6_SITE_BITS = 48

/**
 * Returns what may take a provider down together with others: `account:…`; `net:…` for the /24 or /48 of an address
 * we dialled; `relay:…` for the relay it is reached through, with that one's network; `region:…` and `asn:…` by the
 * mapping alone, which may know private ranges, too. Without any network that is known: `unknown`. Sorted, each once.
 */
export function failureDomains(
  { account, dialled }: Whereabouts,
  mappings: readonly DomainMapping[] = [],
): string[] {
  const networks = dialled.flatMap((address) => networkDomains(address, mappings))
  const known = networks.length === 0 ? [UNKNOWN_DOMAIN] : networks
  return [...new Set([`account:${account.toLowerCase()}`, ...known])].sort()
}

/** Returns the /24 or /48 of a dialled multiaddress, of the relay's where there is one; null where it tells nothing. */
export function addressRange(multiaddr: string): string | null {
  const address = placeOf(multiaddr)
  return address === null ? null : siteOf(address)
}

/** Which kind of thing a domain is: the part before its colon. */
export type DomainKind = 'account' | 'net' | 'relay' | 'region' | 'asn' | 'unknown'

const KINDS: ReadonlyMap<string, DomainKind> = new Map(
  (['account', 'net', 'relay', 'region', 'asn'] as const).map((kind) => [kind, kind]),
)

/** Returns the kind of a domain. */
export function domainKind(domain: string): DomainKind {
  return KINDS.get(domain.slice(0, domain.indexOf(':'))) ?? 'unknown'
}

function networkDomains(multiaddr: string, mappings: readonly DomainMapping[]): string[] {
  const relay = /\/p2p\/([^/]+)\/p2p-circuit(\/|$)/.exec(multiaddr)?.[1]
  const [place, address] = [placeOf(multiaddr), dialledIp(multiaddr)]
  return [
    ...(relay === undefined ? [] : [`relay:${relay}`]),
    ...(place === null ? [] : [`net:${siteOf(place)}`]),
    ...(address === null ? [] : mapped(address, mappings)),
  ]
}

function placeOf(multiaddr: string): IpAddress | null {
  const address = dialledIp(multiaddr)
  return address === null || NO_PLACE.some((range) => isInRange(address, range)) ? null : address
}

/** The machine that was dialled: the first part, which for a relayed peer is its relay. */
function dialledIp(multiaddr: string): IpAddress | null {
  return parseIp(/^\/ip[46]\/([^/]+)/.exec(multiaddr)?.[1] ?? '')
}

function siteOf({ bits, value }: IpAddress): string {
  if (bits === 32) {
    const bytes = [24n, 16n, 8n].map((shift) => (value >> shift) & 0xffn)
    return `${bytes.join('.')}.0/${IPV4_SITE_BITS}`
  }
  const groups = [112n, 96n, 80n].map((shift) => ((value >> shift) & 0xffffn).toString(16))
  return `${groups.join(':')}::/${IPV6_SITE_BITS}`
}

function mapped(address: IpAddress, mappings: readonly DomainMapping[]): string[] {
  return mappings
    .filter(({ range }) => isInRange(address, range))
    .flatMap(({ region, asn }) => [
      ...(region === undefined ? [] : [`region:${region}`]),
      ...(asn === undefined ? [] : [`asn:${asn}`]),
    ])
}
