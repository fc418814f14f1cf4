import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FrontStatus, LeaseRow } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { soukIn } from './support/cli.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const ANSWER = fileURLToPath(new URL('../../packages/runtime/programs/answer.wasm', import.meta.url))

let stage: Stage
let souk: ReturnType<typeof soukIn>
let service: { job: string; url: string }
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
  souk = soukIn(stage)
})
afterAll(() => stage?.stop())

function spec(change: Record<string, unknown>): string {
  const file = join(stage.home, 'service.json')
  const usual = { program: ANSWER, replicas: 2, memory: '64MiB', deadline: '5s' }
  writeFileSync(file, JSON.stringify({ ...usual, ...change }))
  return file
}

const get = async (query: string, init: RequestInit = {}) => {
  const response = await fetch(`${service.url}/?${query}`, init)
  return { status: response.status, text: await response.text() }
}

const status = async () => {
  const all = await stage.ask<FrontStatus[]>('agent', 'services')
  return all.find(({ job }) => job === service.job)
}

const replicasReady = (count: number) =>
  until(`${count} replicas are ready`, async () => ((await status())?.ready ?? 0) >= count)

describe('souk serve', () => {
  it('says what is wrong with a specification, before anything is bought', async () => {
    const unknown = await souk.run(['serve', spec({ replica: 2 })])
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/replica.*\[BAD_SPEC\]/s) })
    const image = await souk.run(['serve', spec({ port: 80 })])
    expect(image).toMatchObject({ code: 2, stderr: expect.stringMatching(/port.*\[BAD_OPTION\]/s) })
  })

  it('answers by replicas that load once, and never see what another request left', async () => {
    writeFileSync(join(stage.home, 'factor'), '7')
    const started = await souk.run(['serve', spec({ files: { factor: 'factor' } }), '--detach', '--json'])
    expect(started).toMatchObject({ code: 0 })
    service = JSON.parse(started.stdout)
    await replicasReady(2)
    for (let asked = 0; asked < 4; asked += 1)
      expect(await get('count')).toEqual({ status: 200, text: '1 calls, 699993 at the end of the table\n' })
    expect(await get('echo', { method: 'POST', body: 'a body' })).toEqual({ status: 200, text: 'a body' })
  })

  it('tells a client whose request takes too long, and goes on for the others', async () => {
    expect((await get('spin')).status).toBe(504)
    await replicasReady(2)
    expect((await get('count')).status).toBe(200)
  })

  it('answers on when a provider is killed, and finds another place for its replica', async () => {
    const held = async () => {
      const leases = await stage.ask<LeaseRow[]>('agent', 'leases')
      return leases.filter(({ job, phase }) => job === service.job && phase === 'active')
    }
    const [lease] = await held()
    const providers = await Promise.all(
      stage.names.map(async (name) => ({ name, peerId: (await stage.status(name)).peerId })),
    )
    const struck = providers.find(({ peerId }) => peerId === lease?.peerId)
    if (struck === undefined) throw new Error('expected a provider of ours to hold a replica')
    const answers: { status: number; text: string }[] = []
    const stop = new AbortController()
    const asking = (async () => {
      while (!stop.signal.aborted) {
        answers.push(await get('count').catch((error) => ({ status: 0, text: `${error.cause ?? error}` })))
      }
    })()
    await until('it is asked', () => answers.length > 3)
    await stage.market.child(struck.name)?.kill()
    await until('another lease has the replica', async () => {
      const leases = await held()
      return leases.length >= 2 && leases.every(({ peerId }) => peerId !== struck.peerId)
    })
    await replicasReady(2)
    stop.abort()
    await asking
    // None is lost while another replica is there, but for one whose answer had begun when its provider was killed.
    const lost = answers.filter(({ status: code }) => code !== 200)
    expect(lost.every(({ status: code }) => code === 0)).toBe(true)
    expect(lost.length).toBeLessThanOrEqual(1)
    // And never is one wrong.
    const right = answers.filter(({ status: code }) => code === 200)
    expect(new Set(right.map(({ text }) => text))).toEqual(
      new Set(['1 calls, 699993 at the end of the table\n']),
    )
  })

  it('is there again at the same address when its agent was restarted', async () => {
    await stage.market.child('agent')?.kill()
    await expect(get('count')).rejects.toThrow()
    await stage.market.startAgent()
    await replicasReady(1)
    expect((await get('count')).text).toBe('1 calls, 699993 at the end of the table\n')
  })

  it('ends with its job, and its money stops', async () => {
    expect(await souk.run(['stop', service.job])).toMatchObject({ code: 0 })
    await until('nobody listens', () =>
      get('count').then(
        () => false,
        () => true,
      ),
    )
    await until('no lease is left', async () => {
      const leases = await stage.ask<LeaseRow[]>('agent', 'leases')
      return leases.every(({ job, phase }) => job !== service.job || phase === 'closed' || phase === 'lost')
    })
  })
})
