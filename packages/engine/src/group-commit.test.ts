import { expect, test } from 'vitest'
import { groupCommit } from './group-commit.ts'
import { persist, type Store } from './program.ts'

const row = (key: string) => ({ table: 'table', key, value: new Uint8Array() })
const store: Store = { do: 'store', blocks: [new Uint8Array()] }

test('rows of one event are one commit, as durable as the most durable, before everything else but blocks', () => {
  const effects = [
    persist('committed', row('a')),
    { do: 'send' },
    store,
    persist('synced', row('b')),
    { do: 'execute' },
  ]
  expect(groupCommit(effects)).toEqual([
    store,
    persist('synced', row('a'), row('b')),
    { do: 'send' },
    { do: 'execute' },
  ])
})

test('later rows of the same key come later', () => {
  const [commit] = groupCommit([persist('committed', row('a')), persist('committed', row('b'), row('a'))])
  expect(commit).toEqual(persist('committed', row('a'), row('b'), row('a')))
})

test('what has one commit stays as it is', () => {
  const effects = [{ do: 'send' }, persist('committed', row('a')), store]
  expect(groupCommit(effects)).toEqual(effects)
})

test('what writes nothing is left out, but an empty commit that syncs what came before', () => {
  const effects = [
    { do: 'store', blocks: [] } as const,
    persist('committed'),
    { do: 'send' },
    persist('synced'),
  ]
  expect(groupCommit(effects)).toEqual([{ do: 'send' }, persist('synced')])
})
