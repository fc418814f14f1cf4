import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { type SoukNode, startNode, startOfferExchange } from '@souk/network'
import { COURT_PRESETS, type CourtRules, type Hex } from '@souk/protocol'
import {
  createRpc,
  deployMarket,
  type MoneyReport,
  type NetworkConfig,
  networkId,
  type Rpc,
  readMoney,
} from '@souk/settlement'
import { type DevChain, startDevChain, writeNetworkConfig } from '@souk/settlement/node'
import { layout } from '../home.ts'
import { createParties, type Party } from './accounts.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'
import { startWatcher } from './watcher.ts'

/** One provider of the local market. */
export interface ProviderPlan {
  readonly name: string
  /** Share of the measured machine that it sells. */
  readonly share: number
  /** Token units per core-hour. */
  readonly coreHour: string
  /** The address of this machine that it listens on; 127.0.0.1 unless told. */
  readonly listen?: string
  /** GPUs that it sells, as the provider's option `--gpu` has them; none unless told. */
  readonly gpus?: readonly string[]
  /** The partition of a Slurm cluster that it sells instead of this machine. */
  readonly slurm?: string
  /** What it says about container images, as the provider's options `--image-…` have it. */
  readonly images?: readonly string[]
  /** Fault switch of development networks. */
  readonly fault?: string
}

export interface LocalMarketOptions {
  readonly home: string
  readonly providers: readonly ProviderPlan[]
  /** Peers in this process that only watch and judge; by default none beside the providers. */
  readonly watchers?: number
  /** Flags of Node that a provider or the agent gets beside the usual ones, by its name; none unless told. */
  readonly nodeFlags?: (name: string) => readonly string[]
  /** Says what is being done, for people. */
  readonly onStep: (sentence: string) => void
  readonly signal?: AbortSignal
}

/** As in the first line of `souk-provider`: room that an idle process would keep and not use is not taken. */
const PROVIDER_NODE = {
  flags: ['--optimize-for-size'],
  env: { MALLOC_ARENA_MAX: '1' },
}
const TOKEN = 10n ** 18n
const BLOCK_SECONDS = 1
const REQUESTER = 'agent'
/**
 * Watchers beside the five providers of `souk up` and `souk demo`. One of eight holds a majority of a committee, the
 * accused itself or a liar that abstains, once in 6,000 times; one of five once in 240.
 */
export const EXTRA_WATCHERS = 3
/** The court of development markets; amounts that fit leases of minutes, fuel for some seconds of one core. */
export const COURT: CourtRules = {
  ...COURT_PRESETS.dev,
  stake: TOKEN,
  challengeDeposit: TOKEN / 50_000n,
  juryFee: TOKEN / 1_000_000n,
  fuel: 10_000_000_000n,
}

/** The five providers of `souk up` and `souk demo`: equal shares, prices that differ. */
export function defaultPlan(gpus?: readonly string[]): ProviderPlan[] {
  const coreHours = ['0.10', '0.11', '0.12', '0.13', '0.14']
  return coreHours.map((coreHour, i) => ({
    name: `provider-${i + 1}`,
    share: 1 / coreHours.length,
    coreHour,
    ...(gpus === undefined ? {} : { gpus }),
  }))
}

/** A whole market on this machine: chain, bootstrap peer, providers and a requester's agent, each real. */
export class LocalMarket {
  readonly config: NetworkConfig
  readonly chain: DevChain
  readonly rpc: Rpc
  /** The requester and the providers. */
  readonly parties: readonly Party[]
  /** Those who only watch. */
  readonly watchers: readonly Party[]
  /** Block of the token, from which all money can be followed. */
  readonly tokenBlock: number
  /** Address of the court. */
  readonly court: Hex
  readonly #options: LocalMarketOptions
  readonly #children = new Map<string, Child>()
  readonly #stops: (() => Promise<void>)[]

  private constructor(
    options: LocalMarketOptions,
    parts: {
      config: NetworkConfig
      chain: DevChain
      rpc: Rpc
      parties: readonly Party[]
      watchers: readonly Party[]
      tokenBlock: number
      court: Hex
    },
    stops: (() => Promise<void>)[],
  ) {
    this.config = parts.config
    this.chain = parts.chain
    this.rpc = parts.rpc
    this.parties = parts.parties
    this.watchers = parts.watchers
    this.tokenBlock = parts.tokenBlock
    this.court = parts.court
    this.#options = options
    this.#stops = stops
  }

