import { STANDBY_LEVELS } from '@souk/availability'
import { expect, test } from 'vitest'
import { CliError } from '../errors.ts'
import { readStandby } from './standby-option.ts'

test('a standby is one of the levels, and nothing else', () => {
  for (const standby of STANDBY_LEVELS) expect(readStandby({ standby })).toEqual({ standby })
  expect(readStandby({})).toEqual({})
  expect(() => readStandby({ standby: 'tepid' })).toThrow(CliError)
})
