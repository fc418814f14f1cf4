import type { Stream } from '@libp2p/interface'
import { BOUNDS } from './bounds.ts'
import { pause, startDeadline } from './deadline.ts'
import { streamClosed } from './stream-bytes.ts'

/** Closes both directions in order, or breaks off when the peer does not answer within `closeMs`; never throws. */
export async function closeStream(stream: Stream): Promise<void> {
  const closed = new AbortController()
  const deadline = startDeadline(BOUNDS.closeMs)
  stream.addEventListener('close', () => closed.abort(), { once: true })
  try {
    await stream.close({ signal: deadline.signal })
    if (isOpen(stream)) await pause(BOUNDS.closeMs, closed.signal)
  } catch {
    // Not closed in time, or already gone: broken off below either way.
  } finally {
    deadline.clear()
  }
  if (isOpen(stream)) stream.abort(streamClosed('lost'))
}

function isOpen(stream: Stream): boolean {
  return stream.status === 'open' || stream.status === 'closing'
}
