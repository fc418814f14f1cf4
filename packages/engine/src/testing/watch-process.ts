import type { Hex } from '@souk/protocol'
import { forgotten, lastForgotten, votes } from '../court-records.ts'
import { advanceWatch } from '../watch.ts'
import {
  newWatch,
  type Watch,
  type WatchContext,
  type WatchEffect,
  type WatchEvent,
  type Whereabouts,
} from '../watch-state.ts'
import type { MemoryJournal } from './memory-journal.ts'
import { Process } from './process.ts'
import type { ProgramWorker } from './program-worker.ts'
import type { World } from './world.ts'

/** What a simulated watcher needs from the world around it. */
export interface WatcherWorld {
  readonly world: World
  readonly context: WatchContext
  readonly journal: MemoryJournal
  readonly secret: Hex
  readonly subjects: ReadonlyMap<Hex, Whereabouts>
  /** Answers a program that wants something of the chain or of a subject. */
  carryOut(effect: WatchEffect, post: (event: WatchEvent) => void): void
}

/** Carries out the effects of one watcher. */
export class WatcherProcess extends Process {
  readonly startedMs: number
  readonly watch: Watch
  readonly #worker: ProgramWorker<WatchEvent, WatchEffect>

  constructor({ world, context, journal, secret, subjects, carryOut }: WatcherWorld) {
    super(world)
    this.startedMs = world.nowMs
    this.watch = newWatch(secret, journal.all(votes), lastForgotten(journal.all(forgotten)))
    this.#worker = this.host<WatchEvent, WatchEffect>(
      (event) => advanceWatch(context, this.watch, event, world.nowMs),
      (effect) => {
        if (effect.do === 'persist') journal.commit(effect.writes)
        else carryOut(effect, (event) => this.post(event))
      },
    )
    this.post({ type: 'subjects', subjects })
  }

  /** Feeds an event to the program, unless the process has crashed. */
  post(event: WatchEvent): void {
    if (this.isAlive) this.#worker.post(event)
  }

  protected override tick(): void {
    this.post({ type: 'tick' })
  }
}
