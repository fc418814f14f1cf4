import { expect, test } from 'vitest'
import { boundedAsk } from './health-late.ts'

test('who does not answer is asked once, holds up nobody, and is heard when it answers', async () => {
  const asked: PromiseWithResolvers<string>[] = []
  const ask = boundedAsk(() => {
    const one = Promise.withResolvers<string>()
    asked.push(one)
    return one.promise
  }, 5)
  expect(await ask()).toBeNull()
  expect(await ask()).toBeNull()
  expect(asked).toHaveLength(1)
  asked[0]?.resolve('well')
  await asked[0]?.promise
  const again = ask()
  asked.at(-1)?.resolve('well again')
  expect(await again).toMatch(/^well/)
})

test('what a question throws comes through, and the next is asked anew', async () => {
  let times = 0
  const ask = boundedAsk(async () => {
    times += 1
    throw new Error('no such disk')
  }, 60_000)
  await expect(ask()).rejects.toThrow('no such disk')
  await expect(ask()).rejects.toThrow('no such disk')
  expect(times).toBe(2)
})
