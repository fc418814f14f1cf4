import { wasi } from '@bjorn3/browser_wasi_shim'
import type { VirtualClock } from './clock.ts'

const SUBSCRIPTION_BYTES = 48
const EVENT_BYTES = 32
const ABSOLUTE = 1

interface Subscription {
  readonly userdata: bigint
  readonly type: number
  /** Virtual nanoseconds from now until it fires; descriptors are always ready. */
  readonly afterNs: bigint
}

/**
 * Answers `poll_oneoff`: files are ready at once; if only clocks are waited for, virtual time jumps to the
 * earliest of them. Writes the events that fired and their number, and returns a WASI error number.
 */
export function pollOneoff(
  memory: DataView,
  clock: VirtualClock,
  input: number,
  output: number,
  count: number,
  firedAt: number,
): number {
  if (count === 0) return wasi.ERRNO_INVAL
  const subscriptions = Array.from({ length: count }, (_, i) =>
    readSubscription(memory, clock, input + i * SUBSCRIPTION_BYTES),
  )
  const earliest = subscriptions.reduce(
    (least, { afterNs }) => (afterNs < least ? afterNs : least),
    2n ** 64n,
  )
  clock.jump(earliest)
  const fired = subscriptions.filter(({ afterNs }) => afterNs <= earliest)
  for (const [i, event] of fired.entries()) writeEvent(memory, output + i * EVENT_BYTES, event)
  memory.setUint32(firedAt, fired.length, true)
  return wasi.ERRNO_SUCCESS
}

function readSubscription(memory: DataView, clock: VirtualClock, at: number): Subscription {
  const userdata = memory.getBigUint64(at, true)
  const type = memory.getUint8(at + 8)
  if (type !== wasi.EVENTTYPE_CLOCK) return { userdata, type, afterNs: 0n }
  const timeout = memory.getBigUint64(at + 24, true)
  if ((memory.getUint16(at + 40, true) & ABSOLUTE) === 0) return { userdata, type, afterNs: timeout }
  const realtime = memory.getUint32(at + 16, true) === wasi.CLOCKID_REALTIME
  const left = timeout - (realtime ? clock.realtime() : clock.elapsed())
  return { userdata, type, afterNs: left > 0n ? left : 0n }
}

function writeEvent(memory: DataView, at: number, event: Subscription): void {
  new Uint8Array(memory.buffer, at, EVENT_BYTES).fill(0)
  memory.setBigUint64(at, event.userdata, true)
  memory.setUint8(at + 10, event.type)
}
