import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Frame, protocolId } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { BOUNDS } from './bounds.ts'
import type { FrameStream } from './frame-stream.ts'
import { handleLeaseStreams, openLeaseStream } from './lease-streams.ts'
import { prefixed } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { parsePeerId } from './peer-target.ts'
import { beat, largeFrame } from './testing/frames.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

describe('lease streams', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const pair = async () => {
    const network = testNetwork()
    const [provider, requester] = [await testNode(network), await testNode(network)]
    nodes.push(provider, requester)
    const target = { peerId: provider.peerId, addresses: provider.addresses() }
    return { provider, requester, target }
  }
  /** Opens one stream and returns both its ends. */
  const ends = async () => {
    const { provider, requester, target } = await pair()
    const accepted = Promise.withResolvers<FrameStream>()
    await handleLeaseStreams(provider, accepted.resolve)
    const ours = await openLeaseStream(requester, target)
    return { ours, theirs: await accepted.promise, provider, requester }
  }
  /** Opens a stream on which any bytes can be sent. */
  const rawEnds = async () => {
    const { provider, requester, target } = await pair()
    const accepted = Promise.withResolvers<FrameStream>()
    await handleLeaseStreams(provider, accepted.resolve)
    await requester.dial(target)
    const id = protocolId(requester.network, 'lease')
    const raw = await requester.libp2p.dialProtocol(parsePeerId(provider.peerId), id)
    return { raw, theirs: await accepted.promise, provider, requester }
  }
  const collect = async (stream: FrameStream, count: number) => {
    const frames: Frame[] = []
    for await (const frame of stream.frames) if (frames.push(frame) === count) break
    return frames
  }

  it('keeps the order of frames both ways', async () => {
    const { ours, theirs } = await ends()
    const sent = Array.from({ length: 2_000 }, (_, n) => beat(n))
    const received = Promise.all([collect(ours, sent.length), collect(theirs, sent.length)])
    await Promise.all(sent.flatMap((frame) => [ours.send(frame), theirs.send(frame)]))
    expect(await received).toEqual([sent, sent])
  })

  it('makes a sender wait for a reader that does not read, and loses nothing', async () => {
    const { ours, theirs } = await ends()
    const frames = Array.from({ length: 40 }, (_, seq) => largeFrame(seq))
    let taken = 0
    const sending = frames.map((frame) => ours.send(frame).then(() => (taken += 1)))
    await until('some frames are on the way', () => taken > 0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(taken).toBeLessThan(frames.length)
    const received = await collect(theirs, frames.length)
    await Promise.all(sending)
    expect(received.map((frame) => 'seq' in frame && frame.seq)).toEqual(frames.map((frame) => frame.seq))
  })

  it('ends the stream of a peer that lets more than the queue pile up', async () => {
    const { ours } = await ends()
    const count = Math.ceil(BOUNDS.sendQueueBytes / 200_000) + 40
    const sending = Array.from({ length: count }, (_, seq) => ours.send(largeFrame(seq)))
    const results = await Promise.allSettled(sending)
    expect(results.at(-1)).toMatchObject({ reason: { code: 'QUEUE_FULL' } })
    expect(await ours.closed).toMatchObject({ reason: 'error', error: { code: 'QUEUE_FULL' } })
  })

  it('closes in order: what was sent arrives, both sides say why it ended', async () => {
    const { ours, theirs } = await ends()
    void ours.send(beat(1))
    void ours.send(beat(2))
    await ours.close()
    const frames: Frame[] = []
    for await (const frame of theirs.frames) frames.push(frame)
    expect(frames).toEqual([beat(1), beat(2)])
    expect([(await ours.closed).reason, (await theirs.closed).reason]).toEqual(['local', 'remote'])
    await expect(ours.send(beat(3))).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
  })

  it('tells a reset by the peer apart', async () => {
    const { ours, theirs } = await ends()
    theirs.abort(new Error('fault of the test'))
    await expect(ours.frames.next()).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
    expect((await ours.closed).reason).toBe('reset')
  })

  it.each([
    ['bytes that are no DAG-CBOR', prefixed(Uint8Array.of(0xff, 0xff)), 'MALFORMED'],
    ['an object that is no frame', prefixed(Uint8Array.of(0xa1, 0x61, 0x74, 0x61, 0x78)), 'MALFORMED'],
    ['the length of a frame above the bound', Uint8Array.of(0x81, 0x80, 0x10), 'TOO_LARGE'],
    ['a length without end', new Uint8Array(64).fill(0x80), 'TOO_LARGE'],
  ])('ends the stream on %s', async (_, bytes, code) => {
    const { raw, theirs } = await rawEnds()
    raw.send(bytes)
    await expect(theirs.frames.next()).rejects.toMatchObject({ code })
    expect(await theirs.closed).toMatchObject({ reason: 'error', error: { code } })
    await until('the sender is cut off', () => raw.status !== 'open')
  })

  it('refuses more streams of one peer than it may hold', async () => {
    const { requester, provider } = await ends()
    const more = await Promise.all(
      Array.from({ length: BOUNDS.leaseStreamsPerPeer - 1 }, () =>
        openLeaseStream(requester, provider.peerId),
      ),
    )
    expect(more).toHaveLength(BOUNDS.leaseStreamsPerPeer - 1)
    const tooMany = openLeaseStream(requester, provider.peerId).then((stream) => stream.closed)
    await expect(tooMany.catch((error) => error)).resolves.toSatisfy(
      (how) => how.reason === 'reset' || how.code !== undefined,
    )
  })

  it('names the network of a peer that belongs to another', async () => {
    const { provider, target } = await pair()
    await handleLeaseStreams(provider, () => undefined)
    const stranger = await testNode(testNetwork('elsewhere'))
    nodes.push(stranger)
    await expect(openLeaseStream(stranger, target)).rejects.toMatchObject({ code: 'WRONG_NETWORK' })
  })

  it('says that nobody is there', async () => {
    const { requester, provider, target } = await pair()
    await provider.stop()
    await expect(openLeaseStream(requester, target)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('sees at once that the process of its peer was killed', async () => {
    const network = testNetwork()
    const child = fork(new URL('./testing/echo-child.ts', import.meta.url), [network.name, network.escrow])
    try {
      const [[address]] = (await once(child, 'message')) as [string[]]
      const requester = await testNode(network)
      nodes.push(requester)
      const peerId = await requester.dial({ address: address ?? '' })
      let disconnected = false
      requester.onDisconnect(peerId, () => {
        disconnected = true
      })
      const stream = await openLeaseStream(requester, peerId)
      await stream.send(beat(7))
      expect((await stream.frames.next()).value).toEqual(beat(7))
      child.kill('SIGKILL')
      await expect(stream.frames.next()).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
      expect((await stream.closed).reason).toBe('lost')
      await until('the connection is known to be gone', () => disconnected)
    } finally {
      child.kill('SIGKILL')
    }
  })
})
