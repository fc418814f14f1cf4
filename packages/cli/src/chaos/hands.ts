import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Hex, LIMITS } from '@souk/protocol'
import { createEscrowReader, type EscrowReader, type MoneyReport } from '@souk/settlement'
import { type ControlClient, connectControl } from '@souk/storage/node'
import { layout } from '../home.ts'
import type { Party } from '../local-market/accounts.ts'
import type { LocalMarket } from '../local-market/local-market.ts'
import { failed, until } from './until.ts'

/** Settlement times mined before a lease that is not open counts as one that nobody will open. */
const NEVER_ROUNDS = 2
/** Seconds after a quote after which it can no longer be opened, and nobody waits for it. */
const NEVER_SECONDS = LIMITS.openBeforeSeconds + 120
/** Milliseconds for all money to be read. */
const MONEY_MS = 30_000

/** A market of real processes in the hands of somebody who asks, breaks and settles them. */
export class MarketHands {
  readonly home: string
  readonly market: LocalMarket
  readonly reader: EscrowReader
  readonly #patienceMs: number | undefined

  /** `patienceMs` is what settlement gets; minutes unless told. */
  constructor(home: string, market: LocalMarket, patienceMs?: number) {
    this.home = home
    this.market = market
    this.reader = createEscrowReader(market.rpc, market.config)
    this.#patienceMs = patienceMs
  }

  /** Names of the providers. */
  get names(): string[] {
    return this.market.parties.filter((one) => one !== this.market.requester).map((one) => one.name)
  }

  party(name: string): Party {
    const found = this.market.parties.find((one) => one.name === name)
    if (found === undefined) throw failed(`nobody is called ${name}`)
    return found
  }

  /** Data folder of the agent or of a provider. */
  folder(name: string): string {
    return name === this.market.requester.name ? layout(this.home).agent : join(this.home, name, 'data')
  }

  /** Asks the process that owns a folder. */
  async ask<T>(name: string, method: string, params?: unknown): Promise<T> {
    const client = await this.connect(name)
    try {
      return (await client.call(method, params)) as T
    } finally {
      client.close()
    }
  }

  async connect(name: string): Promise<ControlClient> {
    const client = await connectControl(this.folder(name))
    if (client === undefined) throw failed(`${name} does not answer`)
    return client
  }

  /**
   * Waits until nothing is left to settle, mining the settlement time where every open lease has ended and its
   * provider has had its money, and at last the time after which a lease that is not open never will be.
   */
  async settle(redeemed: (lease: Hex) => Promise<boolean> = async () => true): Promise<void> {
    let rounds = 0
    const look = async () => {
      const open = await this.ask<Hex[]>(this.market.requester.name, 'unsettled')
      if (open.length === 0) return true
      const states = await Promise.all(open.map((lease) => this.reader.leaseState(lease)))
      if (states.some(({ status }) => status === 'open' || status === 'finalizable')) return false
      const ended = open.filter((_, i) => states[i]?.status === 'ended')
      if ((await Promise.all(ended.map(redeemed))).some((one) => !one)) return false
      rounds += 1
      const { chain, config } = this.market
      if (ended.length > 0 || rounds <= NEVER_ROUNDS) await chain.mine(config.settleBlocks)
      else await chain.mine(1, NEVER_SECONDS)
      await pause(1_000 * config.blockSeconds)
      return false
    }
    await until('every lease is settled', look, this.#patienceMs)
  }

  /** Reads everyone's money. */
  money(): Promise<MoneyReport> {
    return this.market.money(AbortSignal.timeout(MONEY_MS))
  }
}