  /** Starts everything and returns when all of it is ready; on failure everything started is stopped. */
  static async start(options: LocalMarketOptions): Promise<LocalMarket> {
    const stops: (() => Promise<void>)[] = []
    try {
      mkdirSync(options.home, { recursive: true, mode: 0o700 })
      const market = await setUp(options, stops)
      await market.#startProcesses()
      return market
    } catch (error) {
      for (const stop of stops.toReversed()) await stop()
      throw error
    }

    async function setUp(given: LocalMarketOptions, done: (() => Promise<void>)[]): Promise<LocalMarket> {
      given.onStep('starting a development chain and deploying token, escrow and court')
      const signal = given.signal === undefined ? {} : { signal: given.signal }
      const chain = await startDevChain({ blockSeconds: 0, ...signal })
      done.push(() => chain.stop())
      const rpc = createRpc({ urls: [chain.rpcUrl], chainId: chain.chainId })
      const [richKey] = chain.richKeys
      if (richKey === undefined) throw new Error('a development chain has rich accounts')
      const deployment = await deployMarket({
        rpc,
        deployerKey: richKey,
        settleBlocks: COURT.settleBlocks,
        court: COURT,
        pollMs: 25,
      })
      given.signal?.throwIfAborted()
      given.onStep('funding accounts, authorising their hot keys, staking watchers')
      const endowments = [
        { name: REQUESTER, wallet: 400n * TOKEN, deposit: 100n * TOKEN, court: { challenges: TOKEN } },
        ...given.providers.map(({ name }) => {
          return { name, wallet: 0n, deposit: 20n * TOKEN, court: { stake: COURT.stake } }
        }),
        ...Array.from({ length: given.watchers ?? 0 }, (_, i) => {
          return { name: `watcher-${i + 1}`, wallet: 0n, deposit: 0n, court: { stake: COURT.stake } }
        }),
      ]
      const mine = (blocks: number) => chain.mine(blocks)
      const ground = { rpc, market: deployment, rules: COURT, richKey, mine }
      const everyone = await createParties(ground, given.home, endowments)
      const parties = everyone.slice(0, 1 + given.providers.length)
      const watchers = everyone.slice(parties.length)
      await chain.setAutomine(false)
      await chain.setInterval(BLOCK_SECONDS)
      const base = describe(deployment, chain)
      const bootstrap = await startBootstrap(base)
      done.push(() => bootstrap.stop())
      const config = { ...base, bootstrap: bootstrap.addresses() }
      await writeNetworkConfig(layout(given.home).networkFile, config)
      const { tokenBlock, court } = deployment
      return new LocalMarket(given, { config, chain, rpc, parties, watchers, tokenBlock, court }, done)
    }
  }

  /** The requester's account and folder. */
  get requester(): Party {
    return this.#party(REQUESTER)
  }

  /** Returns a running process by name; `undefined` after its end. */
  child(name: string): Child | undefined {
    return this.#children.get(name)
  }

  /** Returns the party whose subject or account this is. */
  partyOf(address: Hex): Party | undefined {
    const everyone = [...this.parties, ...this.watchers]
    return everyone.find((party) => party.account === address || party.delegate === address)
  }

  /** Reads everyone's money. */
  money(signal: AbortSignal): Promise<MoneyReport> {
    const { config, rpc, tokenBlock } = this
    return readMoney(rpc, { escrow: config.escrow, token: config.token, deployedAt: tokenBlock }, signal)
  }

