import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Context } from '@souk/engine'
import { type FrameStream, openLeaseStream, type PeerTarget, type SoukNode, startNode } from '@souk/network'
import {
  addressOf,
  type Demand,
  type Frame,
  type FrameOf,
  type Hex,
  leaseOf,
  type NetworkId,
  protocolId,
  type Quote,
  signStruct,
  type Terms,
  toHex,
} from '@souk/protocol'
import { type NetworkConfig, networkId } from '@souk/settlement'
import { demandOf } from './request.ts'

/** A peer that keeps to no rules: it writes frames, or bytes, of its own choice. */
export class RawPeer {
  readonly node: SoukNode
  readonly network: NetworkId
  readonly account: Hex
  readonly #key: Uint8Array

  private constructor(node: SoukNode, network: NetworkId, account: Hex, key: Uint8Array) {
    this.node = node
    this.network = network
    this.account = account
    this.#key = key
  }

  /** Starts a node that acts for `account` with the delegate's `key`. */
  static async start(config: NetworkConfig, account: Hex, key: Uint8Array): Promise<RawPeer> {
    const network = networkId(config)
    const privateKey = await generateKeyPair('Ed25519')
    const node = await startNode({ network, privateKey, listen: [], bootstrap: [], dev: true })
    return new RawPeer(node, network, account, key)
  }

  get signer(): Hex {
    return addressOf(this.#key)
  }

  sign: Context['signer']['sign'] = (type, message) => signStruct(this.#key, this.network, type, message)

  open(target: PeerTarget): Promise<FrameStream> {
    return openLeaseStream(this.node, target)
  }

  /** Writes bytes on a lease stream; resolves when the other side has broken it off. */
  async sendBytes(target: { peerId: string; addresses: string[] }, bytes: Uint8Array): Promise<void> {
    await this.node.dial(target)
    const protocol = protocolId(this.network, 'lease')
    const stream = await this.node.libp2p.dialProtocol(peerIdFromString(target.peerId), protocol)
    const ended = new Promise<void>((resolve) => {
      stream.addEventListener('close', () => resolve(), { once: true })
      stream.addEventListener('remoteCloseWrite', () => resolve(), { once: true })
    })
    stream.send(bytes)
    await ended
  }

  demand(change: Partial<FrameOf<'demand'>> = {}, demand: Demand = demandOf()): FrameOf<'demand'> {
    const { account: requester, signer: voucherSigner } = this
    return { t: 'demand', demand, requester, voucherSigner, predecessor: null, ...change }
  }

  /** Returns the acceptance of a quote, signed for exactly what it says. */
  acceptance({ quote, terms }: { quote: Quote; terms: Terms }): FrameOf<'accept'> {
    const lease = leaseOf(this.network, quote)
    return { t: 'accept', quote, terms, signature: this.sign('Open', { lease }) }
  }
}

/** A lease stream with its frames, read one by one. */
export class Talk {
  readonly stream: FrameStream
  readonly #frames: AsyncIterator<Frame>

  constructor(stream: FrameStream) {
    this.stream = stream
    this.#frames = stream.frames[Symbol.asyncIterator]()
  }

  send(frame: Frame): Promise<void> {
    return this.stream.send(frame)
  }

  /** Returns the next frame. */
  async any(): Promise<Frame> {
    const { done, value } = await this.#frames.next()
    if (done) throw new Error('expected a frame, the stream ended')
    return value
  }

  /** Returns the next frame of one kind, skipping others; throws at the end of the stream. */
  async next<T extends Frame['t']>(t: T): Promise<FrameOf<T>> {
    for (;;) {
      const frame = await this.any()
      if (frame.t === t) return frame as FrameOf<T>
    }
  }

  /** Sends a frame and returns the answer of one kind. */
  async ask<T extends Frame['t']>(frame: Frame, t: T): Promise<FrameOf<T>> {
    await this.send(frame)
    return this.next(t)
  }
}

export function randomHex(bytes: number): Hex {
  return toHex(randomBytes(bytes))
}
