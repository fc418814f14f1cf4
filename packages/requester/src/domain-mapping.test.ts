import { failureDomains } from '@souk/availability'
import { MOST_RANGES } from '@souk/engine'
import { describe, expect, it } from 'vitest'
import { mappingsOf, parseDomains } from './domain-mapping.ts'

const ACCOUNT = '0xabababababababababababababababababababab'

describe('a mapping of addresses', () => {
  it('names regions and operators of ranges, either or both', () => {
    const text =
      'prefix,region,asn\r\n# ours\n\n10.1.0.0/16, hall-1 ,\n2001:db8::/32,,64500\n198.51.100.0/24,eu-1,64501\n'
    const rows = parseDomains(text)
    expect(rows).toEqual([
      { prefix: '10.1.0.0/16', region: 'hall-1', asn: null },
      { prefix: '2001:db8::/32', region: null, asn: 64_500 },
      { prefix: '198.51.100.0/24', region: 'eu-1', asn: 64_501 },
    ])
    const domains = failureDomains({ account: ACCOUNT, dialled: ['/ip4/10.1.2.3/tcp/1'] }, mappingsOf(rows))
    expect(domains).toEqual([`account:${ACCOUNT}`, 'region:hall-1'])
  })

  it.each([
    ['10.1.0.0/33,x,'],
    ['10.1.0.0,x,'],
    ['10.1.0.0/16,,'],
    ['10.1.0.0/16,a b,'],
    ['10.1.0.0/16,x,0'],
    ['10.1.0.0/16,x,4294967296'],
    ['10.1.0.0/16,x,1,2'],
  ])('is refused where a line is %s', (line) => {
    expect(() => parseDomains(`10.0.0.0/8,a,\n${line}`)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_DOMAINS', line: 2 } }),
    )
  })

  it('has a bound', () => {
    const lines = (count: number) => Array.from({ length: count }, () => '10.0.0.0/8,a,').join('\n')
    expect(parseDomains(lines(MOST_RANGES))).toHaveLength(MOST_RANGES)
    expect(() => parseDomains(lines(MOST_RANGES + 1))).toThrow(
      expect.objectContaining({ data: { code: 'TOO_MANY_DOMAINS', ranges: MOST_RANGES + 1 } }),
    )
  })
})
