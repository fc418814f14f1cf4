import { addressOf, type CourtId, type Hex, signCourtStruct } from '@souk/protocol'
import { expect, test } from 'vitest'
import { Askers } from './askers.ts'

const COURT: CourtId = { chainId: 31_337, court: `0x${'c0'.repeat(20)}` }
const SUBJECT: Hex = `0x${'11'.repeat(32)}`
const KEY = new Uint8Array(32).fill(1)
const STRANGER = new Uint8Array(32).fill(2)
const ACCUSED = new Uint8Array(32).fill(3)

const askers = () => new Askers(COURT, SUBJECT, addressOf(KEY), addressOf(ACCUSED))
const plea = (peerId: string, { key = KEY, subject = SUBJECT } = {}) =>
  signCourtStruct(key, COURT, 'Plea', { subject, peerId })

test('who pleads comes first and is evicted by nobody that does not', () => {
  const all = askers()
  all.note({ peerId: 'challenger', plea: plea('challenger') })
  for (let i = 0; i < 100; i++) all.note({ peerId: `other ${i}`, plea: null })
  expect(all.list()).toEqual(['challenger', ...Array.from({ length: 8 }, (_, i) => `other ${99 - i}`)])
  expect(all.isChallengers('challenger')).toBe(true)
  expect(all.isChallengers('other 99')).toBe(false)
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
  expect(all.isChallengers('peer')).toBe(false)
})

test('a peer that pleads later is listed once, and a later request without does not take it back', () => {
  const all = askers()
  for (const each of [null, plea('peer'), null]) all.note({ peerId: 'peer', plea: each })
  expect(all.list()).toEqual(['peer'])
  expect(all.isChallengers('peer')).toBe(true)
})

test('the accused comes after its challenger and before others, displaces neither, and owes nothing', () => {
  const all = askers()
  all.note({ peerId: 'stranger', plea: null })
  for (let i = 0; i < 20; i++)
    all.note({ peerId: `accused ${i}`, plea: plea(`accused ${i}`, { key: ACCUSED }) })
  all.note({ peerId: 'challenger', plea: plea('challenger') })
  expect(all.list()).toEqual([
    'challenger',
    ...Array.from({ length: 8 }, (_, i) => `accused ${19 - i}`),
    'stranger',
  ])
  expect(all.isChallengers('accused 19')).toBe(false)
  // A peer that either side named is listed once.
  all.note({ peerId: 'accused 19', plea: plea('accused 19') })
  expect(all.list().filter((peer) => peer === 'accused 19')).toEqual(['accused 19'])
  expect(all.isChallengers('accused 19')).toBe(true)
})
