import type { Offer } from '@souk/protocol'
import { expect, test } from 'vitest'
import { BondedPeers } from './bonded-peers.ts'

const prices = { startFee: 10n, coreSecondE12: 0n, gibSecondE12: 0n, gpuSecondE12: 0n }
const free = { millicores: 1_000, memoryBytes: 0, diskBytes: 0, gpus: [] }
const offer = (account: string, expires = 100) =>
  ({ kind: 'offer', account, prices, free, expires }) as unknown as Offer

test('counts the peers whose money the chain confirms, while their offers are valid', async () => {
  let now = 0
  const money: Record<string, bigint> = { rich: 10n, poor: 9n }
  const peers = new BondedPeers({
    lockable: async ({ account }) => {
      const found = money[account]
      if (found === undefined) throw new Error('the chain does not answer')
      return found
    },
    nowSeconds: () => now,
  })
  await peers.note({ peerId: 'a', announcement: offer('rich') })
  await peers.note({ peerId: 'b', announcement: offer('poor') })
  await peers.note({ peerId: 'c', announcement: offer('unknown') })
  await peers.note({ peerId: 'd', announcement: offer('rich', 50) })
  expect(peers.list()).toEqual(['a', 'd'])
  now = 60
  expect(peers.list()).toEqual(['a'])
  await peers.note({ peerId: 'a', announcement: { kind: 'tombstone', network: '', seq: 2 } })
  expect(peers.list()).toEqual([])
})

test('forgets the oldest beyond its bound', async () => {
  const peers = new BondedPeers({ lockable: async () => 10n, nowSeconds: () => 0 })
  for (let i = 0; i < 2_100; i++) await peers.note({ peerId: `peer-${i}`, announcement: offer('rich') })
  expect(peers.list()).toHaveLength(2_048)
  expect(peers.list()[0]).toBe('peer-52')
})
