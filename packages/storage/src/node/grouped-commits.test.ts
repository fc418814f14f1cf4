import { utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Durability, Write } from '../journal.ts'
import { type CommitTarget, GroupedCommits } from './grouped-commits.ts'

/** A target whose syncs end when the test says so. */
function slowDisk() {
  const syncs: PromiseWithResolvers<void>[] = []
  const batches: Write[][] = []
  const target: CommitTarget = {
    path: 'nowhere',
    isOpen: () => true,
    write: (writes) => void batches.push([...writes]),
    sync() {
      const one = Promise.withResolvers<void>()
      syncs.push(one)
      return one.promise
    },
  }
  return { commits: new GroupedCommits(target), syncs, batches }
}

const row = (key: string): Write[] => [{ table: 't', key, value: utf8(key) }]
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('one sync serves all that was written before it began, and nothing after', async () => {
  const { commits, syncs } = slowDisk()
  const told: string[] = []
  const ask = (key: string, durability: Durability) =>
    commits.add(row(key), durability).then(() => told.push(key))
  const [a, b] = [ask('a', 'synced'), ask('b', 'synced')]
  await turn()
  const late = ask('late', 'synced')
  await turn()
  expect([syncs.length, told]).toEqual([1, []])
  syncs[0]?.resolve()
  await Promise.all([a, b])
  await turn()
  expect([syncs.length, told]).toEqual([2, ['a', 'b']])
  syncs[1]?.resolve()
  await late
})

test('what was asked for after a synced commit is not told before it', async () => {
  const { commits, syncs, batches } = slowDisk()
  const told: string[] = []
  const synced = commits.add(row('synced'), 'synced').then(() => told.push('synced'))
  await turn()
  const later = commits.add(row('later'), 'committed').then(() => told.push('later'))
  await turn()
  expect([batches.length, told]).toEqual([2, []])
  syncs[0]?.resolve()
  await Promise.all([synced, later])
  expect([syncs.length, told]).toEqual([1, ['synced', 'later']])
})

test('a sync that fails is told to everyone who waits', async () => {
  const { commits, syncs } = slowDisk()
  const first = commits.add(row('first'), 'synced')
  await turn()
  const later = commits.add(row('later'), 'committed')
  await turn()
  const outcomes = Promise.allSettled([first, later])
  syncs[0]?.reject(new Error('the disk is gone'))
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await commits.idle()
})

test('waiting until all is done includes what was asked for last', async () => {
  const { commits, syncs } = slowDisk()
  let told = false
  const asked = commits.add(row('last'), 'synced').then(() => {
    told = true
  })
  const idle = commits.idle().then(() => told)
  syncs[0]?.resolve()
  await asked
  expect(await idle).toBe(true)
})

test('commits are written and told in the order in which they were asked for, whatever their durability', async () => {
  const durability = fc.constantFrom<Durability>('committed', 'synced')
  const asked = fc.array(fc.record({ durability, endsTurn: fc.boolean(), ends: fc.boolean() }), {
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(asked, async (list) => {
      const { commits, syncs, batches } = slowDisk()
      const told: number[] = []
      const all = list.map((_, i) => String(i))
      const done: Promise<unknown>[] = []
      for (const [i, one] of list.entries()) {
        done.push(commits.add(row(String(i)), one.durability).then(() => told.push(i)))
        if (one.endsTurn) await turn()
        if (one.ends) for (const sync of syncs) sync.resolve()
      }
      const idle = commits.idle().then(() => true)
      while (!(await Promise.race([idle, turn().then(() => false)]))) for (const sync of syncs) sync.resolve()
      await Promise.all(done)
      expect(batches.flat().map(({ key }) => key)).toEqual(all)
      expect(told.map(String)).toEqual(all)
    }),
  )
})
