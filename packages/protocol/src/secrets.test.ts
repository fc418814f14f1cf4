import { describe, expect, it } from 'vitest'
import { frameCodec } from './frames.ts'
import { LIMITS } from './limits.ts'
import { isSecretName, readsSecrets, SECRETS_ENTRY, type SecretFiles, withSecrets } from './secrets.ts'

const encode = (files: SecretFiles) => frameCodec.encode({ t: 'secrets', ack: 0, files })
const named = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `s${i}`, bytes: new Uint8Array([i]) }))

describe('a name of a secret', () => {
  it.each(['a', 'API_KEY', 'db.password-2', '.hidden', 'x'.repeat(LIMITS.secretName)])(
    'may be %s',
    (name) => {
      expect(isSecretName(name)).toBe(true)
    },
  )

  it.each(['', '.', '..', 'a/b', 'a b', 'ä', 'a\n', 'x'.repeat(LIMITS.secretName + 1)])(
    'may not be %j',
    (name) => {
      expect(isSecretName(name)).toBe(false)
      expect(() => encode([{ name, bytes: new Uint8Array() }])).toThrow(
        expect.objectContaining({ code: 'MALFORMED' }),
      )
    },
  )
})

describe('secrets of a lease', () => {
  it('are as many, and as long, as the bounds say', () => {
    const whole = { name: 'whole', bytes: new Uint8Array(LIMITS.secretsBytes) }
    expect(encode([whole]).byteLength).toBeLessThan(LIMITS.frameBytes)
    expect(() => encode(named(LIMITS.secrets))).not.toThrow()
  })

  it.each([
    ['one too many', named(LIMITS.secrets + 1)],
    ['a name twice', [...named(1), ...named(1)]],
    [
      'a byte too many together',
      [
        { name: 'a', bytes: new Uint8Array(LIMITS.secretsBytes) },
        { name: 'b', bytes: new Uint8Array(1) },
      ],
    ],
  ])('are refused with %s, without a word of what they hold', (_, files) => {
    expect(() => encode(files)).toThrow(expect.objectContaining({ code: 'MALFORMED' }))
  })
})

it('stand in a task as the one entry that says it reads some', () => {
  expect(readsSecrets({ env: [] })).toBe(false)
  expect(withSecrets(['Z=1', 'A=1'])).toEqual(['A=1', SECRETS_ENTRY, 'Z=1'])
  expect(withSecrets(withSecrets([]))).toEqual([SECRETS_ENTRY])
  expect(readsSecrets({ env: withSecrets(['A=1']) })).toBe(true)
})
