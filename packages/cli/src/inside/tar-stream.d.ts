/** What we use of tar-stream 2, which brings no types. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream'

  export interface TarHeader {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly mode: number
    readonly mtime: Date
    readonly linkname?: string | null | undefined
  }

  export interface TarPack extends Readable {
    entry(header: Partial<TarHeader>): Writable
    entry(header: Partial<TarHeader>, content: string): Writable
    finalize(): void
  }

  export function pack(): TarPack
  /** Emits `entry` with a header, its content and what asks for the next one. */
  export function extract(): Writable
}
