import { DisputeRunner, type DisputeServices, keepEvidence } from '@souk/court'
import { newAccusation, put, type Summons, sales, summonses, type Table } from '@souk/engine'
import {
  errorMessage,
  type Hex,
  ProgramError,
  rawCidOfDigest,
  requireJudgeableTask,
  signCourtStruct,
  taskCodec,
} from '@souk/protocol'
import type { PlacedCourtEvent } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { Log } from './log.ts'
import type { Subjects } from './subjects.ts'

export interface AccusationsOptions extends Pick<DisputeServices, 'court' | 'chain' | 'node' | 'network'> {
  /** The key that signed the results. */
  readonly key: Uint8Array
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly subjects: Pick<Subjects, 'find'>
  readonly given: DisputeServices['given']
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

/** Challenged results of ours, by subject, until their disputes are over. */
export const accusations: Table<Summons> = { table: 'accusations', codec: summonses.codec }

/** Challenges of our results that are followed at the same time; each cost its challenger a deposit. */
const MOST_ACCUSATIONS = 1_024
/** Milliseconds between ticks of every dispute. */
const TICK_MS = 200

/**
 * The accused provider's side of disputes (docs/PROTOCOL.md §12.5): keeps what was executed, serves it to jurors, and does
 * what its challengers leave undone.
 */
export class Accusations {
  readonly #options: AccusationsOptions
  readonly #services: DisputeServices
  readonly #runners = new Map<Hex, DisputeRunner>()
  /** Blocks that jurors may fetch, by subject. */
  readonly #evidence = new Map<Hex, ReadonlySet<string>>()
  readonly #ticker: ReturnType<typeof setInterval>

  private constructor(options: AccusationsOptions) {
    const { key, court, node, subjects, log } = options
    this.#options = options
    this.#services = {
      ...options,
      find: (holder) => subjects.find(holder),
      plead: (subject) => signCourtStruct(key, court.id, 'Plea', { subject, peerId: node.peerId }),
      // The accused challenges nothing, and so lets the court take nothing.
      exclusively: (work) => work(),
      onProblem: (sentence, error) => log.warn(sentence, { error: errorMessage(error) }),
    }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Goes on with the disputes that an earlier run left. */
  static async open(options: AccusationsOptions): Promise<Accusations> {
    const all = new Accusations(options)
    for (const { key, value } of await options.journal.scan(accusations.table)) {
      await all.#begin(key as Hex, accusations.codec.decode(value))
    }
    return all
  }

  /** Takes what the court said; a challenge is on disk, and its evidence kept, when this resolves. */
  async heard({ event, at }: PlacedCourtEvent): Promise<void> {
    if (event.kind !== 'challenged') return
    const { journal, court, log } = this.#options
    const { subject, lease, task, output } = event
    if (this.#runners.has(subject) || this.#runners.size >= MOST_ACCUSATIONS) return
    const bytes = await journal.get(sales.table, lease)
    if (bytes === undefined || (await court.reader.dispute(subject)).stage === 'done') return
    const { quote } = sales.codec.decode(bytes)
    const row = { quote, lease, task, output, block: at.block }
    await journal.commit([put(accusations, subject, row)], 'synced')
    await this.#begin(subject, row)
    log.info('a result was challenged', { lease, task, output })
  }

  /** Takes a new block. */
  onHead(block: number): void {
    for (const runner of this.#runners.values()) runner.onHead(block)
    this.#clearAway()
  }

  /** Tells whether a peer is a juror that may have this block. */
  authorizes(peerId: string, cid: string): boolean {
    for (const [subject, { jurors, isOver }] of this.#runners) {
      if (!isOver && jurors.has(peerId) && this.#evidence.get(subject)?.has(cid)) return true
    }
    return false
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    for (const runner of this.#runners.values()) await runner.stop()
  }

  async #begin(subject: Hex, { quote, lease, task, output }: Summons): Promise<void> {
    this.#evidence.set(subject, await this.#keep(subject, task))
    const dispute = newAccusation(quote, { lease, task, output })
    this.#runners.set(subject, new DisputeRunner(dispute, this.#services))
  }

  /** Keeps what jurors need, as far as it is here; without it the challenger alone can serve them. */
  async #keep(subject: Hex, task: Hex): Promise<ReadonlySet<string>> {
    const { blocks, log } = this.#options
    const cid = rawCidOfDigest(task)
    await blocks.pin(subject, [cid])
    const bytes = await blocks.get(cid)
    if (bytes === undefined) {
      log.warn('a challenged task is no longer here: only its challenger can serve it', { task })
      return new Set()
    }
    try {
      const decoded = taskCodec.decode(bytes)
      requireJudgeableTask(decoded)
      return await keepEvidence(blocks, subject, decoded)
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
      // Its own bytes tell jurors that they need no more.
      return new Set([cid])
    }
  }

  #clearAway(): void {
    for (const [subject, { isOver }] of this.#runners) {
      if (!isOver || !this.#evidence.delete(subject)) continue
      void this.#forget(subject).catch((error) => {
        this.#services.onProblem('a dispute that is over was not cleared away', error)
      })
    }
  }

  async #forget(subject: Hex): Promise<void> {
    const { journal, blocks, log } = this.#options
    await journal.commit([{ table: accusations.table, key: subject, value: null }], 'committed')
    await blocks.unpin(subject)
    log.info('a challenge is over', { subject, verdict: this.#runners.get(subject)?.status().verdict?.value })
    this.#runners.delete(subject)
  }

  #tick(): void {
    for (const runner of this.#runners.values()) if (!runner.isOver) void runner.post({ type: 'tick' })
  }
}
