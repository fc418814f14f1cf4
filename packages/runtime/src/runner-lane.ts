import { InvariantError } from '@souk/protocol'
import type { GuestNews, GuestResult, RunnerMessage } from './guest/messages.ts'
import { processCpuMs } from './process-time.ts'
import { type Ready, runRequests } from './runner-batch.ts'
import { failed, failureOf } from './runner-failures.ts'
import type { RunnerJob } from './runner-job.ts'
import { Preparation } from './runner-preparation.ts'
import type { Runner, RunnerDeath } from './runner-process.ts'
import { RunnerService } from './runner-service.ts'
import { RunnerWatch } from './runner-watch.ts'
import { RunnerWindow } from './runner-window.ts'

/** Milliseconds for a task that nobody wants any more to end by itself; its runner is killed after that. */
const GRACE_MS = 50

/** What a lane needs of its executor. */
export interface LaneHost {
  /** Starts a runner, or hands out the one in reserve. */
  takeRunner(): Promise<Runner>
  /** Takes jobs back that did not run, to be given out before all others. */
  giveBack(jobs: readonly RunnerJob[]): void
  /** A program runs long: its runner may soon have to be replaced. */
  slow(): void
  /** There may be room for further jobs. */
  roomy(): void
}

/** A job in the runner; `null` for one that was taken back, whose answer counts nothing. */
interface Sent {
  readonly seq: number
  job: RunnerJob | null
}

/** One core's place: a runner, the jobs in it in order, and those that are made ready for it. */
export class RunnerLane {
  readonly #host: LaneHost
  readonly #watch = new RunnerWatch({ slow: () => this.#becomeSlow(), late: () => void this.#stopLate() })
  readonly #window = new RunnerWindow()
  readonly #preparation = new Preparation(() => this.#current())
  readonly #preparing = new Set<RunnerJob>()
  readonly #ready: Ready[] = []
  readonly #ending = new Set<Promise<void>>()
  readonly #sent: Sent[] = []
  #runner: Promise<Runner> | null = null
  #live: Runner | null = null
  #seq = 0
  #slow = false
  #flushing = false
  #stopped = false

  constructor(host: LaneHost) {
    this.#host = host
  }

  /** Jobs that are here. */
  get load(): number {
    return this.#preparing.size + this.#ready.length + this.#sent.length
  }

  /** Starts the lane's runner. Throws what starting one throws. */
  start(): Promise<Runner> {
    return this.#current()
  }

  /** Tells whether a job may come here now. */
  hasRoomFor(job: RunnerJob): boolean {
    if (this.load === 0) return true
    return !this.#slow && job.light && this.#window.hasRoom(this.load)
  }

  /** Makes a job ready and runs it when its turn comes. */
  take(job: RunnerJob): void {
    job.withdraw = () => this.#withdraw(job)
    this.#preparing.add(job)
    void this.#prepare(job)
  }

  /** Kills the runner with whatever it does; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#watch.end()
    const runner = await this.#runner?.catch(() => undefined)
    await runner?.kill()
    await Promise.all(this.#ending)
  }

  async #prepare(job: RunnerJob): Promise<void> {
    try {
      const world = await this.#preparation.prepare(job)
      if (world !== null) this.#ready.push({ job, world })
    } catch (error) {
      job.settle(failureOf(error))
    }
    this.#preparing.delete(job)
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => this.#flush())
  }

  /** Sends what is ready, everything of one turn of the event loop together. */
  #flush(): void {
    this.#flushing = false
    const ready = this.#ready.splice(0).filter(({ job }) => !job.settled)
    if (this.#live === null || this.#slow) this.#host.giveBack(ready.map(({ job }) => job))
    else this.#send(this.#live, ready)
    this.#host.roomy()
  }

  #send(runner: Runner, ready: readonly Ready[]): void {
    const wasIdle = this.#sent.length === 0
    const { requests, unready } = runRequests(runner, ready, (job) => this.#enter(job))
    for (const request of requests) runner.send(request)
    for (const job of unready) this.take(job)
    if (wasIdle) this.#watchHead()
  }

