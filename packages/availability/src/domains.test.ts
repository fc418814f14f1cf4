import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressRange, domainKind, failureDomains } from './domains.ts'
import { isInRange, parseIp, parseIpRange } from './ip-address.ts'

const ACCOUNT: Hex = '0xabababababababababababababababababababab'
const OWN = `account:${ACCOUNT}`

describe('failure domains', () => {
  test.each<[string, string[], string[]]>([
    ['a /24 of IPv4', ['/ip4/198.51.100.7/tcp/4001'], ['net:198.51.100.0/24']],
    ['a /48 of IPv6', ['/ip6/2001:db8:1:2::9/tcp/4001'], ['net:2001:db8:1::/48']],
    ['an IPv4 address in IPv6', ['/ip6/::ffff:198.51.100.7/tcp/1'], ['net:198.51.100.0/24']],
    ['both, once each', ['/ip4/9.9.9.1/tcp/1', '/ip4/9.9.9.2/tcp/2'], ['net:9.9.9.0/24']],
    [
      'of a relayed peer, its relay and the relay’s network',
      ['/ip4/9.9.9.1/tcp/1/p2p/12D3relay/p2p-circuit/p2p/12D3peer'],
      ['net:9.9.9.0/24', 'relay:12D3relay'],
    ],
    ['a private relay alone', ['/ip4/10.0.0.1/tcp/1/p2p/12D3relay/p2p-circuit'], ['relay:12D3relay']],
    ['unknown for nothing dialled', [], ['unknown']],
    ['unknown for loopback', ['/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1'], ['unknown']],
    [
      'unknown for private',
      ['/ip4/192.168.3.4/tcp/1', '/ip6/fd00::1/tcp/1', '/ip4/172.31.0.1/tcp/1'],
      ['unknown'],
    ],
    ['unknown for a name', ['/dns4/example.org/tcp/443/wss'], ['unknown']],
    ['unknown for what is no address', ['/ip4/999.1.1.1/tcp/1', '/ip6/zz::/tcp/1', 'nonsense'], ['unknown']],
  ])('are %s', (_, dialled, networks) => {
    expect(failureDomains({ account: ACCOUNT, dialled })).toEqual([OWN, ...networks])
  })

  test('name region and network operator by the mapping alone', () => {
    const range = parseIpRange('198.51.0.0/16')
    if (range === null) throw new Error('no range')
    const mappings = [{ range, region: 'eu-1', asn: 64_500 }]
    expect(failureDomains({ account: ACCOUNT, dialled: ['/ip4/198.51.100.7/tcp/1'] }, mappings)).toEqual([
      OWN,
      'asn:64500',
      'net:198.51.100.0/24',
      'region:eu-1',
    ])
    expect(failureDomains({ account: ACCOUNT, dialled: ['/ip4/9.9.9.9/tcp/1'] }, mappings)).toEqual([
      OWN,
      'net:9.9.9.0/24',
    ])
  })

  test('take the operator’s word for private ranges, which have no place of their own', () => {
    const mappings = ['10.1.0.0/16', '10.2.0.0/16'].flatMap((text, i) => {
      const range = parseIpRange(text)
      return range === null ? [] : [{ range, region: `hall-${i + 1}` }]
    })
    const domainsAt = (address: string) =>
      failureDomains({ account: ACCOUNT, dialled: [`/ip4/${address}/tcp/1`] }, mappings)
    expect(domainsAt('10.1.0.9')).toEqual([OWN, 'region:hall-1'])
    expect(domainsAt('10.2.0.9')).toEqual([OWN, 'region:hall-2'])
    expect(domainsAt('10.3.0.9')).toEqual([OWN, 'unknown'])
  })

  test('have a kind', () => {
    const domains = ['account:0x1', 'net:9.9.9.0/24', 'relay:x', 'region:eu', 'asn:1', 'unknown']
    expect(domains.map(domainKind)).toEqual(['account', 'net', 'relay', 'region', 'asn', 'unknown'])
  })
})

test('every address lies in the range that is made of it, whatever way it is written', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseIp(text)
      if (address === null) throw new Error(`${text} is an address`)
      const range = addressRange(`/ip${text.includes(':') ? 6 : 4}/${text}/tcp/1`)
      if (range === null) return
      const parsed = parseIpRange(range)
      expect(parsed !== null && isInRange(address, parsed)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('what is no range is none', () => {
  for (const text of ['1.2.3.4', '1.2.3.4/33', '1.2.3/8', '::/129', '::/x', '1.2.3.4/', '']) {
    expect(parseIpRange(text)).toBeNull()
  }
})
