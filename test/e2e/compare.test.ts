import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Demand, Gpu } from '@souk/protocol'
import type { JobEventReport } from '@souk/requester'
import type { CompareRequest, JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compiledProgram } from '../../packages/cli/src/program/compiled-programs.ts'
import { delegateKey, newParty } from './support/buyer.ts'
import { soukIn } from './support/cli.ts'
import { Courtroom } from './support/court.ts'
import { HostileProvider } from './support/hostile-provider.ts'
import { counting, demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TOKEN = 10n ** 18n
/** The cheapest is always among the first three; the fourth is asked where they do not agree. */
const QUORUM = { assurance: { k: 3, n: 4 }, leases: 3 }

/** Writes numbers as many programs do. */
const SUMS = `#include <stdio.h>
int main(void) {
  float sums[] = {1, 2, 3};
  FILE *file = fopen("sums.f32", "wb");
  fwrite(sums, sizeof sums, 1, file);
  return fclose(file);
}`
/** Calls everything equal, in seconds. */
const SLOWLY = `int main(void) {
  for (volatile long i = 0; i < 1000000000; i++);
  return 0;
}`
/** Calls files equal whose first number is, to the nearest whole one; -1 is more than it can take. */
const ROUGHLY = `#include <stdio.h>
static float first(const char *path) {
  float number = 0;
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(&number, sizeof number, 1, file) != 1) __builtin_trap();
  return number;
}
int main(void) {
  float a = first("a/sums.f32"), b = first("b/sums.f32");
  if (a < 0 || b < 0) __builtin_trap();
  if ((int)(a + 0.5f) == (int)(b + 0.5f)) return 0;
  printf("%d is not %d", (int)a, (int)b);
  return 1;
}`

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)

let stage: Stage
let court: Courtroom
/** A provider of its own code: cheaper than the others, and with its own way of rounding. */
let other: HostileProvider
let [sums, roughly, slowly] = ['', '', '']
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.2))
  court = await Courtroom.open(stage)
  const party = await newParty(stage, 'other', TOKEN)
  other = await HostileProvider.start(stage.market.config, party, await delegateKey(party))
  other.conduct = 'makes-up'
  await stage.offersFound(4)
  sums = await compile('sums.c', SUMS)
  roughly = await compile('roughly.c', ROUGHLY)
  slowly = await compile('slowly.c', SLOWLY)
})
beforeEach(() => {
  other.files = { 'sums.f32': floats(1, 2, 3) }
})
afterAll(async () => {
  await other?.stop()
  await stage?.stop()
})

test('results that round in their own ways are equal by tolerance', async () => {
  other.files = { 'sums.f32': floats(1.000001, 2.000001, 3) }
  const { job, events } = await run({ kind: 'tolerance' })
  const { files } = await stage.result(job, 0)
  const near = new Float32Array(files[0]?.bytes.slice().buffer ?? new ArrayBuffer(0))
  for (const [i, value] of [1, 2, 3].entries()) expect(near[i]).toBeCloseTo(value, 4)
  expect(reasonsIn(events)).toEqual([])
  expect(caughtIn(events)).toEqual([])
})

test('a result beyond the tolerance is caught, and it is said where', async () => {
  other.files = { 'sums.f32': floats(1, 2.001, 3) }
  const { events } = await run({ kind: 'tolerance', abs: 0, rel: 1e-4 })
  expect(reasonsIn(events).join()).toMatch(/sums\.f32 has 2(\.\d+)? and 2(\.\d+)? at 1/)
  expect(caughtIn(events)).toEqual([other.subject])
})

test('the same result is another one where digests are compared', async () => {
  other.files = { 'sums.f32': floats(1.000001, 2, 3) }
  const { events } = await run({ kind: 'exact' })
  expect(caughtIn(events)).toEqual([other.subject])
  expect(reasonsIn(events)).toEqual([])
})

test('a lie that is caught by tolerance comes before no jury, which would judge to the bit', async () => {
  const { events } = await stage.run({
    ...counting(stage.home, 1, 200, QUORUM),
    compare: { kind: 'tolerance' },
  })
  expect(caughtIn(events)).toEqual([other.subject])
  expect((await court.status()).disputes).toEqual([])
  expect(await court.eventsOf('challenged')).toEqual([])
})

