/** What we use of tar-stream 2, which brings no types. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream'

  export interface Headers {
    readonly name: string
    readonly type?: 'file' | 'link' | 'symlink' | 'directory' | 'fifo' | 'character-device' | 'block-device'
    readonly size?: number | undefined
    readonly mode?: number
    readonly uid?: number
    readonly gid?: number
    readonly mtime?: Date
    readonly linkname?: string | null | undefined
  }

  export interface Pack extends Readable {
    entry(header: Headers): Writable
    entry(header: Headers, content: string | Buffer): Writable
    finalize(): void
  }

  export function pack(): Pack
  /** Emits `entry` with a header, its content and what asks for the next one. */
  export function extract(): Writable
}
