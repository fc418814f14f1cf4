import { generateKeyPair } from '@libp2p/crypto/keys'
import { makeQuote, type SellingPolicy } from '@souk/engine'
import {
  handleLeaseStreams,
  type OfferExchange,
  type SoukNode,
  sealAnnouncement,
  startNode,
  startOfferExchange,
} from '@souk/network'
import {
  addressOf,
  type Frame,
  type FrameOf,
  type Hex,
  leaseOf,
  merkleRoot,
  networkPath,
  type Offer,
  outputDigest,
  rawCid,
  resultLeaf,
  type Structs,
  signStruct,
  taskDigest,
} from '@souk/protocol'
import { type NetworkConfig, networkId } from '@souk/settlement'
import type { Party } from '../../../packages/cli/src/local-market/accounts.ts'
import { randomHex, Talk } from './raw-peer.ts'

/** How a {@link HostileProvider} breaks its word. */
export type Conduct =
  | 'silent'
  | 'dear-quote'
  | 'wrong-start-signature'
  | 'unexpected-frame'
  | 'wrong-result-signature'
  | 'missing-content'

const RESOURCES = { millicores: 4_000, memoryBytes: 2 ** 32, diskBytes: 2 ** 32, gpus: [] }
const BOOT = randomHex(16)

/** A provider with the best offer of all, properly bonded, that deals badly. */
export class HostileProvider {
  conduct: Conduct = 'silent'
  /** How often it was asked. */
  asked = 0
  readonly node: SoukNode
  readonly #key: Uint8Array
  readonly #policy: SellingPolicy
  readonly #config: NetworkConfig
  #exchange: OfferExchange | undefined

  private constructor(node: SoukNode, party: Party, key: Uint8Array, config: NetworkConfig) {
    this.node = node
    this.#key = key
    this.#config = config
    this.#policy = {
      account: party.account,
      subject: addressOf(key),
      prices: { startFee: 1n, coreSecondE12: 10n ** 12n, gibSecondE12: 0n, gpuSecondE12: 0n },
      blockSeconds: config.blockSeconds,
      slotSeconds: config.blockSeconds,
      bondSeconds: 1,
      resultBondSeconds: 1,
      prepaySeconds: 10,
      noticeBlocks: 60,
    }
  }

  /** Starts it and announces its offer. */
  static async start(config: NetworkConfig, party: Party, key: Uint8Array): Promise<HostileProvider> {
    const privateKey = await generateKeyPair('Ed25519')
    const { bootstrap } = config
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const node = await startNode({ network: networkId(config), privateKey, listen, bootstrap, dev: true })
    const provider = new HostileProvider(node, party, key, config)
    await handleLeaseStreams(node, (stream) => provider.#serve(new Talk(stream)))
    provider.#exchange = await startOfferExchange(node, {
      publish: ['cpu'],
      hear: ['cpu'],
      current: (ttlSeconds) => sealAnnouncement(privateKey, provider.#offer(ttlSeconds)),
      onAnnouncement: () => {},
    })
    return provider
  }

  async stop(): Promise<void> {
    await this.#exchange?.stop()
    await this.node.stop()
  }

  async #serve(talk: Talk): Promise<void> {
    const request = await talk.any()
    if (request.t !== 'demand') return talk.stream.close()
    this.asked += 1
    if (this.conduct === 'silent') return
    const head = { number: 1, timestampSeconds: Math.floor(Date.now() / 1000) }
    const offered = makeQuote(this.#policy, RESOURCES, request, head, randomHex(32))
    if ('code' in offered) throw new Error(`no quote: ${offered.message}`)
    const { quote, terms } = offered
    const rate = this.conduct === 'dear-quote' ? 2n * quote.rate : quote.rate
    await talk.send({ t: 'quote', quote: { ...quote, rate }, terms })
    const accepted = await talk.next('accept')
    await talk.send(this.#started(accepted))
    const run = await talk.next('run')
    await talk.send(this.#answer(accepted, run))
  }

  #started({ quote }: FrameOf<'accept'>): Frame {
    const given = this.conduct === 'wrong-start-signature' ? { ...quote, rate: 0n } : quote
    const signature = this.#sign('Quote', given)
    return { t: 'started', signature, boot: BOOT, credit: 2, held: false }
  }

  #answer({ quote }: FrameOf<'accept'>, run: FrameOf<'run'>): Frame {
    const lease = this.#lease(quote)
    if (this.conduct === 'unexpected-frame') return { t: 'refused', code: 'draining', message: 'never mind' }
    const stdout = rawCid(new Uint8Array([42]))
    const output = { v: 1, status: { kind: 'exit', code: 0 }, fuel: 0n, stdout, files: [] } as const
    const results = run.attempts.map(({ id, task }) => ({
      attempt: id,
      task: taskDigest(task),
      output: { ...output, files: [] },
    }))
    const leaves = results.map((one) => resultLeaf(lease, one.task, outputDigest(one.output)))
    const root = this.conduct === 'missing-content' ? merkleRoot(leaves) : randomHex(32)
    const signature = this.#sign('ResultBatch', { lease, root })
    return { t: 'results', seq: 1, ack: run.seq, results, signature, inline: [] }
  }

  #lease(quote: FrameOf<'accept'>['quote']) {
    return leaseOf(networkId(this.#config), quote)
  }

  #sign: <T extends keyof Structs>(type: T, message: Structs[T]) => Hex = (type, message) =>
    signStruct(this.#key, networkId(this.#config), type, message)

  #offer(ttlSeconds: number): Offer {
    const { account, subject, prices } = this.#policy
    const nowSeconds = Math.floor(Date.now() / 1000)
    const expires = nowSeconds + 3_600
    const binding = { peerId: this.node.peerId, account, expires }
    return {
      kind: 'offer',
      network: networkPath(networkId(this.#config)),
      seq: Date.now(),
      expires: nowSeconds + ttlSeconds,
      account,
      subject,
      binding: { expires, signature: this.#sign('PeerBinding', binding) },
      addresses: this.node.addresses().slice(0, 8),
      free: RESOURCES,
      coreMibPerSecond: 1_000,
      prices,
      runtimes: ['wasm/1'],
      sandbox: 'process',
      region: null,
    }
  }
}
