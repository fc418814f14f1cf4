import { DoubleVoteDesk } from '@souk/court'
import type { SignedVote, Whereabouts } from '@souk/engine'
import type { FoundAnnouncement } from '@souk/network'
import { errorMessage, type Hex, type Quote } from '@souk/protocol'
import type { ChainLink, ChainSignal, LeaseOnChain, NetworkConfig } from '@souk/settlement'
import { Accusations, type AccusationsOptions } from './accusations.ts'
import { CourtFeed } from './court-feed.ts'
import { Defence } from './defence.ts'
import { Subjects } from './subjects.ts'
import { Unheard } from './unheard.ts'
import { UptimeKeeper } from './uptime-keeper.ts'
import { type WatchStatus, Watchtower, type WatchtowerOptions } from './watchtower.ts'

export interface CourtSideOptions
  extends Omit<WatchtowerOptions, 'subjects' | 'chain'>,
    Omit<AccusationsOptions, 'subjects' | 'chain' | 'given'> {
  readonly chain: Pick<ChainLink, 'sender' | 'reader' | 'head'>
  readonly config: NetworkConfig
  readonly nowSeconds: () => number
  /** Whether this process sells, and so is watched. */
  readonly sells: boolean
}

/** All that a provider has to do with the court: watching others, and answering what is said of itself. */
export class CourtSide {
  readonly #options: CourtSideOptions
  readonly #subjects: Subjects
  readonly #tower: Watchtower
  readonly #defence: Defence
  readonly #accusations: Accusations
  /** `null` where nothing is sold. */
  readonly #uptime: UptimeKeeper | null
  /** Who signed twice. */
  readonly #doubleVotes: DoubleVoteDesk
  readonly #unheard = new Unheard()
  readonly #feed: CourtFeed

  private constructor(
    options: CourtSideOptions,
    subjects: Subjects,
    tower: Watchtower,
    accusations: Accusations,
    uptime: UptimeKeeper | null,
    doubleVotes: DoubleVoteDesk,
  ) {
    this.#options = options
    this.#subjects = subjects
    this.#tower = tower
    this.#accusations = accusations
    this.#uptime = uptime
    this.#doubleVotes = doubleVotes
    this.#defence = new Defence(options)
    this.#feed = new CourtFeed(options.court, options.log)
  }

  /** Starts to answer probes, to watch, and to go on with what an earlier run was accused of. */
  static async start(options: CourtSideOptions): Promise<CourtSide> {
    const subjects = new Subjects(options.nowSeconds)
    const doubleVotes = await DoubleVoteDesk.open({
      ...options,
      onProblem: (sentence, error) => options.log.warn(sentence, { error: errorMessage(error) }),
      fatal: options.onFatal,
    })
    const given = (vote: SignedVote) => void doubleVotes.note([vote])
    const accusations = await Accusations.open({ ...options, subjects, given })
    const tower = await Watchtower.start({ ...options, subjects })
    const uptime = options.sells ? await UptimeKeeper.open({ ...options, subjects, given }) : null
    return new CourtSide(options, subjects, tower, accusations, uptime, doubleVotes)
  }

  /** Takes in an offer that the chain confirms. */
  announced(found: Pick<FoundAnnouncement, 'peerId' | 'announcement'>): void {
    this.#subjects.announced(found)
  }

  /** Takes in what the escrow said, or what a reorganisation took back. */
  happened({ kind, event }: Extract<ChainSignal, { kind: 'event' | 'removed' }>): void {
    this.#subjects.happened(event, kind === 'removed')
  }

  /** Takes what the chain shows of a lease of ours. */
  looked(quote: Quote, lease: Hex, chain: LeaseOnChain, head: number): void {
    void this.#defence.looked(quote, lease, chain, head)
  }

  /** Returns where a provider process was last known to be. */
  find(subject: Hex): Whereabouts | undefined {
    return this.#subjects.find(subject)
  }

  /** Tells whether a peer is a juror that may have this block of a result of ours. */
  authorizes(peerId: string, cid: string): boolean {
    return this.#accusations.authorizes(peerId, cid)
  }

  /** Tells whether what a closed lease keeps can go. */
  mayForget(lease: Hex, chain: LeaseOnChain, head: number): boolean {
    return this.#unheard.mayForget(lease, chain, head)
  }

  /** Takes a new block, and what the court was told in it. */
  onHead(block: number): void {
    void this.#tower.onHead(block)
    this.#uptime?.onHead(block)
    void this.#doubleVotes.onHead(block)
    void this.#feed
      .look(block, async (placed) => {
        await this.#tower.heard(placed)
        await this.#accusations.heard(placed)
      })
      .then((isAllTaken) => {
        if (isAllTaken) this.#unheard.heardUntil(block)
        this.#accusations.onHead(block)
      })
      .catch((error) => this.#options.log.warn('the court was not read', { error: errorMessage(error) }))
  }

  /** Goes on watching from term to term, or takes no further place; also after a restart. */
  renew(renews: boolean): Promise<void> {
    return this.#tower.renew(renews)
  }

  /** Tells where this process stands as a watcher. */
  status(): Promise<WatchStatus> {
    return this.#tower.status()
  }

  async stop(): Promise<void> {
    await this.#uptime?.stop()
    await this.#tower.stop()
    await this.#accusations.stop()
    await this.#doubleVotes.stop()
  }
}
