/** What we use of BullMQ, which only those who run the benchmarks install. */
declare module 'bullmq' {
  import type { EventEmitter } from 'node:events'

  interface Options {
    readonly connection: { readonly host: string; readonly port: number }
    readonly concurrency?: number
  }

  export class Queue {
    constructor(name: string, options: Options)
    add(name: string, data: object): Promise<Job>
    addBulk(jobs: readonly { name: string; data: object }[]): Promise<Job[]>
    close(): Promise<void>
  }

  export class Job {
    waitUntilFinished(events: QueueEvents): Promise<unknown>
  }

  export class QueueEvents extends EventEmitter {
    constructor(name: string, options: Options)
    waitUntilReady(): Promise<unknown>
    close(): Promise<void>
  }

  export class Worker extends EventEmitter {
    constructor(name: string, work: () => Promise<unknown>, options: Options)
    waitUntilReady(): Promise<unknown>
    close(): Promise<void>
  }
}
