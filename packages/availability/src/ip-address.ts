/** An address as bits: 32 of IPv4, 128 of IPv6. An IPv6 address that wraps an IPv4 one is that one. */
export interface IpAddress {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** Addresses that share their first bits. */
export interface IpRange {
  readonly address: IpAddress
  readonly prefix: number
}

const MAPPED_PREFIX = 0xffffn << 32n
const IPV4_MASK = 0xffff_ffffn

/** Reads an address in its usual notation; null where it is none. */
export function parseIp(text: string): IpAddress | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return parseIpv4(text)
  return text.includes(':') ? parseIpv6(text) : null
}

/** Reads `address/prefix`; null where it is none. */
export function parseIpRange(text: string): IpRange | null {
  const [base = '', length = ''] = text.split('/')
  const address = parseIp(base)
  const prefix = Number(length)
  const isRange = address !== null && /^\d{1,3}$/.test(length) && prefix <= address.bits
  return isRange ? { address, prefix } : null
}

/** Tells whether an address lies in a range. */
export function isInRange({ bits, value }: IpAddress, { address, prefix }: IpRange): boolean {
  const shift = BigInt(bits - prefix)
  return bits === address.bits && value >> shift === address.value >> shift
}

function parseIpv4(text: string): IpAddress | null {
  const parts = text.split('.').map(Number)
  if (parts.some((part) => part > 255)) return null
  return { bits: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) }
}

/** The URL standard writes an IPv6 address in one way whatever way it came in: only `::` is left to expand. */
function parseIpv6(text: string): IpAddress | null {
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return null
  const [head = '', tail] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail ?? '')]
  const value = all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
  const isMapped = value >> 32n === MAPPED_PREFIX >> 32n
  return isMapped ? { bits: 32, value: value & IPV4_MASK } : { bits: 128, value }
}
