import { groupCommit } from './group-commit.ts'

/** How a program's loop is connected to the process around it. */
export interface ProgramLoopOptions<Event, Effect> {
  advance(event: Event, nowMs: number): readonly Effect[]
  /** Carries out one effect; returns a promise where that is not over at once. */
  perform(effect: Effect): Promise<void> | void
  /**
   * Tells whether an effect need not wait for rows: it only tells another program of this process, whose own rows come
   * later in the same journal. None unless given.
   */
  ahead?(effect: Effect): boolean
  /** Monotonic milliseconds. */
  clock(): number
  /** Told about an effect that failed; the program then takes no further events. */
  fail(error: unknown): void
}

/**
 * Runs a program: events in order, effects in order, and no effect before the rows of its event and of all earlier ones
 * are durable (docs/ARCHITECTURE.md).
 *
 * The program itself does not wait for rows: it takes in the next event meanwhile, so that the journal writes the rows
 * of many events as one. What `perform` starts and does not return runs beside the program and reports back by `post`.
 */
export class ProgramLoop<Event, Effect extends { readonly do: string }> {
  readonly #options: ProgramLoopOptions<Event, Effect>
  /** Events that wait for the present one. */
  readonly #queue: { readonly event: Event; done(after: Promise<void>): void }[] = []
  /** Settles when the effects of all events so far are carried out. */
  #tail: Promise<void> = Promise.resolve()
  /** Events whose effects are not all carried out. */
  #open = 0
  #isBusy = false
  #isStopped = false
  #hasFailed = false

  constructor(options: ProgramLoopOptions<Event, Effect>) {
    this.#options = options
  }

  /** Tells whether events have to wait, because an effect comes first that takes its time. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Takes in an event, in the same turn where it can; resolves when all its effects are done. */
  post(event: Event): Promise<void> {
    if (this.#isBusy) return new Promise((done) => this.#queue.push({ event, done }))
    this.#take(event)
    const after = this.#tail
    this.#goOn()
    return after
  }

  /** Takes no further events; resolves when the effects of those before are done. */
  async stop(): Promise<void> {
    this.#isStopped = true
    // What is queued is ignored once its turn comes.
    while (this.#isBusy || this.#open > 0) await this.#tail
    await this.#tail
  }

  #goOn(): void {
    while (!this.#isBusy) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#take(next.event)
      next.done(this.#tail)
    }
  }

  #take(event: Event): void {
    if (this.#isStopped) return
    this.#isBusy = true
    try {
      const blocking = this.#handle(event)
      if (blocking === undefined) this.#isBusy = false
      else this.#block(blocking)
    } catch (error) {
      this.#isBusy = false
      this.#fail(error)
    }
  }

  /** Lets no further event in until this is over. */
  #block(work: Promise<void>): void {
    this.#tail = Promise.all([this.#tail, this.#counted(work)]).then(() => {
      this.#isBusy = false
      this.#goOn()
    })
  }

  /** Decides and begins what follows; returns a promise where that must be over before the next event. */
  #handle(event: Event): Promise<void> | undefined {
    const { advance, clock, ahead, perform } = this.#options
    const effects = groupCommit<Effect>(advance(event, clock())) as readonly Effect[]
    // Blocks come before the rows that name them.
    if (effects.some((effect) => effect.do === 'store')) return this.#inOrder(effects)
    let rows: Promise<void> | undefined
    const begun: Promise<void>[] = []
    const later: Effect[] = []
    for (const effect of effects) {
      if (effect.do === 'persist') rows = perform(effect) ?? undefined
      else if (ahead?.(effect) !== true) later.push(effect)
      else begun.push(...promised(perform(effect)))
    }
    if (rows !== undefined || later.length > 0) this.#later(rows, later)
    return begun.length === 0 ? undefined : Promise.all(begun).then(() => {})
  }

  /** Carries effects out once these rows and all earlier effects are done. */
  #later(rows: Promise<void> | undefined, effects: readonly Effect[]): void {
    if (rows === undefined && this.#open === 0) {
      const left = this.#atOnce(effects)
      if (left !== undefined) this.#tail = this.#counted(left)
      return
    }
    const before = rows === undefined ? this.#tail : Promise.all([this.#tail, rows])
    this.#tail = this.#counted(before.then(() => this.#each(effects)))
  }

  /** Carries effects out as long as each is over at once; returns a promise for the others. */
  #atOnce(effects: readonly Effect[]): Promise<void> | undefined {
    for (const [i, effect] of effects.entries()) {
      const done = this.#options.perform(effect)
      if (done !== undefined) return done.then(() => this.#each(effects.slice(i + 1)))
    }
    return undefined
  }

  async #each(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      if (this.#hasFailed) return
      const done = this.#options.perform(effect)
      if (done !== undefined) await done
    }
  }

  async #inOrder(effects: readonly Effect[]): Promise<void> {
    await this.#tail
    await this.#each(effects)
  }

  #counted(work: Promise<void>): Promise<void> {
    this.#open += 1
    return work
      .catch((error) => this.#fail(error))
      .then(() => {
        this.#open -= 1
      })
  }

  #fail(error: unknown): void {
    this.#isStopped = true
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#options.fail(error)
  }
}

function promised(done: Promise<void> | void): Promise<void>[] {
  return done === undefined ? [] : [done]
}
