import { addressOf, type CourtId, type Hex, signCourtStruct } from '@souk/protocol'
import { expect, test } from 'vitest'
import { Askers } from './askers.ts'

const COURT: CourtId = { chainId: 31_337, court: `0x${'c0'.repeat(20)}` }
const SUBJECT: Hex = `0x${'11'.repeat(32)}`
const KEY = new Uint8Array(32).fill(1)
const STRANGER = new Uint8Array(32).fill(2)

const askers = () => new Askers(COURT, SUBJECT, addressOf(KEY))
const plea = (peerId: string, { key = KEY, subject = SUBJECT } = {}) =>
  signCourtStruct(key, COURT, 'Plea', { subject, peerId })

test('who pleads comes first and is evicted by nobody that does not', () => {
  const all = askers()
  all.note({ peerId: 'challenger', plea: plea('challenger') })
  for (let i = 0; i < 100; i++) all.note({ peerId: `other ${i}`, plea: null })
  expect(all.list()).toEqual(['challenger', ...Array.from({ length: 8 }, (_, i) => `other ${99 - i}`)])
  expect(all.hasPleaded('challenger')).toBe(true)
  expect(all.hasPleaded('other 99')).toBe(false)
})

test.each([
  ['another peer', plea('another')],
  ['another subject', plea('peer', { subject: `0x${'22'.repeat(32)}` })],
  ['another key', plea('peer', { key: STRANGER })],
  ['nobody', `0x${'00'.repeat(64)}` as const],
])('a plea for or by %s is none', (_, forged) => {
  const all = askers()
  all.note({ peerId: 'peer', plea: forged })
  expect(all.list()).toEqual(['peer'])
  expect(all.hasPleaded('peer')).toBe(false)
})

test('a peer that pleads later is listed once, and a later request without does not take it back', () => {
  const all = askers()
  for (const each of [null, plea('peer'), null]) all.note({ peerId: 'peer', plea: each })
  expect(all.list()).toEqual(['peer'])
  expect(all.hasPleaded('peer')).toBe(true)
})
