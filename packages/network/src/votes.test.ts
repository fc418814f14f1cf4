import { type Hex, protocolId, toHex } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { prefixed } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { parsePeerId } from './peer-target.ts'
import { testNetwork, testNode, until } from './testing/market.ts'
import { fetchVote, type SignedVote, serveVotes, type VoteAsker } from './votes.ts'

const bytes = (length: number, byte: number) => toHex(new Uint8Array(length).fill(byte))
const KNOWN = bytes(32, 1)
const VOTE: SignedVote = { value: bytes(32, 2), signature: bytes(64, 3) }

describe('votes', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const start = async (find: (subject: Hex) => SignedVote | null) => {
    const network = testNetwork()
    const [watcher, asker] = await Promise.all([testNode(network), testNode(network)])
    nodes.push(watcher, asker)
    const stop = await serveVotes(watcher, find)
    return { watcher, asker, stop, target: { peerId: watcher.peerId, addresses: watcher.addresses() } }
  }

  it('are given by subject, or said not to be there', async () => {
    const { asker, target } = await start((subject) => (subject === KNOWN ? VOTE : null))
    expect(await fetchVote(asker, target, KNOWN)).toEqual(VOTE)
    expect(await fetchVote(asker, target, bytes(32, 4))).toBeNull()
  })

  it('are asked for by somebody, who is named to whoever gives them', async () => {
    const askers: VoteAsker[] = []
    const network = testNetwork()
    const [watcher, asker] = await Promise.all([testNode(network), testNode(network)])
    nodes.push(watcher, asker)
    await serveVotes(watcher, (_, who) => {
      askers.push(who)
      return null
    })
    const target = { peerId: watcher.peerId, addresses: watcher.addresses() }
    const plea = bytes(64, 5)
    await fetchVote(asker, target, KNOWN)
    await fetchVote(asker, target, KNOWN, { plea })
    const { peerId } = asker
    expect(askers).toEqual([
      { peerId, plea: null },
      { peerId, plea },
    ])
  })

  it('carry nothing else of a row than value and signature', async () => {
    const row = { ...VOTE, untilBlock: 7 }
    const { asker, target } = await start(() => row)
    expect(await fetchVote(asker, target, KNOWN)).toEqual(VOTE)
  })

  it('are no longer given once stopped', async () => {
    const { asker, target, stop } = await start(() => VOTE)
    await stop()
    await expect(fetchVote(asker, target, KNOWN)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('reset the stream of a request above the bound', async () => {
    let asked = 0
    const { watcher, asker, target } = await start(() => {
      asked += 1
      return null
    })
    await asker.dial(target)
    const id = protocolId(asker.network, 'votes')
    const stream = await asker.libp2p.dialProtocol(parsePeerId(watcher.peerId), id)
    stream.send(Uint8Array.of(0x81, 0x02))
    await until('the stream is reset', () => stream.status !== 'open')
    expect(asked).toBe(0)
  })

  it('refuse an answer above the bound', async () => {
    const { watcher, asker, target, stop } = await start(() => null)
    await stop()
    await watcher.libp2p.handle(protocolId(asker.network, 'votes'), (stream) => {
      stream.send(prefixed(new Uint8Array(257)))
    })
    await expect(fetchVote(asker, target, KNOWN)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})
