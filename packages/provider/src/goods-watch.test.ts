import { newHost } from '@souk/engine'
import type { Gpu, Resources } from '@souk/protocol'
import { expect, test } from 'vitest'
import { watchGoods } from './goods-watch.ts'
import { createLog } from './log.ts'

const card = (id: string): Gpu => ({ id, family: 'nvidia', model: 'a100', vramBytes: 0 })
const ALL: Resources = {
  ...{ millicores: 6_000, memoryBytes: 600, diskBytes: 60 },
  gpus: [card('n1:0'), card('n2:0')],
}
const FEWER: Resources = { ...ALL, millicores: 2_000, memoryBytes: 200, gpus: [card('n2:0')] }

/** Lets a watch see one answer after the other, and then the last one again and again. */
async function watched(answers: readonly (Resources | Error)[]) {
  const host = newHost(ALL)
  const lines: string[] = []
  const changes: Resources[] = []
  const seen = Promise.withResolvers<void>()
  const left = [...answers]
  const stop = watchGoods({
    host,
    log: createLog(
      (line) => lines.push(line),
      'text',
      () => 0,
    ),
    everyMs: 1,
    async look() {
      const answer = left.shift()
      if (answer instanceof Error) throw answer
      if (answer !== undefined) return answer
      seen.resolve()
      return { ...host.total, gpus: host.total.gpus.filter(({ id }) => !host.lost.has(id)) }
    },
    changed: () => changes.push(host.free),
  })
  await seen.promise
  await stop()
  return { host, changes, lines }
}

test('what a cluster lost is not offered, and what came back is', async () => {
  const { changes, host } = await watched([ALL, FEWER, FEWER, ALL])
  expect(changes.map(({ millicores, gpus }) => [millicores, gpus.map(({ id }) => id)])).toEqual([
    [2_000, ['n2:0']],
    [6_000, ['n1:0', 'n2:0']],
  ])
  expect(host.free).toEqual(ALL)
})

test('a cluster that does not answer has lost nothing', async () => {
  const { changes, host, lines } = await watched([new Error('nobody there'), ALL])
  expect(changes).toEqual([])
  expect(host.free).toEqual(ALL)
  expect(lines.join('')).toContain('nobody there')
})
