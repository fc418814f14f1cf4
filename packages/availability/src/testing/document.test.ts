import { readdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { expect, it, test } from 'vitest'
import { AUDITS_HERE, QUORUM_CHECKED_HERE } from '../audit-lot.ts'
import { AUDIT_FLOOR, AUDIT_MARGIN } from '../audit-rate.ts'
import { detectionBoundMs } from '../detector.ts'
import { FAULT_WEIGHTS, GOOD_WEIGHTS } from '../reliability.ts'
import { DOMAIN_FAILURES } from '../survival.ts'

const TEXT = readFileSync(resolve(import.meta.dirname, '../../../../docs/AVAILABILITY.md'), 'utf8')

test.each(Object.entries(DOMAIN_FAILURES))(
  'AVAILABILITY.md says how likely a domain of %s fails',
  (kind, q) => {
    expect(TEXT).toContain(`| ${kind} | ${Number((100 * q).toFixed(2))} % |`)
  },
)

test.each([
  ['own', 'our own eyes'],
  ['watchers', 'attestations of watchers, in uptime books that we verified'],
  ['chain', 'the chain: verdicts, and leases with accounts that we know'],
  ['strangers', 'leases between accounts that we do not know'],
  ['self', 'its own word'],
] as const)('AVAILABILITY.md says what the word of %s weighs', (source, words) => {
  expect(TEXT).toContain(`| ${words} | ${GOOD_WEIGHTS[source]} | ${FAULT_WEIGHTS[source]} |`)
})

it('AVAILABILITY.md has the rates of audits, and the bound of detection', () => {
  expect(TEXT).toContain(`${AUDIT_MARGIN} × gain / (gain + stake), ${100 * AUDIT_FLOOR} %)`)
  expect(AUDITS_HERE).toBe(0.1)
  expect(TEXT).toContain('one audit in ten falls to the requester itself')
  expect(TEXT).toContain(`the requester executes ${100 * QUORUM_CHECKED_HERE} % again itself`)
  expect(TEXT).toContain(`${detectionBoundMs(2_000, 500) / 1_000} s where others beat every 500 ms`)
})

it('AVAILABILITY.md names files that exist', () => {
  const named = [...TEXT.matchAll(/`(?:[a-z]+\/)?([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(10)
  const packages = resolve(import.meta.dirname, '../../..')
  const folders = readdirSync(packages).map((name) => resolve(packages, name, 'src'))
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
  expect(named.filter((file) => !files.some((path) => basename(path) === file))).toEqual([])
})
