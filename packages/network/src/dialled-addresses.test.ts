import { afterEach, expect, it } from 'vitest'
import { connectedAddresses, dialledAddresses } from './dialled-addresses.ts'
import type { SoukNode } from './node.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

const nodes: SoukNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())))

const start = async (network = testNetwork()) => {
  const node = await testNode(network)
  nodes.push(node)
  return node
}

const targetOf = (node: SoukNode, addresses = node.addresses()) => ({ peerId: node.peerId, addresses })

it('tells where a peer answered, whatever else it says of itself', async () => {
  const network = testNetwork()
  const [us, peer] = [await start(network), await start(network)]
  const [real = ''] = peer.addresses()
  const claimed = ['/ip4/198.51.100.7/tcp/1', real]
  const found = await dialledAddresses(us, targetOf(peer, claimed))
  expect(found).toEqual([real])
  expect(connectedAddresses(us, peer.peerId, 'outbound')).toEqual(found)
  expect(connectedAddresses(us, peer.peerId, 'inbound')).toEqual([])
})

it('dials a peer that came to us, and takes where it came from where it cannot be dialled', async () => {
  const network = testNetwork()
  const [us, peer] = [await start(network), await start(network)]
  await peer.dial(targetOf(us))
  await until('it has come', () => connectedAddresses(us, peer.peerId, 'inbound').length > 0)
  const [from] = connectedAddresses(us, peer.peerId, 'inbound')
  expect(await dialledAddresses(us, targetOf(peer, ['/ip4/127.0.0.1/tcp/1']))).toEqual([from])
  expect(await dialledAddresses(us, targetOf(peer))).toEqual([peer.addresses()[0]])
})

it('says that a peer cannot be reached', async () => {
  const [us, gone] = [await start(), await start()]
  const target = targetOf(gone)
  await gone.stop()
  await expect(dialledAddresses(us, target)).rejects.toMatchObject({ code: 'UNREACHABLE' })
})
