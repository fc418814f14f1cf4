import { measureRoundTrip, type SoukNode } from '@souk/network'
import { type ChainLink, createRpc, type NetworkConfig, type Rpc } from '@souk/settlement'

/** What hearing needs of the process. */
export interface HearingServices {
  readonly node: Pick<SoukNode, 'peers'> & Parameters<typeof measureRoundTrip>[0]
  readonly chain: Pick<ChainLink, 'rpc'>
  readonly config: Pick<NetworkConfig, 'bootstrap' | 'rpcUrls' | 'dev' | 'chainId'>
  /** Monotonic milliseconds. */
  clock(): number
}

/** When the requester of a lease was heard last, by our clock. */
export interface Heard {
  readonly peerId: string
  readonly heardAtMs: number
}

/** Milliseconds of silence from which others are asked for any answer. */
const SUSPECT_MS = 2_000
/** Milliseconds between two requests for an answer of anybody, while somebody is silent. */
const ASK_MS = 1_000
/** Milliseconds for such an answer. */
const ANYBODY_MS = 1_500
/** Milliseconds without an answer of anybody else after which a silence may be our own. */
const WITNESS_MS = 3_000

/**
 * Tells the silence of a requester from our own: it counts only while others are heard, requesters of other leases, a
 * peer that is connected, or the chain (docs/AVAILABILITY.md §1).
 */
export class Hearing {
  readonly #services: HearingServices
  readonly #rpc: Rpc | null
  /** Whose turn it is to be asked. */
  #turn = 0
  #askedAtMs = Number.NEGATIVE_INFINITY
  /** When whom we asked answered last: a peer by its id, and the chain. */
  readonly #answeredAtMs = new Map<string, number>()

  constructor(services: HearingServices) {
    this.#services = services
    this.#rpc = rpcElsewhere(services)
  }

  /** Looks at all requesters; the returned call tells whether the silence of one of them may be our own. */
  look(all: readonly Heard[]): (one: Heard) => boolean {
    const nowMs = this.#services.clock()
    const isSilent = ({ heardAtMs }: Heard) => nowMs - heardAtMs > SUSPECT_MS
    const silent = new Set(all.filter(isSilent).map(({ peerId }) => peerId))
    if (silent.size === 0) this.#forget()
    else if (nowMs - this.#askedAtMs >= ASK_MS) this.#ask(silent, nowMs)
    return (one) => isSilent(one) && !this.#hearsOthers(one, all, nowMs)
  }

  #forget(): void {
    this.#answeredAtMs.clear()
    this.#turn = 0
  }

  #hearsOthers({ peerId }: Heard, all: readonly Heard[], nowMs: number): boolean {
    const isRecent = (atMs: number) => nowMs - atMs <= WITNESS_MS
    const answered = [...this.#answeredAtMs].some(([who, atMs]) => who !== peerId && isRecent(atMs))
    return answered || all.some((other) => other.peerId !== peerId && isRecent(other.heardAtMs))
  }

  /** Asks the chain, and the next of the peers that are not silent themselves: no single one can withhold its answer. */
  #ask(silent: ReadonlySet<string>, nowMs: number): void {
    const { node, config, clock } = this.#services
    this.#askedAtMs = nowMs
    const signal = AbortSignal.timeout(ANYBODY_MS)
    const answered = (who: string) => void this.#answeredAtMs.set(who, clock())
    // Who does not answer says nothing.
    const ignore = () => {}
    this.#rpc?.request('eth_blockNumber', [], { signal }).then(() => answered('chain'), ignore)
    const others = bootstrapFirst(node.peers(), config.bootstrap).filter((peer) => !silent.has(peer))
    const peer = others[this.#turn % others.length]
    this.#turn += 1
    if (peer !== undefined) measureRoundTrip(node, peer, { signal }).then(() => answered(peer), ignore)
  }
}

/**
 * Returns the way to the chain past the endpoints on this machine, null where there are no others: those say nothing of
 * the network, unless all of that is on this machine.
 */
function rpcElsewhere({ chain, config }: Pick<HearingServices, 'chain' | 'config'>): Rpc | null {
  const urls = config.rpcUrls.filter((url) => !isHere(url))
  if (config.dev || urls.length === config.rpcUrls.length) return chain.rpc
  return urls.length === 0 ? null : createRpc({ urls, chainId: config.chainId })
}

function bootstrapFirst(peers: readonly string[], bootstrap: readonly string[]): string[] {
  const known = new Set(bootstrap.map((address) => address.slice(address.lastIndexOf('/') + 1)))
  return [...peers.filter((one) => known.has(one)), ...peers.filter((one) => !known.has(one))]
}

function isHere(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
