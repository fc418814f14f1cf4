import type { Frame } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { ProgressBook } from './health-progress.ts'

const CHECKPOINT = { t: 'checkpoint', ack: 0, attempt: 'a', cid: 'cid', bytes: 1 } as const

function beat(...running: string[]): Frame {
  return { t: 'beat', ack: 0, n: 1, boot: '0x00', credit: 1, running, load: 0, gpus: [] }
}

describe('progress', () => {
  test('is not to be seen of a program that says nothing of it, or has said it once', () => {
    const book = new ProgressBook()
    book.heard(beat('a'), 0)
    expect(book.measure()).toEqual({ progress: null, stallMs: 30_000 })
    book.heard(CHECKPOINT, 1_000)
    expect(book.measure().progress).toBeNull()
    expect(book.stuck(1_000_000)).toEqual([])
  })

  test('moves with each checkpoint, and may stand still for four of the longest pauses between them', () => {
    const book = new ProgressBook()
    for (const nowMs of [0, 20_000, 25_000]) book.heard(CHECKPOINT, nowMs)
    const { progress, stallMs } = book.measure()
    expect(stallMs).toBe(80_000)
    expect(book.stuck(25_000 + stallMs)).toEqual([])
    expect(book.stuck(25_000 + stallMs + 1)).toEqual(['a'])
    book.heard(CHECKPOINT, 110_000)
    expect(book.measure().progress).not.toBe(progress)
    expect(book.stuck(110_001)).toEqual([])
  })

  test('may stand still for half a minute however often it was saved, and ends with the attempt', () => {
    const book = new ProgressBook()
    for (const nowMs of [0, 100, 200]) book.heard(CHECKPOINT, nowMs)
    expect(book.measure().stallMs).toBe(30_000)
    book.heard(beat('b'), 300)
    expect(book.measure().progress).toBeNull()
    expect(book.stuck(100_000)).toEqual([])
  })
})