  /** Starts a provider, for the first time or again over its data folder. */
  async startProvider(name: string): Promise<Child> {
    const plan = this.#options.providers.find((one) => one.name === name)
    if (plan === undefined) throw new Error(`${name} is not in the plan`)
    const party = this.#party(name)
    const args = [
      ...this.#common(party, 'data'),
      '--listen',
      `/ip4/${plan.listen ?? '127.0.0.1'}/tcp/0`,
      ...(plan.images ?? []),
      '--share',
      String(plan.share),
      '--core-hour',
      plan.coreHour,
      '--machine-cache',
      join(this.#options.home, 'machine.json'),
      '--log',
      'json',
      ...((plan.gpus?.length ?? 0) === 0 ? [] : ['--gpu', ...(plan.gpus ?? [])]),
      ...(plan.slurm === undefined ? [] : ['--slurm', plan.slurm]),
      ...(plan.fault === undefined ? [] : ['--fault', plan.fault]),
    ]
    const script = fileURLToPath(import.meta.resolve('@souk/provider/bin'))
    return this.#start(name, script, args, PROVIDER_NODE)
  }

  /** Starts the requester's agent, for the first time or again over its data folder. */
  async startAgent(): Promise<Child> {
    const script = fileURLToPath(new URL('../../bin/souk.js', import.meta.url))
    const args = ['agent', 'start', ...this.#common(this.requester, ''), '--log', 'json']
    return this.#start(REQUESTER, script, args)
  }

  /** Stops providers and agent; chain and bootstrap peer go on. */
  async stopProcesses(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()))
    this.#children.clear()
  }

  /** Stops everything, in reverse order; may be called again. */
  async stop(): Promise<void> {
    await this.stopProcesses()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }

  async #startProcesses(): Promise<void> {
    this.#stops.push(() => this.stopProcesses())
    const { providers, onStep } = this.#options
    onStep(`starting ${providers.length} providers and a requester, each a process of its own`)
    const [first, ...others] = providers
    const watching = this.#startWatchers()
    // Whoever waits below hears of a failure.
    watching.catch(() => {})
    // The first measures the machine; the others read what it found.
    if (first !== undefined) await this.startProvider(first.name)
    await Promise.all([...others.map(({ name }) => this.startProvider(name)), this.startAgent(), watching])
  }

  async #startWatchers(): Promise<void> {
    const starting = this.watchers.map((party) =>
      startWatcher(this.config, party, join(this.#options.home, `${party.name}.log`)),
    )
    this.#stops.push(async () => {
      for (const one of await Promise.allSettled(starting)) if (one.status === 'fulfilled') await one.value()
    })
    await Promise.all(starting)
  }

  async #start(
    name: string,
    script: string,
    args: readonly string[],
    node: Pick<ChildOptions, 'flags' | 'env'> = {},
  ): Promise<Child> {
    const logFile = join(this.#options.home, `${name}.log`)
    const { signal, nodeFlags } = this.#options
    const child = await startChild({
      name,
      script,
      args,
      ...node,
      flags: [...(node.flags ?? []), ...(nodeFlags?.(name) ?? [])],
      logFile,
      ...(signal === undefined ? {} : { signal }),
    })
    this.#children.set(name, child)
    return child
  }

  #common(party: Party, data: string): string[] {
    return [
      '--network-file',
      layout(this.#options.home).networkFile,
      '--data',
      join(party.folder, data),
      '--account',
      party.account,
      '--keystore',
      party.keystore,
      '--password-file',
      party.passwordFile,
      '--exit-with-parent',
    ]
  }

  #party(name: string): Party {
    const party = this.parties.find((one) => one.name === name)
    if (party === undefined) throw new Error(`${name} has no account`)
    return party
  }
}

function describe(deployment: Awaited<ReturnType<typeof deployMarket>>, chain: DevChain): NetworkConfig {
  return {
    name: 'local',
    chainId: chain.chainId,
    escrow: deployment.escrow,
    token: deployment.token,
    tokenSymbol: 'devSOUK',
    tokenDecimals: 18,
    rpcUrls: [chain.rpcUrl],
    bootstrap: [],
    blockSeconds: BLOCK_SECONDS,
    settleBlocks: COURT.settleBlocks,
    dev: true,
    deployedAt: deployment.block,
    deployedHash: deployment.blockHash,
  }
}

/** The one address that everyone joins through: a peer of the network that sells and buys nothing. */
async function startBootstrap(config: NetworkConfig): Promise<SoukNode> {
  const node = await startNode({
    network: networkId(config),
    privateKey: await generateKeyPair('Ed25519'),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: [],
    dev: true,
  })
  await startOfferExchange(node, {
    publish: [],
    hear: ['cpu'],
    current: () => null,
    onAnnouncement: () => {},
  })
  return node
}
