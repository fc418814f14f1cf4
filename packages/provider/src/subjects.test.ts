import type { Hex, Offer, Quote } from '@souk/protocol'
import type { EscrowEvent } from '@souk/settlement'
import { expect, test } from 'vitest'
import { Subjects } from './subjects.ts'

const NOW = 1_000

/** What subjects take of an offer. */
function offerOf(subject: Hex, change: Partial<Offer> = {}) {
  const announcement = {
    kind: 'offer',
    subject,
    addresses: [],
    expires: NOW + 1,
    runtimes: [{ name: 'wasm/1', sandbox: 'process' }],
    ...change,
  }
  return { peerId: `peer of ${subject}`, announcement: announcement as unknown as Offer }
}

/** What subjects take of an opening. */
function openingOf(lease: Hex, resultSigner: Hex, bond = 1n): EscrowEvent {
  return { kind: 'opened', lease, quote: { resultSigner, bond } as Quote } as EscrowEvent
}

function listed(subjects: Subjects): Hex[] {
  return [...subjects.list().keys()]
}

test('who advertises is watched, and with an open lease also who does not any more', () => {
  let now = NOW
  const subjects = new Subjects(() => now)
  subjects.announced(offerOf('0x01'))
  subjects.announced(offerOf('0x02'))
  subjects.happened(openingOf('0xa1', '0x02'))
  expect(listed(subjects)).toEqual(['0x01', '0x02'])
  now = NOW + 1
  expect(listed(subjects)).toEqual(['0x02'])
  subjects.happened({ kind: 'closed', lease: '0xa1' } as unknown as EscrowEvent)
  expect(listed(subjects)).toEqual([])
})

test('who has nothing at stake is not watched: it sells nothing, or its lease has no bond or was taken back', () => {
  const subjects = new Subjects(() => NOW)
  subjects.announced(offerOf('0x01', { runtimes: [] }))
  subjects.happened(openingOf('0xa1', '0x01', 0n))
  expect(listed(subjects)).toEqual([])
  expect(subjects.find('0x01')).toMatchObject({ peerId: 'peer of 0x01' })
  subjects.happened(openingOf('0xa2', '0x01'))
  expect(listed(subjects)).toEqual(['0x01'])
  subjects.happened(openingOf('0xa2', '0x01'), true)
  expect(listed(subjects)).toEqual([])
})

test('remembers no more keys than it must', () => {
  const subjects = new Subjects(() => NOW)
  const keys = Array.from({ length: 2_049 }, (_, i): Hex => `0x${i.toString(16)}`)
  for (const key of keys) subjects.announced(offerOf(key))
  expect(listed(subjects)).toEqual(keys.slice(1))
})
