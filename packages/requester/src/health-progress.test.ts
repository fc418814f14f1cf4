import type { Frame } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { ProgressBook } from './health-progress.ts'

const CHECKPOINT = { t: 'checkpoint', ack: 0, attempt: 'a', cid: 'cid', bytes: 1 } as const

const ON = { lease: 'lease', deadlineMs: 5_000 }

function beat(...running: string[]): Frame {
  return { t: 'beat', ack: 0, n: 1, boot: '0x00', credit: 1, running, load: 0, gpus: [] }
}

/** Beat `n` of a provider, which comes at any time and says that these run. */
function ran(n: number, ...executing: string[]): Frame {
  const running = ['a', 'b']
  return { t: 'beat', ack: 0, n, boot: '0x00', credit: 2, running, executing, load: 0, gpus: [] }
}

describe('progress', () => {
  test('is not to be seen of a program that says nothing of it, or has said it once', () => {
    const book = new ProgressBook()
    book.heard(beat('a'), 0, ON)
    expect(book.measure()).toEqual({ progress: null, stallMs: 30_000 })
    book.heard(CHECKPOINT, 1_000, ON)
    expect(book.measure().progress).toBeNull()
    expect(book.stuck(1_000_000)).toEqual([])
  })

  test('moves with each checkpoint, and may stand still for four of the longest pauses between them', () => {
    const book = new ProgressBook()
    for (const nowMs of [0, 20_000, 25_000]) book.heard(CHECKPOINT, nowMs, ON)
    const { progress, stallMs } = book.measure()
    expect(stallMs).toBe(80_000)
    expect(book.stuck(25_000 + stallMs)).toEqual([])
    expect(book.stuck(25_000 + stallMs + 1)).toEqual(['a'])
    book.heard(CHECKPOINT, 110_000, ON)
    expect(book.measure().progress).not.toBe(progress)
    expect(book.stuck(110_001)).toEqual([])
  })

  test('may stand still for half a minute however often it was saved, and ends with the attempt', () => {
    const book = new ProgressBook()
    for (const nowMs of [0, 100, 200]) book.heard(CHECKPOINT, nowMs, ON)
    expect(book.measure().stallMs).toBe(30_000)
    book.heard(beat('b'), 300, ON)
    expect(book.measure().progress).toBeNull()
    expect(book.stuck(100_000)).toEqual([])
  })

  test('is none once its provider said for longer than its deadline and ten seconds that a program runs', () => {
    const book = new ProgressBook()
    for (let n = 1; n <= 31; n++) book.heard(ran(n, 'a'), 0, ON)
    expect(book.stuck(0)).toEqual([])
    book.heard(ran(32, 'a', 'b'), 0, ON)
    expect(book.stuck(0)).toEqual(['a'])
    expect(book.measure()).toEqual({ progress: -1, stallMs: 0 })
    book.heard(ran(33, 'b'), 0, ON)
    expect(book.stuck(0)).toEqual([])
    expect(book.measure().progress).toBeNull()
  })

  test('is nothing that a pause of ours, or of the provider, says', () => {
    const book = new ProgressBook()
    for (let n = 1; n <= 31; n++) book.heard(ran(n, 'a'), n * 60_000, ON)
    expect(book.stuck(31 * 60_000)).toEqual([])
  })

  test('of what waits for its input or a core nobody knows', () => {
    const book = new ProgressBook()
    for (let n = 1; n <= 100; n++) book.heard(ran(n), n * 500, ON)
    expect(book.stuck(50_000)).toEqual([])
  })

  test('of one lease says nothing about what runs on another of the same provider', () => {
    const book = new ProgressBook()
    const other = { ...ON, lease: 'other' }
    for (let n = 1; n <= 40; n++) {
      book.heard(ran(n, 'a'), 0, ON)
      book.heard(ran(n, 'c'), 0, { ...other, deadlineMs: 60_000 })
    }
    expect(book.stuck(0)).toEqual(['a'])
    for (const nowMs of [0, 1_000]) book.heard({ ...CHECKPOINT, attempt: 'd' }, nowMs, other)
    book.heard(beat('a'), 1_500, ON)
    expect(book.stuck(100_000)).toEqual(['d'])
  })
})
