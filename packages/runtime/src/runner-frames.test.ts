import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunnerMessage } from './guest/messages.ts'
import { MESSAGE_BYTES, RunnerFrames } from './runner-frames.ts'

function framed(message: unknown): Buffer {
  const body = serialize(message)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.byteLength)
  return Buffer.concat([length, body])
}

test('messages come out as they were put in, wherever the pipe cuts them', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 8 }), fc.array(fc.nat(1000)), (contents, cuts) => {
      const messages: RunnerMessage[] = contents.map((each, seq) => ({
        kind: 'news',
        seq,
        news: { kind: 'log', stream: 'stdout', bytes: each },
      }))
      const all = Buffer.concat(messages.map(framed))
      const heard: RunnerMessage[] = []
      const frames = new RunnerFrames((message) => heard.push(message))
      const ends = [...cuts.map((cut) => Math.min(cut, all.byteLength)), all.byteLength]
      let at = 0
      for (const end of ends.sort((a, b) => a - b)) {
        frames.push(all.subarray(at, end))
        at = end
      }
      expect(heard).toEqual(messages)
    }),
  )
})

test('a length that no runner of ours writes is an error before anything is kept for it', () => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(MESSAGE_BYTES + 1)
  expect(() => new RunnerFrames(() => {}).push(length)).toThrow(RangeError)
})
