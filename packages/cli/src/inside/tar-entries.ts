import { on, once } from 'node:events'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { extract, type Headers } from 'tar-stream'
import { CliError } from '../errors.ts'

/** Bytes of an archive in which neither an entry nor its content shows: a header's are kept in memory until it ends. */
const TAR_HEADER_BYTES = 1_048_576

/** One entry while a tar stream is read; its content may be left unread. */
export interface TarEntry {
  readonly header: Headers
  readonly content: Readable
}

/** Reads the entries of a tar stream in order; throws where that ends early or is none. */
export async function* tarEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = extract()
  const entries = on(reader, 'entry', { close: ['finish'] })
  const progress = { headerBytes: 0 }
  reader.on('entry', () => {
    progress.headerBytes = 0
  })
  const feeding = feed(source, reader, progress)
  feeding.catch(() => {})
  try {
    for await (const [header, content, next] of entries) {
      const body = follow(content as Readable, reader, progress)
      yield { header: header as Headers, content: body }
      body.resume()
      next()
    }
    await feeding
  } finally {
    reader.destroy()
    await feeding.catch(() => {})
  }
}

/** Hands on an entry's content; its own stream neither ends nor fails where the archive does. */
function follow(content: Readable, reader: Writable, progress: { headerBytes: number }): Readable {
  const body = new PassThrough()
  const onError = (error: Error) => body.destroy(error)
  reader.once('error', onError)
  content.on('data', () => {
    progress.headerBytes = 0
  })
  content.once('end', () => reader.off('error', onError))
  // Whoever reads it hears of a failure; nobody may.
  body.on('error', () => {})
  return content.pipe(body)
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  reader: Writable,
  progress: { headerBytes: number },
): Promise<void> {
  let isOver = false
  const over = once(reader, 'close').finally(() => {
    isOver = true
  })
  over.catch(() => {})
  try {
    for await (const chunk of source) {
      if (isOver) return
      progress.headerBytes += chunk.byteLength
      if (progress.headerBytes > TAR_HEADER_BYTES) throw tooLong()
      if (!reader.write(chunk)) await Promise.race([once(reader, 'drain'), over])
    }
    reader.end()
  } catch (error) {
    reader.destroy(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

function tooLong(): CliError {
  return new CliError(
    `expected an archive's headers to be short, got ${TAR_HEADER_BYTES} bytes without an entry; nothing more was unpacked`,
    { code: 'BAD_ARCHIVE' },
  )
}
