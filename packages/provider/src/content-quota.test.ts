import { expect, test } from 'vitest'
import { ContentQuota, FREE_CONTENT_BYTES } from './content-quota.ts'

test('counts each block once, up to the disk of the lease exactly', () => {
  const quota = new ContentQuota(2 * FREE_CONTENT_BYTES)
  quota.count('a', FREE_CONTENT_BYTES)
  quota.count('a', FREE_CONTENT_BYTES)
  quota.require(FREE_CONTENT_BYTES)
  const tooMuch = expect.objectContaining({ code: 'OVER_QUOTA', mostBytes: 2 * FREE_CONTENT_BYTES })
  expect(() => quota.count('b', FREE_CONTENT_BYTES + 1)).toThrow(expect.objectContaining({ data: tooMuch }))
  quota.count('b', FREE_CONTENT_BYTES)
  expect(() => quota.count('c', 1)).toThrow(expect.objectContaining({ data: tooMuch }))
})

test('a lease without disk may bring a program and its small inputs', () => {
  expect(new ContentQuota(0).mostBytes).toBe(FREE_CONTENT_BYTES)
})
