import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { COURT_PRESETS, type Hex, seatPlace } from '@souk/protocol'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const TEXT = readFileSync(join(ROOT, 'docs/SETTLEMENT.md'), 'utf8')
const PROSE = TEXT.replace(/<!-- (\w+) -->[\s\S]*?<!-- \/\1 -->/g, '')

/** Committees drawn to hold the formula against the lot itself. */
const DRAWS = 4_000

describe('SETTLEMENT.md', () => {
  it('has the tables that its script computes', async () => {
    const script = join(ROOT, 'scripts/settlement-tables.mjs')
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({
      stderr: '',
    })
  })

  it('has no figure outside of them but names of standards and sections', () => {
    const plain = PROSE.replace(/EIP-\d+|ERC-\d+|EIP-712|§\d+(\.\d+)?|\]\([^)]*\)|`[^`]*`/g, '')
    expect(plain.match(/\d[\d,]{2,}|\d+\.\d+/g) ?? []).toEqual([])
  })

  it.each([
    ['public', 1],
    ['dev', 4],
  ] as const)('gives the odds that seats of the %s court really have', (kind, column) => {
    const { seats, quorum } = COURT_PRESETS[kind]
    const [places, hostile] = [100, 40]
    let captured = 0
    for (let draw = 0; draw < DRAWS; draw++) {
      const subject: Hex = `0x${draw.toString(16).padStart(64, '0')}`
      const drawn = Array.from({ length: seats }, (_, seat) => seatPlace(SEED, subject, seat, places))
      if (drawn.filter((place) => place < hostile).length >= quorum) captured += 1
    }
    const row = TEXT.split('\n').find((line) => line.startsWith('| 40 % |')) ?? ''
    const chance = Number(row.split('|')[column + 1])
    const spread = Math.sqrt((chance * (1 - chance)) / DRAWS)
    expect(Math.abs(captured / DRAWS - chance)).toBeLessThan(4 * spread)
  })

  it('names only tests and constants that exist', () => {
    const sources = ['contracts/test', 'contracts/src', 'packages', 'bench', 'scripts']
      .map(textBelow)
      .join('\n')
    const named = [...PROSE.matchAll(/`((?:test|invariant|testFuzz)_\w+|[A-Z][A-Z_]{3,}(?:\.\w+)?)`/g)]
    const missing = named
      .map(([, name = '']) => name.split('.')[0] ?? '')
      .filter((name) => !sources.includes(name))
    expect(named.length).toBeGreaterThan(5)
    expect(missing).toEqual([])
  })

  it('cites files that exist', () => {
    const cited = [
      ...PROSE.matchAll(/`((?:engine|provider|requester|settlement|protocol|market)\/[\w/-]+\.ts)`/g),
    ]
    for (const [, file = ''] of cited) {
      const [name = '', ...rest] = file.split('/')
      expect(() => readFileSync(join(ROOT, 'packages', name, 'src', ...rest)), file).not.toThrow()
    }
  })
})

const SEED: Hex = `0x${'5e'.repeat(32)}`

function textBelow(folder: string): string {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.(ts|sol|mjs)$/.test(file) && !/node_modules|generated/.test(file))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .join('\n')
}
