import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type SoukNode, startNode } from './node.ts'
import { loadNodeKey } from './node-key.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

describe('node', () => {
  const nodes: SoukNode[] = []
  const folders: string[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
  })
  const keyFile = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-network-'))
    folders.push(folder)
    return join(folder, 'keys', 'node.key')
  }

  it('keeps its key, readable by its owner alone', async () => {
    const file = await keyFile()
    const [first, second] = await Promise.all([loadNodeKey(file), loadNodeKey(file)])
    expect(first.equals(second)).toBe(true)
    expect((await loadNodeKey(file)).equals(first)).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('leaves alone a key file that it cannot read', async () => {
    const file = await keyFile()
    await loadNodeKey(file)
    await writeFile(file, 'not a key')
    await expect(loadNodeKey(file)).rejects.toMatchObject({ code: 'BAD_KEY' })
    expect(await readFile(file, 'utf8')).toBe('not a key')
  })

  it('dials a bootstrap peer that comes later, and again when it comes back', async () => {
    const network = testNetwork()
    const privateKey = await loadNodeKey(await keyFile())
    const begin = (listen: string) =>
      startNode({ network, privateKey, listen: [listen], bootstrap: [], dev: true })
    const scout = await begin('/ip4/127.0.0.1/tcp/0')
    const [address = ''] = scout.addresses()
    await scout.stop()
    const follower = await testNode(network, [address])
    nodes.push(follower)
    for (let round = 0; round < 2; round += 1) {
      const bootstrap = await begin(address.slice(0, address.indexOf('/p2p/')))
      nodes.push(bootstrap)
      await until('the follower is connected', () => follower.peers().includes(bootstrap.peerId))
      await bootstrap.stop()
      await until('the follower noticed', () => !follower.peers().includes(bootstrap.peerId))
    }
  })

  it('is reached over WebSockets too', async () => {
    const network = testNetwork()
    const server = await testNode(network, [], { listen: ['/ip4/127.0.0.1/tcp/0/ws'] })
    const client = await testNode(network)
    nodes.push(server, client)
    const [address = ''] = server.addresses()
    expect(address).toContain('/ws')
    expect(await client.dial({ address })).toBe(server.peerId)
  })

  it('refuses a peer that it banned', async () => {
    const network = testNetwork()
    const [one, other] = [await testNode(network), await testNode(network)]
    nodes.push(one, other)
    await other.dial({ peerId: one.peerId, addresses: one.addresses() })
    await until('both know of it', () => one.peers().includes(other.peerId))
    one.ban(other.peerId)
    await until('the banned one is gone', () => one.peers().length === 0 && other.peers().length === 0)
    await expect(one.dial({ peerId: other.peerId, addresses: other.addresses() })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
    await other.dial({ peerId: one.peerId, addresses: one.addresses() }).catch(() => undefined)
    await until('it did not come back', () => one.peers().length === 0)
  })

  it('says which address it cannot use', async () => {
    await expect(testNode(testNetwork(), ['/ip4/127.0.0.1/tcp/1'])).rejects.toMatchObject({
      code: 'BAD_ADDRESS',
    })
    const node = await testNode(testNetwork())
    nodes.push(node)
    await expect(node.dial('nobody')).rejects.toMatchObject({ code: 'BAD_ADDRESS' })
  })
})
