import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Demand } from '@souk/protocol'
import type { Requester } from '@souk/requester'
import { openAgent } from '@souk/requester/node'
import { networkId } from '@souk/settlement'
import { startChild } from '../../packages/cli/src/local-market/child.ts'
import { LocalMarket, type ProviderPlan } from '../../packages/cli/src/local-market/local-market.ts'
import type { Setup } from '../harness/benchmark.ts'
import { openProviderProbe, type ProviderProbe } from './provider-probe.ts'

/** A real market with provider processes, a raw peer process, and the requester in this process. */
export interface WarmMarket {
  readonly requester: Requester
  /** What the providers note, where they are `probed`. */
  readonly provider: ProviderProbe
  /** The processes, to end some and start them again. */
  readonly processes: LocalMarket
  /** Starts a provider again, with its probe. */
  restart(name: string): Promise<void>
  /** Process ids of the providers. */
  readonly pids: readonly number[]
  /** Process id of the raw peer. */
  readonly echoPid: number
  readonly network: ReturnType<typeof networkId>
  /** Address of the raw peer. */
  readonly echoAddress: string
  stop(): Promise<void>
}

/** Who sells: one provider that notes when tasks begin, unless told otherwise. */
export interface Sellers {
  readonly providers: readonly ProviderPlan[]
  readonly probed: boolean
  /** Flags of Node that a provider gets beside the usual ones, by its name; none unless told. */
  readonly nodeFlags?: (name: string) => readonly string[]
}

const ONE: Sellers = { providers: [{ name: 'provider-1', share: 1, coreHour: '0.10' }], probed: true }
const ECHO_PEER = fileURLToPath(new URL('./echo-peer.ts', import.meta.url))
/** Milliseconds for the provider's offer to arrive and to be found good on the chain. */
const OFFER_MS = 30_000

/** Starts everything and returns when every provider's offer fits `demand` and the peers are connected. */
export async function openWarmMarket(
  setup: Setup,
  demand: Demand,
  { providers, probed, nodeFlags = () => [] }: Sellers = ONE,
): Promise<WarmMarket> {
  const { signal, step } = setup
  const home = await mkdtemp(join(tmpdir(), 'souk-bench-lease-'))
  const stops: (() => Promise<void>)[] = [() => rm(home, { recursive: true, force: true })]
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one()
  }
  try {
    const provider = openProviderProbe(home)
    const env = probed ? provider.env : {}
    const market = await inEnvironment(env, () =>
      LocalMarket.start({ home, providers, nodeFlags, onStep: step, signal }),
    )
    stops.push(() => market.stop())
    // One block for each transaction: leases are settled between two measurements without waiting for blocks.
    await market.chain.setInterval(0)
    await market.chain.setAutomine(true)
    const requester = await takeOver(market, stops)
    step('waiting for the offers of the providers')
    await untilOffered(requester, demand, providers.length, signal)
    const network = networkId(market.config)
    const args = [network.name, String(network.chainId), network.escrow]
    const echo = await startChild({
      name: 'the raw peer',
      script: ECHO_PEER,
      args,
      logFile: join(home, 'echo.log'),
      signal,
    })
    stops.push(() => echo.stop())
    const pids = providers.map(({ name }) => market.child(name)?.pid ?? 0)
    const restart = async (name: string) => {
      await market.child(name)?.stop()
      await inEnvironment(env, () => market.startProvider(name))
    }
    const peer = { echoAddress: String(echo.ready.address), echoPid: echo.pid }
    return { requester, provider, processes: market, restart, pids, network, ...peer, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Ends the market's own agent and opens its data folder in this process, where the clock is at hand. */
async function takeOver(market: LocalMarket, stops: (() => Promise<void>)[]): Promise<Requester> {
  const party = market.requester
  await market.child(party.name)?.stop()
  const agent = await openAgent({
    folder: party.folder,
    networkFile: join(party.folder, '..', 'network.json'),
    account: party.account,
    keystore: party.keystore,
    passwordFile: party.passwordFile,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    onProblem: () => {},
    onFatal: (error) => {
      throw error
    },
    onShutdown: () => {},
  })
  stops.push(() => agent.stop())
  return agent.requester
}

async function untilOffered(
  requester: Requester,
  demand: Demand,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  for (const end = performance.now() + OFFER_MS; performance.now() < end; ) {
    const { fits } = await requester.offers(demand)
    if (fits >= count) return
    await sleep(50, undefined, { signal })
  }
  // Says why nothing fits.
  await requester.quote(demand)
}

/** Runs `work` while child processes get more environment. */
async function inEnvironment<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    return await work()
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}
