import { type FrameOf, rawCid, toHex } from '@souk/protocol'

/** Returns a beat with number `n`. */
export function beat(n: number): FrameOf<'beat'> {
  return { t: 'beat', ack: 0, n, boot: toHex(new Uint8Array(16)), credit: 1, running: [], load: 0, gpus: [] }
}

/** Returns a frame of about 250 KiB: a batch of results with inline blocks. */
export function largeFrame(seq: number): FrameOf<'results'> {
  const digest = toHex(new Uint8Array(32))
  return {
    t: 'results',
    seq,
    ack: 0,
    results: [
      {
        attempt: 'a',
        task: digest,
        output: { v: 1, status: { kind: 'trap' }, fuel: 0n, stdout: rawCid(new Uint8Array()), files: [] },
      },
    ],
    signature: toHex(new Uint8Array(64)),
    inline: Array.from({ length: 7 }, () => new Uint8Array(32 * 1024)),
  }
}