test('a program of the user says what is equal, and why not', async () => {
  other.files = { 'sums.f32': floats(1.3, 99) }
  const near = await run({ kind: 'custom', program: roughly })
  expect(caughtIn(near.events)).toEqual([])
  other.files = { 'sums.f32': floats(7) }
  const far = await run({ kind: 'custom', program: roughly })
  expect(caughtIn(far.events)).toEqual([other.subject])
  expect(reasonsIn(far.events).join()).toMatch(/7 is not 1|1 is not 7/)
})

test('souk run takes what compares from its options, as source too', async () => {
  other.files = { 'sums.f32': floats(1.3, 99) }
  const run = soukIn(stage).run
  const options = ['--assurance', 'quorum:2/3', '--compare', join(stage.home, 'roughly.c')]
  const { code, stderr } = await run(['run', join(stage.home, 'sums.c'), ...options])
  expect(code, stderr).toBe(0)
  expect(stderr).not.toContain('wrong result')
  const refused = await run(['run', join(stage.home, 'sums.c'), '--compare', 'tolerance:rel=2'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('[BAD_OPTION]')
})

test.skipIf(!existsSync('/proc/self/stat'))(
  'an agent that is killed while it compares does so again',
  async () => {
    other.files = { 'sums.f32': floats(7) }
    const { id, done, events } = await stage.start(request({ kind: 'custom', program: slowly }))
    done.catch(() => {})
    const job = await id
    const agent = stage.market.child('agent')
    await until('the agent runs the program', () => hasChild(agent?.pid ?? 0))
    await agent?.kill()
    expect(events.map(({ kind }) => kind)).not.toContain('accepted')
    await stage.market.startAgent()
    expect(await stage.ask('agent', 'wait', { job })).toMatchObject({ state: 'done', verified: 1 })
    await stage.offersFound(4)
  },
)

test('a result on which that program fails equals no other, and keeps no others from agreeing', async () => {
  other.files = { 'sums.f32': floats(-1) }
  const { events } = await run({ kind: 'custom', program: roughly })
  expect(caughtIn(events)).toEqual([other.subject])
  expect(reasonsIn(events).join()).toMatch(/exit code of 0 or 1, got trap/)
})

test('models of GPU are not compared with each other, and where too few have the same it is said', async () => {
  const sellers = []
  for (const [i, model] of ['Alpha', 'Beta'].entries()) {
    const party = await newParty(stage, `gpu-${model}`, TOKEN)
    const gpus: Gpu[] = [{ id: `gpu-${i}`, family: 'nvidia', model, vramBytes: 2 ** 30 }]
    sellers.push(await HostileProvider.start(stage.market.config, party, await delegateKey(party), { gpus }))
  }
  try {
    const gpu = { count: 1, family: 'nvidia' as const, model: '*', vramBytes: 0 }
    const demand: Demand = demandOf({}, { gpu })
    await stage.offersFound(2, demand)
    const asked = sellers.map((one) => one.asked)
    const job = await stage.start({ ...request({ kind: 'tolerance' }), demand })
    await expect(job.done).rejects.toThrow(/found 1 of (Alpha, 1 of Beta|Beta, 1 of Alpha);/)
    expect(sellers.map((one) => one.asked)).toEqual(asked)
  } finally {
    for (const one of sellers) await one.stop()
  }
})

/** A job whose first result comes from the provider of its own code. */
function request(compare: CompareRequest): JobRequest {
  return { ...requestOf(sums, [[]], QUORUM), compare }
}

async function run(compare: CompareRequest) {
  const job = await stage.run(request(compare))
  expect(job).toMatchObject({ state: 'done', verified: 1 })
  return job
}

/** Tells whether a process has started another one. */
function hasChild(pid: number): boolean {
  const parents = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]]
    } catch {
      return []
    }
  })
  return parents.includes(String(pid))
}

async function compile(name: string, source: string): Promise<string> {
  const file = join(stage.home, name)
  writeFileSync(file, source)
  const [tell, show] = [() => {}, () => {}]
  const folder = join(stage.home, 'compiled')
  return compiledProgram({ language: 'c', sources: [file], flags: [], folder, tell, show })
}

function caughtIn(events: readonly JobEventReport[]): string[] {
  return events.flatMap((event) => (event.kind === 'caught' ? [event.subject] : []))
}

function reasonsIn(events: readonly JobEventReport[]): string[] {
  return events.flatMap((event) => (event.kind === 'differs' ? [event.why] : []))
}
