import { LIMITS } from '@souk/protocol'
import { expect, it } from 'vitest'
import { readSecretOptions } from './secret-options.ts'

const read = (...secret: string[]) => readSecretOptions({ secret }, 'wasm/1')
const badOption = expect.objectContaining({ code: 'BAD_OPTION' })

it('gives each secret the file that is named, or its own name', () => {
  expect(read()).toEqual([])
  expect(read('token', 'token=again', 'db.key=KEY')).toEqual([
    { secret: 'token', file: 'token' },
    { secret: 'token', file: 'again' },
    { secret: 'db.key', file: 'KEY' },
  ])
})

it.each([[''], ['a='], ['=a'], ['a=b=c'], ['a/b'], ['a=../b'], ['a b']])('refuses %j', (text) => {
  expect(() => read(text)).toThrow(badOption)
})

it('refuses a file twice, and more than a job may have', () => {
  expect(() => read('a', 'b=a')).toThrow(badOption)
  const many = Array.from({ length: LIMITS.secrets }, (_, i) => `s${i}`)
  expect(read(...many)).toHaveLength(LIMITS.secrets)
  expect(() => read(...many, 'more')).toThrow(badOption)
})

it('refuses an engine whose results anybody must be able to check', () => {
  expect(() => readSecretOptions({ secret: ['a'] }, 'wasm-det/1')).toThrow(badOption)
  expect(readSecretOptions({ secret: [] }, 'wasm-det/1')).toEqual([])
})
