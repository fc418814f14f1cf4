import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAvailability } from './availability-option.ts'

describe('the options of availability', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'souk-availability-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const fileOf = (text: string) => {
    const path = join(folder, 'domains.csv')
    writeFileSync(path, text)
    return path
  }

  it.each([
    ['99.9', 0.999],
    ['95%', 0.95],
    ['50', 0.5],
  ])('read %s', (availability, target) => {
    expect(readAvailability({ availability }).availability).toBeCloseTo(target, 12)
  })

  it.each(['100', '0.999', '49.9', '-1', '1e2', 'much', '99.9.9'])('refuse %s', (availability) => {
    expect(() => readAvailability({ availability })).toThrow(
      expect.objectContaining({ data: { code: 'BAD_OPTION', option: '--availability' } }),
    )
  })

  it('read a mapping, and ask for nothing without them', () => {
    const domains = fileOf('10.1.0.0/16,hall-1,\n')
    const rows = [{ prefix: '10.1.0.0/16', region: 'hall-1', asn: null }]
    expect(readAvailability({ availability: '99', domains })).toMatchObject({ domains: rows })
    expect(readAvailability({})).toEqual({})
  })

  it('refuse a mapping without use, one that is not there, one that is none, and one that is too long', () => {
    const code = (of: string) => expect.objectContaining({ data: expect.objectContaining({ code: of }) })
    expect(() => readAvailability({ domains: fileOf('') })).toThrow(code('BAD_OPTION'))
    const read = (domains: string) => () => readAvailability({ availability: '99', domains })
    expect(read(join(folder, 'none'))).toThrow(code('BAD_OPTION'))
    expect(read(fileOf('somewhere,x,'))).toThrow(code('BAD_DOMAINS'))
    expect(read(fileOf('#'.repeat(512 * 1024 + 1)))).toThrow(code('BAD_OPTION'))
  })
})
