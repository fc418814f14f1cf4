import { expect, test } from 'vitest'
import { type Persist, persist } from './program.ts'
import { ProgramLoop } from './program-loop.ts'

type Effect = Persist | { do: 'send' | 'tell' | 'store' | 'slow' | 'break'; name: string }

const row = (key: string) => persist('committed', { table: 't', key, value: new Uint8Array() })

/** A loop whose events are lists of effects, and whose journal writes only when it is told to. */
function world() {
  const log: string[] = []
  const waiting: { key: string; done: () => void; fail: (error: Error) => void }[] = []
  const failures: unknown[] = []
  const perform = (effect: Effect): Promise<void> | void => {
    if (effect.do === 'persist') {
      const key = effect.writes.map((write) => write.key).join('+')
      return new Promise((done, fail) => waiting.push({ key, done, fail }))
    }
    if (effect.do === 'break') throw new Error(effect.name)
    if (effect.do !== 'slow') return void log.push(`${effect.do} ${effect.name}`)
    return new Promise<void>((done) => setImmediate(done)).then(() => void log.push(`slow ${effect.name}`))
  }
  const loop = new ProgramLoop<readonly Effect[], Effect>({
    advance: (event) => event,
    perform,
    ahead: (effect) => effect.do === 'tell',
    clock: () => 0,
    fail: (error) => failures.push(error),
  })
  const write = () => {
    for (const { key, done } of waiting.splice(0)) {
      log.push(`row ${key}`)
      done()
    }
  }
  return { loop, log, waiting, failures, write }
}

test('takes in events while rows are being written, and lets nothing out before its rows and those before it', async () => {
  const { loop, log, waiting, write } = world()
  const first = loop.post([row('a'), { do: 'send', name: 'a' }])
  const second = loop.post([{ do: 'send', name: 'b' }])
  const third = loop.post([{ do: 'send', name: 'c' }, row('c'), row('d')])
  await new Promise(setImmediate)
  expect(log).toEqual([])
  expect(waiting.map(({ key }) => key)).toEqual(['a', 'c+d'])
  write()
  await Promise.all([first, second, third])
  expect(log).toEqual(['row a', 'row c+d', 'send a', 'send b', 'send c'])
})

test('does at once what waits for no row', () => {
  const { loop, log } = world()
  void loop.post([
    { do: 'send', name: 'a' },
    { do: 'send', name: 'b' },
  ])
  expect(log).toEqual(['send a', 'send b'])
})

test('tells other programs ahead of the rows, and what they answer in the same turn comes next', async () => {
  const { loop, log, waiting, write } = world()
  const done = loop.post([row('a'), { do: 'tell', name: 'a' }, { do: 'send', name: 'a' }])
  expect(log).toEqual(['tell a'])
  expect(waiting.length).toBe(1)
  write()
  await done
  expect(log).toEqual(['tell a', 'row a', 'send a'])
})

test('keeps blocks before the rows of their event, and everything later after them', async () => {
  const { loop, log, waiting, write } = world()
  const first = loop.post([row('a'), { do: 'send', name: 'a' }])
  const second = loop.post([{ do: 'store', name: 'block', blocks: [1] } as never, row('b')])
  const third = loop.post([{ do: 'tell', name: 'c' }])
  expect(loop.isBusy).toBe(true)
  expect(log).toEqual([])
  write()
  await first
  while (waiting.length === 0) await new Promise(setImmediate)
  expect(log).toEqual(['row a', 'send a', 'store block'])
  write()
  await Promise.all([second, third])
  expect(log).toEqual(['row a', 'send a', 'store block', 'row b', 'tell c'])
})

test('awaits an effect that takes its time before the next one', async () => {
  const { loop, log } = world()
  void loop.post([
    { do: 'slow', name: 'a' },
    { do: 'send', name: 'b' },
  ])
  await loop.post([{ do: 'send', name: 'c' }])
  expect(log).toEqual(['slow a', 'send b', 'send c'])
})

test('lets nothing out after rows that could not be written, and says so once', async () => {
  const { loop, log, waiting, failures } = world()
  const posts = [
    loop.post([row('a'), { do: 'send', name: 'a' }]),
    loop.post([row('b'), { do: 'send', name: 'b' }]),
  ]
  for (const { fail } of waiting.splice(0)) fail(new Error('no room'))
  await Promise.all(posts)
  await loop.post([{ do: 'send', name: 'c' }])
  expect(log).toEqual([])
  expect(failures).toEqual([new Error('no room')])
})

test('takes no event after an effect that failed', async () => {
  const { loop, log, failures } = world()
  await loop.post([{ do: 'break', name: 'a' }])
  await loop.post([{ do: 'send', name: 'b' }])
  expect(log).toEqual([])
  expect(failures).toEqual([new Error('a')])
})

test('a loop that stops finishes what it has begun, and begins nothing', async () => {
  const { loop, log, write } = world()
  void loop.post([row('a'), { do: 'slow', name: 'a' }])
  const stopped = loop.stop()
  void loop.post([{ do: 'send', name: 'b' }])
  write()
  await stopped
  expect(log).toEqual(['row a', 'slow a'])
})
