import { openSession, type Session, type SessionOptions, type SoukNode } from '@souk/network'
import { type Hex, type SessionPurpose, toHex } from '@souk/protocol'
import type { JobRunner } from './job-runner.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import {
  bytesOf,
  callOf,
  type Exec,
  execOf,
  type Forwarded,
  forwardOf,
  logsOf,
  sendBytes,
} from './session-calls.ts'
import { findPlace, type SessionPlace, sessionPlaces } from './session-places.ts'

/** What sessions need from the process around them. */
export interface SessionServices {
  readonly node: SoukNode
  readonly jobs: ReadonlyMap<string, JobRunner>
  readonly leases: ReadonlyMap<Hex, PurchaseRunner>
  random(bytes: number): Uint8Array
}

/** Which attempt is meant: a job or a lease, and a task's number where it has several. */
export interface SessionTarget {
  readonly name: string
  readonly task?: number | undefined
}

/**
 * The ways into what runs on our leases. Every call throws `PlaceError` where the target is no single attempt,
 * `SessionError` where the provider refuses, and `NetworkError` where it cannot be reached.
 */
export class Sessions {
  readonly #services: SessionServices

  constructor(services: SessionServices) {
    this.#services = services
  }

  /** Lists the attempts that can be looked into. */
  places(): SessionPlace[] {
    return sessionPlaces(this.#services.jobs.values(), this.#services.leases)
  }

  /** Finds the one attempt that is meant; any replica, also one that has ended, where only its log is read. */
  find(target: SessionTarget, isForLogs: boolean): SessionPlace {
    return findPlace(this.places(), { ...target, isForLogs })
  }

  /** Opens a session of any kind. */
  async open(target: SessionTarget, purpose: SessionPurpose, options: SessionOptions = {}): Promise<Session> {
    const { node, leases, random } = this.#services
    const isForLogs = purpose.kind === 'logs'
    const { lease, attempt } = this.find(target, isForLogs)
    const runner = leases.get(lease)
    if (runner === undefined) throw new Error(`the lease ${lease} was listed and is gone`)
    const { peerId, addresses } = runner.state.purchase
    const wish = { session: toHex(random(16)), lease, attempt, purpose }
    const session = await openSession(node, { peerId, addresses }, wish, options)
    if (!isForLogs) {
      const release = runner.hold(attempt)
      if (session.over.aborted) release()
      else session.over.addEventListener('abort', release, { once: true })
    }
    return session
  }

  /** Reads what an attempt wrote last and, if it is followed, writes. */
  async *logs(target: SessionTarget, follow: boolean, options?: SessionOptions) {
    yield* logsOf(await this.open(target, { kind: 'logs', follow }, options))
  }

  /** Runs a command beside a program, in a terminal of a size in characters, or without. */
  async exec(
    target: SessionTarget,
    command: readonly string[],
    terminal: { columns: number; rows: number } | null = null,
    options?: SessionOptions,
  ): Promise<Exec> {
    return execOf(await this.open(target, { kind: 'exec', command: [...command], terminal }, options))
  }

  /** Asks a service for one answer (PROTOCOL §9.3); `deadlineMs` milliseconds are given to it. */
  async call(
    target: SessionTarget,
    call: { env: readonly string[]; deadlineMs: number; body: AsyncIterable<Uint8Array> },
    options?: SessionOptions,
  ): Promise<Pick<Exec, 'output' | 'exited' | 'kill'>> {
    const purpose: SessionPurpose = { kind: 'call', env: [...call.env], deadlineMs: call.deadlineMs }
    return callOf(await this.open(target, purpose, options), call.body)
  }

  /** Connects to a TCP port that a program listens on. */
  async forward(target: SessionTarget, port: number, options?: SessionOptions): Promise<Forwarded> {
    return forwardOf(await this.open(target, { kind: 'forward', port }, options))
  }

  /** Reads a file or folder as a tar stream. */
  async *read(target: SessionTarget, path: string, options?: SessionOptions) {
    yield* bytesOf(await this.open(target, { kind: 'read', path }, options))
  }

  /** Unpacks a tar stream below a folder. */
  async write(
    target: SessionTarget,
    path: string,
    tar: AsyncIterable<Uint8Array>,
    options?: SessionOptions,
  ): Promise<void> {
    await sendBytes(await this.open(target, { kind: 'write', path }, options), tar)
  }
}
