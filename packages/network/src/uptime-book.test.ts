import { BOOK_PAGE_BYTES, type BookPage, protocolId, toHex } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { prefixed } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { testNetwork, testNode } from './testing/market.ts'
import { fetchUptimePage, serveUptimeBook } from './uptime-book.ts'

const bytes = (length: number, byte: number) => toHex(new Uint8Array(length).fill(byte))
const VOTE = { key: bytes(20, 1), value: bytes(32, 2), signature: bytes(64, 3) }

describe('uptime books', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const start = async () => {
    const network = testNetwork()
    const [owner, asker] = await Promise.all([testNode(network), testNode(network)])
    nodes.push(owner, asker)
    return { owner, asker, target: { peerId: owner.peerId, addresses: owner.addresses() } }
  }

  it('are given by pages, the fullest of which fits', async () => {
    const { owner, asker, target } = await start()
    const entries = (from: number): BookPage['entries'] =>
      Array.from({ length: 16 }, (_, i) => ({ epoch: from + i, votes: new Array(15).fill(VOTE) }))
    await serveUptimeBook(owner, (from) => ({ entries: entries(from), more: true }))
    expect(await fetchUptimePage(asker, target, 1_000_000_000_000)).toEqual({
      v: 1,
      entries: entries(1_000_000_000_000),
      more: true,
    })
  })

  it('are no answer above the bound', async () => {
    const { owner, asker, target } = await start()
    await owner.libp2p.handle(protocolId(asker.network, 'uptime'), (stream) => {
      stream.send(prefixed(new Uint8Array(BOOK_PAGE_BYTES + 1)))
    })
    await expect(fetchUptimePage(asker, target, 0)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('are malformed where they are no book', async () => {
    const { owner, asker, target } = await start()
    await owner.libp2p.handle(protocolId(asker.network, 'uptime'), (stream) => {
      stream.send(prefixed(new Uint8Array(8)))
    })
    await expect(fetchUptimePage(asker, target, 0)).rejects.toMatchObject({ code: 'MALFORMED' })
  })
})
