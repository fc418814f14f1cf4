import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { describe, expect, it } from 'vitest'
import { prefixed, splitInPlace, splitMessages } from './length-prefix.ts'

const MAX = 1_000
const messages = fc.array(fc.uint8Array({ maxLength: MAX }), { maxLength: 12 })

type Split = typeof splitMessages

async function splitBy(by: Split, chunks: readonly Uint8Array[]): Promise<Uint8Array[]> {
  async function* source() {
    yield* chunks
  }
  const all = []
  for await (const message of by(MAX)(source())) all.push(message.slice())
  return all
}

describe.each([
  ['each in a buffer of its own', splitMessages],
  ['all in one buffer', splitInPlace],
] as const)('length-prefixed messages, %s', (_, by) => {
  const split = (chunks: readonly Uint8Array[]) => splitBy(by, chunks)

  it('come out as they went in, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.array(fc.nat(5_000)), async (sent, cuts) => {
        const bytes = concat(sent.map(prefixed))
        const at = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b)
        const chunks = at.map((end, i) => bytes.subarray(at[i - 1] ?? 0, end))
        expect(await split(chunks)).toEqual(sent)
      }),
    )
  })

  it('are refused by their length alone', async () => {
    const header = prefixed(new Uint8Array(MAX + 1)).subarray(0, 2)
    await expect(split([header])).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('are refused when they are cut off', async () => {
    await expect(split([prefixed(new Uint8Array(10)).subarray(0, 5)])).rejects.toMatchObject({
      code: by === splitInPlace ? 'STREAM_CLOSED' : 'MALFORMED',
    })
  })
})
