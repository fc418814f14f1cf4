import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { frames, hex, offer, output, quote, task, terms } from './arbitraries.fixture.ts'
import { fromHex, toHex } from './bytes.ts'
import { schemaCodec } from './codec.ts'
import { isLinkNode, rawCid } from './content.ts'
import { frame } from './frames.ts'
import { LIMITS } from './limits.ts'
import * as offers from './offer.ts'
import * as outputs from './output.ts'
import { quickCodec } from './quick-codec.ts'
import { LEFT } from './quick-form.ts'
import * as quotes from './quote.ts'
import * as tasks from './task.ts'

const schemas: [string, z.ZodType, fc.Arbitrary<object>][] = [
  ['task', tasks.task, task],
  ['output', outputs.output, output],
  ['quote', quotes.quote, quote],
  ['terms', quotes.terms, terms],
  ['announcement', offers.announcement, offer],
  ...Object.entries(frames).map(([t, values]): [string, z.ZodType, fc.Arbitrary<object>] => [
    t,
    frame,
    values,
  ]),
]

/** What a function gives, or that it throws. */
function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch {
    return 'refused'
  }
}

describe.each(schemas)('%s', (name, schema, values) => {
  const slow = schemaCodec(name, schema, LIMITS.frameBytes)
  const quick = quickCodec(schema)

  test('has the bytes that the schema gives, and comes back from them', () => {
    fc.assert(
      fc.property(values, (value) => {
        const expected = new Uint8Array(slow.encode(value))
        const bytes = quick?.encode(value)
        if (bytes !== undefined) expect(bytes).toEqual(expected)
        const decoded = quick?.decode(expected)
        if (decoded !== LEFT) expect(decoded).toEqual(slow.decode(expected))
      }),
      { numRuns: 40 },
    )
  })

  test('goes the short way where nothing in it is rare', () => {
    const taken = fc.sample(values, { numRuns: 500, seed: 11 }).filter((value) => {
      const bytes = quick?.encode(value)
      return bytes !== undefined && quick?.decode(bytes) !== LEFT
    })
    expect(taken.length).toBeGreaterThan(0)
  })

  test('what is read from changed bytes, the schema reads alike', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'add') })
    fc.assert(
      fc.property(values, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
        let bytes = [...slow.encode(value)]
        for (const { at, byte, kind } of changes) {
          const place = at % bytes.length
          const rest = kind === 'cut' ? [] : [byte]
          bytes = [...bytes.slice(0, place), ...rest, ...bytes.slice(kind === 'add' ? place : place + 1)]
        }
        const changed = Uint8Array.from(bytes)
        const read = quick?.decode(changed)
        if (read !== LEFT) expect(read).toEqual(outcome(() => slow.decode(changed)))
      }),
      { numRuns: 100 },
    )
  })

  test('what is written of a changed value, the schema writes alike', () => {
    const other = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        -1,
        1.5,
        -0,
        Number.NaN,
        2 ** 53,
        -1n,
        2n ** 200n,
        '0x',
        'é',
        [],
        {},
      ),
      hex(20),
    )
    fc.assert(
      fc.property(values, fc.nat(), other, (value, at, changed) => {
        const names = [...Object.keys(value), 'more']
        const wrong = { ...value, [names[at % names.length] ?? '']: changed }
        const bytes = quick?.encode(wrong)
        if (bytes !== undefined) expect(bytes).toEqual(outcome(() => new Uint8Array(slow.encode(wrong))))
      }),
      { numRuns: 100 },
    )
  })
})

test('hexadecimal digits come back as the bytes they were, of either case', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = toHex(bytes)
      expect(text).toBe(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`)
      expect(fromHex(text)).toEqual(bytes)
      expect(fromHex(`0x${text.slice(2).toUpperCase()}`)).toEqual(bytes)
    }),
  )
  expect(() => fromHex('0xzz')).toThrow()
})

test('addresses are those of the reference library', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const address = rawCid(bytes)
      expect(CID.parse(address).toString()).toBe(address)
      expect(CID.parse(address).code).toBe(0x55)
      expect(isLinkNode(address)).toBe(false)
    }),
  )
})
