import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { familyNames, familyTable, play, replayOf, scenario } from './run.ts'

/** Milliseconds that a machine under load may take for three runs. */
const REPLAY = 300_000

describe('a run', () => {
  it.each(['calm', 'kill-requester', 'storm', 'loss-10', 'uptime'])(
    'of %s is bit-identical when it is replayed',
    { timeout: REPLAY },
    (family) => {
      const first = play(family, 7)
      expect(play(family, 7)).toEqual(first)
      expect(play(family, 8).digest).not.toBe(first.digest)
    },
  )

  it('is of a scenario that is pure data', () => {
    for (const family of familyNames()) {
      const drawn = scenario(family, 3)
      expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn)
      expect(scenario(family, 3)).toEqual(drawn)
    }
  })

  it('names the command that plays it again', () => {
    expect(replayOf({ family: 'storm', seed: 12 })).toBe(
      'node packages/simulator/src/node/simulate.ts storm 12',
    )
  })
})

test('every family is played by one of the tests', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'))
  const text = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
  for (const name of familyNames()) expect(text, name).toContain(`'${name}'`)
})

test('docs/AVAILABILITY.md has the table of all families', () => {
  const file = resolve(import.meta.dirname, '../../../docs/AVAILABILITY.md')
  expect(readFileSync(file, 'utf8')).toContain(familyTable().join('\n'))
})
