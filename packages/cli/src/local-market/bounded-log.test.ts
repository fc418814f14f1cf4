import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BoundedLog } from './bounded-log.ts'

describe('BoundedLog', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'souk-log-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('keeps the newest lines, whole, in at most two files of the bound', () => {
    const file = join(folder, 'log')
    const log = new BoundedLog(file, 100)
    for (let i = 0; i < 1_000; i++) log.write(`line ${i}\n`)
    log.close()
    expect(readdirSync(folder).sort()).toEqual(['log', 'log.1'])
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100)
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    }
    const lines = ['log.1', 'log'].flatMap((name) =>
      readFileSync(join(folder, name), 'utf8').trim().split('\n'),
    )
    expect(lines.at(-1)).toBe('line 999')
    expect(lines).toEqual(lines.map((_, i) => `line ${1_000 - lines.length + i}`))
  })

  it('goes on with the file of an earlier run, and cuts what is longer than all of it', () => {
    const file = join(folder, 'log')
    for (const word of ['first', 'second']) {
      const log = new BoundedLog(file, 100)
      log.write(`${word}\n`)
      log.close()
    }
    expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n')
    const log = new BoundedLog(file, 100)
    log.write(new Uint8Array(1_000))
    log.close()
    expect(statSync(file).size).toBe(100)
  })
})
