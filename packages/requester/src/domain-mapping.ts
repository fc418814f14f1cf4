import { type DomainMapping, parseIpRange } from '@souk/availability'
import { type DomainRow, MOST_RANGES } from '@souk/engine'
import { SoukError } from '@souk/protocol'

/** A mapping of addresses cannot be read; `line` counts from 1. */
export class DomainError extends SoukError<
  { code: 'BAD_DOMAINS'; line: number } | { code: 'TOO_MANY_DOMAINS'; ranges: number }
> {}

const REGION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
const MOST_ASN = 2 ** 32 - 1

/**
 * Reads a mapping of address ranges: lines of `prefix,region,asn`, of which region or asn may be empty. Lines that begin
 * with `#`, empty ones and the head `prefix,region,asn` are passed over. Throws {@link DomainError}.
 */
export function parseDomains(csv: string): DomainRow[] {
  const lines = csv.split(/\r?\n/).map((text, i) => ({ text: text.trim(), line: i + 1 }))
  const told = lines.filter(({ text }) => text !== '' && !text.startsWith('#') && !/^prefix,/i.test(text))
  if (told.length > MOST_RANGES)
    throw new DomainError(
      `expected at most ${MOST_RANGES} ranges in a mapping, got ${told.length}; join neighbours`,
      { code: 'TOO_MANY_DOMAINS', ranges: told.length },
    )
  return told.map(({ text, line }) => parseRow(text, line))
}

/** Returns the ranges of a mapping; those that are none are left out. */
export function mappingsOf(rows: readonly DomainRow[]): DomainMapping[] {
  return rows.flatMap(({ prefix, region, asn }) => {
    const range = parseIpRange(prefix)
    if (range === null) return []
    return [{ range, ...(region === null ? {} : { region }), ...(asn === null ? {} : { asn }) }]
  })
}

function parseRow(text: string, line: number): DomainRow {
  const [prefix = '', region = '', asn = '', ...more] = text.split(',').map((field) => field.trim())
  const isAsn = asn === '' || (/^\d{1,10}$/.test(asn) && Number(asn) >= 1 && Number(asn) <= MOST_ASN)
  const isRow = parseIpRange(prefix) !== null && (region === '' || REGION.test(region)) && isAsn
  if (!isRow || more.length > 0 || (region === '' && asn === ''))
    throw new DomainError(
      `line ${line}: expected prefix,region,asn such as 198.51.100.0/24,eu-1,64500, got ${JSON.stringify(text.slice(0, 80))}`,
      { code: 'BAD_DOMAINS', line },
    )
  return { prefix, region: region === '' ? null : region, asn: asn === '' ? null : Number(asn) }
}