  /** Notes a job as sent, and returns its number. */
  #enter(job: RunnerJob): number {
    this.#seq += 1
    this.#sent.push({ seq: this.#seq, job })
    return this.#seq
  }

  #watchHead(): void {
    const head = this.#sent[0]
    if (head === undefined) this.#watch.end()
    else this.#watch.begin(head.job?.execution.deadlineMs ?? GRACE_MS)
  }

  #hear(runner: Runner, message: RunnerMessage): void {
    if (message.kind === 'ready' || message.kind === 'probed') return
    const head = this.#sent[0]
    if (head?.seq !== message.seq)
      throw new InvariantError(`a runner told of task ${message.seq} out of turn`)
    if (message.kind === 'news') this.#heard(runner, head.job, message.news)
    else if (message.kind !== 'ended') head.job?.service?.hear(message)
    else this.#ended(runner, head, message.result)
  }

  #heard(runner: Runner, job: RunnerJob | null, news: GuestNews): void {
    if (news.kind === 'started' && job?.isService)
      job.service = new RunnerService({
        send: (call) => runner.send({ kind: 'call', call }),
        late: () => this.#restart(job),
      })
    job?.hear(news)
  }

  /** Begins a service anew that does not come back from a call. */
  #restart(job: RunnerJob): void {
    if (this.#sent[0]?.job !== job) return
    job.endService()
    this.#replace()
  }

  #ended(runner: Runner, { job }: Sent, result: GuestResult | null): void {
    this.#sent.shift()
    this.#slow = false
    this.#watchHead()
    if (job !== null && result === null) throw new InvariantError('a runner dropped a task that is wanted')
    if (result?.kind === 'output') this.#window.note(result.runMs)
    if (job !== null && result !== null) {
      if (result.kind === 'failed' && result.code === 'bad-program') runner.compiled.delete(job.key)
      job.settle(result)
    }
    this.#host.roomy()
  }

  /** Gives what waits behind a long task to whoever has room first. */
  #becomeSlow(): void {
    this.#slow = true
    this.#host.slow()
    const behind = this.#sent.slice(1)
    const jobs = behind.flatMap(({ job }) => (job === null ? [] : [job]))
    for (const sent of behind) sent.job = null
    if (behind.length > 0) this.#live?.send({ kind: 'drop', seqs: behind.map(({ seq }) => seq) })
    this.#host.giveBack(jobs)
  }

  async #stopLate(): Promise<void> {
    const head = this.#sent[0]
    const pid = this.#live?.pid
    const cpuMs = pid === undefined ? null : await processCpuMs(pid)
    // It may have ended while we looked.
    if (head === undefined || this.#sent[0] !== head) return
    const deadlineMs = head.job?.execution.deadlineMs
    const why = `the program ran longer than its deadline of ${deadlineMs} ms and was stopped`
    head.job?.settle({ ...failed('deadline', why), cpuMs })
    this.#replace()
  }

  /** Takes a job back that has its outcome already; one that has just begun may end by itself. */
  #withdraw(job: RunnerJob): void {
    const sent = this.#sent.find((each) => each.job === job)
    if (sent === undefined) return
    sent.job = null
    if (sent !== this.#sent[0]) this.#live?.send({ kind: 'drop', seqs: [sent.seq] })
    else if (this.#slow) this.#replace()
    else this.#watchUnwanted()
  }

  #watchUnwanted(): void {
    this.#host.slow()
    this.#watchHead()
  }

  /** Kills the runner and starts another; what waited in it is given back. */
  #replace(): void {
    const ending = this.#live?.kill() ?? Promise.resolve()
    this.#ending.add(ending)
    void ending.then(() => this.#ending.delete(ending))
    this.#forget()
    // A failed start is told to the next task, which tries again.
    if (!this.#stopped) this.#current().catch(() => undefined)
    this.#host.roomy()
  }

  #died(runner: Runner, { code, message }: RunnerDeath): void {
    if (this.#live !== runner) return
    const job = this.#sent[0]?.job
    // What one call did to its process is nothing that the next one must suffer from.
    if (job?.service) job.endService()
    else job?.settle(failed(code, message))
    this.#forget()
    this.#host.roomy()
  }

  #forget(): void {
    this.#live?.listen(() => {})
    this.#live = null
    this.#runner = null
    this.#slow = false
    this.#watch.end()
    const jobs = this.#sent.splice(0).flatMap(({ job }) => (job === null || job.settled ? [] : [job]))
    this.#host.giveBack(jobs)
  }

  #current(): Promise<Runner> {
    if (this.#runner) return this.#runner
    const started = this.#host.takeRunner()
    this.#runner = started
    started.then(
      (runner) => this.#adopt(runner),
      () => {
        this.#runner = null
      },
    )
    return started
  }

  #adopt(runner: Runner): void {
    this.#live = runner
    runner.listen((message) => this.#hear(runner, message))
    void runner.exited.then((death) => this.#died(runner, death))
  }
}
