import { generateKeyPair } from '@libp2p/crypto/keys'
import { makeQuote, type SellingPolicy } from '@souk/engine'
import {
  handleLeaseStreams,
  type OfferExchange,
  type SoukNode,
  sealAnnouncement,
  serveProbes,
  startNode,
  startOfferExchange,
} from '@souk/network'
import {
  addressOf,
  type CourtId,
  type FileEntry,
  type Frame,
  type FrameOf,
  type Gpu,
  type Hex,
  leaseOf,
  merkleRoot,
  networkPath,
  type Offer,
  type Output,
  outputDigest,
  type Prices,
  type Quote,
  type Resources,
  rawCid,
  resultLeaf,
  type Structs,
  signCourtStruct,
  signStruct,
  taskDigest,
  type Voucher,
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
  /** Signs what the test gives it as the output of everything, and nothing is wrong with that. */
  | 'makes-up'
  /** Tells of a checkpoint that it does not have. */
  | 'missing-checkpoint'
  /** Takes leases and vouchers, answers probes, and says nothing more. */
  | 'deaf'
  /** Breaks each stream off once it was told to run something. */
  | 'fickle'

const RESOURCES = { millicores: 4_000, memoryBytes: 2 ** 32, diskBytes: 2 ** 32, gpus: [] }
const BOOT = randomHex(16)
/** Next to nothing, so that every job begins here. */
const CHEAPEST: Prices = { startFee: 1n, coreSecondE12: 10n ** 12n, gibSecondE12: 0n, gpuSecondE12: 0n }

/** A lease that a deaf provider took, with the newest voucher that came for it. */
export interface DeafLease {
  readonly quote: Quote
  voucher: (Voucher & { readonly signature: Hex }) | null
}

export interface HostileOptions {
  readonly prices?: Prices
  /** Seconds of the rate that it puts up as bonds. */
  readonly bondSeconds?: number
  /** The court whose probes it answers. */
  readonly court?: CourtId
  /** Devices that it says it has. */
  readonly gpus?: readonly Gpu[]
}

/** A provider with the best offer of all, properly bonded, that deals badly. */
export class HostileProvider {
  conduct: Conduct = 'silent'
  /** Output files of one that makes them up, in the order of their names. */
  files: Readonly<Record<string, Uint8Array>> = {}
  /** How often it was asked, and probed. */
  asked = 0
  probes = 0
  readonly leases = new Map<Hex, DeafLease>()
  /** The frames of each stream that a fickle one took leases on, up to the first that told it to run something. */
  readonly heard: Frame[][] = []
  readonly node: SoukNode
  readonly #key: Uint8Array
  readonly #policy: SellingPolicy
  readonly #config: NetworkConfig
  readonly #resources: Resources
  #exchange: OfferExchange | undefined

  private constructor(
    node: SoukNode,
    party: Party,
    key: Uint8Array,
    config: NetworkConfig,
    { prices = CHEAPEST, bondSeconds = 1, gpus = [] }: HostileOptions,
  ) {
    this.node = node
    this.#key = key
    this.#config = config
    this.#resources = { ...RESOURCES, gpus: [...gpus] }
    this.#policy = {
      account: party.account,
      subject: addressOf(key),
      prices,
      blockSeconds: config.blockSeconds,
      slotSeconds: config.blockSeconds,
      bondSeconds,
      resultBondSeconds: bondSeconds,
      prepaySeconds: 10,
      noticeBlocks: 60,
    }
  }

  /** Starts it and announces its offer. */
  static async start(
    config: NetworkConfig,
    party: Party,
    key: Uint8Array,
    options: HostileOptions = {},
  ): Promise<HostileProvider> {
    const privateKey = await generateKeyPair('Ed25519')
    const { bootstrap } = config
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const node = await startNode({ network: networkId(config), privateKey, listen, bootstrap, dev: true })
    const provider = new HostileProvider(node, party, key, config, options)
    const { court } = options
    if (court !== undefined) {
      await serveProbes(node, (nonce) => {
        provider.probes += 1
        return signCourtStruct(key, court, 'Probe', { nonce })
      })
    }
    await handleLeaseStreams(node, (stream) => provider.#serve(new Talk(stream)))
    provider.#exchange = await startOfferExchange(node, {
      publish: ['cpu'],
      hear: ['cpu'],
      current: (ttlSeconds) => sealAnnouncement(privateKey, provider.#offer(ttlSeconds)),
      onAnnouncement: () => {},
    })
    return provider
  }

  /** Its key, as results and offers name it. */
  get subject(): Hex {
    return this.#policy.subject
  }

  async stop(): Promise<void> {
    await this.#exchange?.stop()
    await this.node.stop()
  }

  async #serve(talk: Talk): Promise<void> {
    const request = await talk.any()
    if (request.t === 'resume' && this.conduct === 'deaf') return this.#resume(talk, request)
    if (request.t === 'resume' && this.conduct === 'fickle') {
      await talk.send({ t: 'resumed', ack: 0, boot: BOOT, credit: 2, cumulative: 0n, running: [] })
      return this.#breakOff(talk)
    }
    if (request.t === 'resume' && this.conduct === 'makes-up') return this.#forget(talk, request)
    if (request.t !== 'demand') return talk.stream.close()
    this.asked += 1
    if (this.conduct === 'silent') return
    const head = { number: 1, timestampSeconds: Math.floor(Date.now() / 1000) }
    const offered = makeQuote(this.#policy, this.#resources, request, head, randomHex(32))
    if ('code' in offered) throw new Error(`no quote: ${offered.message}`)
    const { quote, terms } = offered
    const rate = this.conduct === 'dear-quote' ? 2n * quote.rate : quote.rate
    await talk.send({ t: 'quote', quote: { ...quote, rate }, terms })
    const accepted = await talk.next('accept')
    await talk.send(this.#started(accepted))
    if (this.conduct === 'deaf') {
      const lease: DeafLease = { quote: accepted.quote, voucher: null }
      this.leases.set(this.#lease(accepted.quote), lease)
      return this.#listen(talk, lease)
    }
    if (this.conduct === 'fickle') return this.#breakOff(talk)
    const run = await talk.next('run')
    if (this.conduct === 'missing-checkpoint') await this.#save(talk, run)
    await talk.send(this.#answer(accepted, run))
    if (this.conduct !== 'makes-up') return
    // It serves to the end, and leaves without agreeing on what it is paid.
    await talk.next('close').catch(() => {})
    talk.stream.abort(new Error('it is over'))
  }

  /** Says that it saved something, until the requester has tried to get it. */
  async #save(talk: Talk, { seq, attempts }: FrameOf<'run'>): Promise<void> {
    const [attempt] = attempts
    if (attempt === undefined) return
    const cid = rawCid(new Uint8Array([42]))
    await talk.send({ t: 'checkpoint', ack: seq, attempt: attempt.id, cid, bytes: 42 })
    await talk.next('taken')
  }

  async #breakOff(talk: Talk): Promise<void> {
    const heard = [await talk.any()]
    while (heard.at(-1)?.t !== 'run') heard.push(await talk.any())
    this.heard.push(heard)
    talk.stream.abort(new Error('had enough'))
  }

  /** Goes on with a lease as if it had only lost its connection, and falls silent again. */
  async #resume(talk: Talk, { lease: name }: FrameOf<'resume'>): Promise<void> {
    const lease = this.leases.get(name)
    if (lease === undefined) return talk.stream.close()
    const cumulative = lease.voucher?.cumulative ?? 0n
    await talk.send({ t: 'resumed', ack: 0, boot: BOOT, credit: 2, cumulative, running: [] })
    return this.#listen(talk, lease)
  }

  /** Says that it does not know a lease any more. */
  async #forget(talk: Talk, { lease }: FrameOf<'resume'>): Promise<void> {
    const code = 'unknown-lease'
    const signature = this.#sign('Ending', { lease, code })
    await talk.send({ t: 'ended', seq: 1, ack: 0, code, message: 'it is over', signature, close: null })
  }

  async #listen(talk: Talk, lease: DeafLease): Promise<void> {
    const name = this.#lease(lease.quote)
    try {
      for (;;) {
        const { cumulative, ackFrom, ackUntil, signature } = await talk.next('voucher')
        lease.voucher = { lease: name, cumulative, ackFrom, ackUntil, signature }
      }
    } catch {
      // The requester has hung up.
    }
  }

  #started({ quote }: FrameOf<'accept'>): Frame {
    const given = this.conduct === 'wrong-start-signature' ? { ...quote, rate: 0n } : quote
    const signature = this.#sign('Quote', given)
    return { t: 'started', signature, boot: BOOT, credit: 2, held: false }
  }

  #answer({ quote }: FrameOf<'accept'>, run: FrameOf<'run'>): Frame {
    const lease = this.#lease(quote)
    if (this.conduct === 'unexpected-frame' || this.conduct === 'missing-checkpoint')
      return { t: 'refused', code: 'draining', message: 'never mind' }
    const madeUp = this.conduct === 'makes-up'
    const printed = new Uint8Array(madeUp ? [] : [42])
    const given = Object.entries(madeUp ? this.files : {})
    const files = given.map(([path, bytes]): FileEntry => [path, rawCid(bytes), bytes.byteLength])
    const output: Output = {
      v: 1,
      status: { kind: 'exit', code: 0 },
      fuel: 0n,
      stdout: rawCid(printed),
      files,
    }
    const results = run.attempts.map(({ id, task }) => ({ attempt: id, task: taskDigest(task), output }))
    const leaves = results.map((one) => resultLeaf(lease, one.task, outputDigest(one.output)))
    const isSigned = madeUp || this.conduct === 'missing-content'
    const root = isSigned ? merkleRoot(leaves) : randomHex(32)
    const signature = this.#sign('ResultBatch', { lease, root })
    const inline = madeUp ? [printed, ...given.map(([, bytes]) => bytes)] : []
    return { t: 'results', seq: 1, ack: run.seq, results, signature, inline }
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
      free: this.#resources,
      coreMibPerSecond: 1_000,
      prices,
      gpuClasses: [],
      runtimes: [{ name: 'wasm/1', sandbox: 'process' }],
      region: null,
    }
  }
}
