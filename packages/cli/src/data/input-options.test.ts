import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type InputOptions, readGateways, readInputs } from './input-options.ts'

const home = mkdtempSync(join(tmpdir(), 'souk-options-'))
afterAll(() => rmSync(home, { recursive: true }))
const at = (name: string) => join(home, name)
writeFileSync(at('a.txt'), 'a')
writeFileSync(at('b=c.txt'), 'b')
writeFileSync(at('huge'), '')
truncateSync(at('huge'), 256 * 1024 * 1024 + 1)
mkdirSync(at('set'))

const read = (options: Partial<InputOptions>) =>
  readInputs({ input: [], file: [], ipfsGateway: [], ...options })
const WEB = `https://host/a?x=1#sha256=${'ab'.repeat(32)}`

describe('what a program reads', () => {
  it.each([
    ['a file', at('a.txt'), null, at('a.txt')],
    ['a file by another name', `${at('a.txt')}=in/x`, 'in/x', at('a.txt')],
    ['a file with = in its name', at('b=c.txt'), null, at('b=c.txt')],
    ['such a file by another name', `${at('b=c.txt')}=x`, 'x', at('b=c.txt')],
    ['a folder', at('set'), null, at('set')],
    ['what is in a folder', `${at('set')}=.`, '.', at('set')],
    ['a pattern', 'data/*.csv', null, resolve('data/*.csv')],
    ['something that is not there', 'none.txt', null, resolve('none.txt')],
    ['an address', WEB, null, WEB],
    ['an address by another name', `${WEB}=x`, 'x', WEB],
    ['an address without digest', 'https://host/a?x=1', null, 'https://host/a?x=1'],
    ['content of IPFS', 'ipfs://bafy/a', null, 'ipfs://bafy/a'],
    ['content of IPFS by another name', 'ipfs://bafy/a=x', 'x', 'ipfs://bafy/a'],
  ])('is %s', (_, text, name, source) => {
    expect(read({ input: [text] }).inputs).toEqual([[name, source]])
  })

  it('is named in front as well', () => {
    expect(read({ file: [`x=${at('a.txt')}`, `y=${WEB}`] }).inputs).toEqual([
      ['x', at('a.txt')],
      ['y', WEB],
    ])
  })

  it('comes as standard input where it is one file, or where that is said', () => {
    expect(read({ input: [at('a.txt')] }).stdin).toBe(at('a.txt'))
    for (const input of [[`${at('a.txt')}=x`], [at('set')], [at('a.txt'), at('b=c.txt')], [WEB], []]) {
      expect(read({ input }).stdin).toBeNull()
    }
    expect(read({ input: [at('a.txt')], stdin: WEB }).stdin).toBe(WEB)
    expect(read({ stdin: at('a.txt') })).toEqual({ stdin: at('a.txt'), inputs: [] })
  })

  it('is not both where it is large: that has to be said', () => {
    expect(() => read({ input: [at('huge')] })).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }))
    expect(read({ input: [`${at('huge')}=huge`] }).stdin).toBeNull()
  })

  it.each([{ input: ['a='] }, { file: ['=a'] }, { file: ['a'] }])('is not %j', (options) => {
    expect(() => read(options)).toThrowError(expect.objectContaining({ code: 'BAD_OPTION' }))
  })

  it('comes from gateways that are addresses', () => {
    expect(readGateways({ ipfsGateway: ['http://127.0.0.1:8080'] })).toEqual(['http://127.0.0.1:8080'])
    expect(readGateways({ ipfsGateway: [] }).length).toBeGreaterThan(0)
    expect(() => readGateways({ ipfsGateway: ['ipfs.io'] })).toThrowError(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    )
  })
})
