import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  isAlive,
  noSlurmReason,
  type SlurmCluster,
  startSlurm,
} from '../../packages/runtime/src/testing/slurm-cluster.ts'
import { CONDUCT, demandOf, expectedDigest, hashing, requestOf } from './support/request.ts'
import { Stage, type StartedJob } from './support/stage.ts'
import { until } from './support/until.ts'

const MIB = 1024 * 1024
const NODE = 'n1'
/** Fronts the cluster, and is the cheaper one; the other sells this machine. */
const FRONT = 'provider-1'
const OTHER = 'provider-2'
const TASKS = 12
const MEBIBYTES = 24
const missing = noSlurmReason()
if (missing !== null) console.log(`Slurm: skipped, ${missing}`)

describe.skipIf(missing !== null)('a provider that fronts a Slurm cluster', () => {
  let slurm: SlurmCluster
  let stage: Stage
  beforeAll(async () => {
    slurm = await startSlurm([{ name: NODE, cores: 2, memoryMib: 4_000, gpus: { type: 'a100', count: 2 } }])
    stage = await Stage.open([
      { name: FRONT, share: 1, coreHour: '0.10', slurm: 'main' },
      { name: OTHER, share: 0.3, coreHour: '0.90' },
    ])
  })
  afterAll(async () => {
    await stage?.stop()
    await slurm?.stop()
  })

  test('sells its nodes, serves a job on them and is paid', async () => {
    const { total } = await stage.status(FRONT)
    expect(total).toMatchObject({ millicores: 2_000, memoryBytes: (4_000 - 2 * 256) * MIB })
    expect(total.gpus.map(({ id, model }) => [id, model])).toEqual([
      ['n1:0', 'a100'],
      ['n1:1', 'a100'],
    ])
    const job = await stage.start(hashing(TASKS, MEBIBYTES, { demand: demandOf({}, { millicores: 2_000 }) }))
    await until('its allocation runs two steps', async () => (await steps()).length === 2)
    const [allocation, ...others] = await jobs()
    expect(others).toEqual([])
    expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
    await rightResults(job)
    expect(providersOf(job)).toEqual([stage.party(FRONT).delegate])
    expect(allocation).toContain(leasesOf(job)[0])
    await settledFairly()
    await nothingOnNodes()
  })

  test('does not accept what the cluster has no room for: others are asked', async () => {
    await slurm.slurm('salloc', '--no-shell', '--job-name=other', '--ntasks=2')
    const job = await stage.run(hashing(2, 1))
    expect(job).toMatchObject({ state: 'done', verified: 2 })
    expect(providersOf(job)).toEqual([stage.party(OTHER).delegate])
    expect(logOf(FRONT)).toMatch(/lease refused.*no-capacity/)
    expect(await jobs()).toEqual(['other'])
    await slurm.slurm('scancel', '--name=other')
    await settledFairly()
    await nothingOnNodes()
  })

  test('loses a lease with its node: its job goes on elsewhere, and what was served is paid', async () => {
    const job = await stage.start(hashing(TASKS, 2 * MEBIBYTES))
    const earned = await until('the cluster works and has vouchers', async () => {
      const { leases } = await stage.status(FRONT)
      return leases.find((lease) => lease.running > 0 && lease.earned > 0n)?.earned
    })
    await slurm.cutPower(NODE)
    expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
    await rightResults(job, 2 * MEBIBYTES)
    expect(providersOf(job)).toEqual([stage.party(FRONT).delegate, stage.party(OTHER).delegate])
    await until('a cluster without nodes sells nothing', async () => (await coresOf(FRONT)) === 0)
    await slurm.revive(NODE)
    await until('it sells its node again', async () => (await coresOf(FRONT)) === 2_000)
    const [lost = '0x'] = leasesOf(job)
    await settledFairly()
    const { paid, status } = await stage.reader.leaseState(lost)
    expect(status).toBe('closed')
    expect(paid).toBeGreaterThanOrEqual(earned)
    expect(logOf(FRONT)).toMatch(/the place of a lease is lost/)
    await stage.offersFound(2)
    await nothingOnNodes()
  })

  test('that was killed leaves no process on a node, and its next start no allocation', async () => {
    const job = await stage.start(requestOf(CONDUCT, [['spin']], { deadlineMs: 600_000 }))
    await until('its program runs', async () =>
      (await stage.status(FRONT)).leases.some((one) => one.running > 0),
    )
    await until('its step runs', async () => (await steps()).length === 1)
    const started = slurm.processes(NODE)
    const [allocation] = await jobs()
    await stage.market.child(FRONT)?.kill()
    await until('its processes are gone', () => !started.some(isAlive))
    expect(await jobs()).toEqual([allocation])
    await stage.market.startProvider(FRONT)
    expect(await jobs()).not.toContain(allocation)
    await stage.ask('agent', 'cancel', { job: await job.id })
    await stage.settle()
    await nothingOnNodes()
  })

  const coresOf = async (name: string) => (await stage.status(name)).total.millicores
  const jobs = async () => lines(await slurm.slurm('squeue', '-h', '-o', '%j'))
  const steps = async () => lines(await slurm.slurm('squeue', '-h', '-s', '-o', '%i'))
  const logOf = (name: string) => readFileSync(join(stage.home, `${name}.log`), 'utf8')

  async function nothingOnNodes(): Promise<void> {
    await until('the cluster is empty', async () => {
      return (await jobs()).length === 0 && slurm.processes(NODE).length === 0
    })
  }

  /** Waits until every lease is settled, and sees that no money is missing or stuck. */
  async function settledFairly(): Promise<void> {
    await stage.settle()
    await stage.capacityFree()
    const { conserved, accounts } = await stage.money()
    expect(conserved).toBe(true)
    expect(accounts.filter((one) => one.locked !== 0n)).toEqual([])
  }

  async function rightResults(job: StartedJob, mebibytes = MEBIBYTES): Promise<void> {
    const id = await job.id
    for (let index = 0; index < TASKS; index++) {
      const { stdout } = await stage.result(id, index)
      expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(mebibytes, index))
    }
  }
})

/** Returns the leases that were given work, in order. */
function leasesOf({ events }: Pick<StartedJob, 'events'>): Hex[] {
  const dispatched = events.flatMap((event) => (event.kind === 'dispatched' ? [event.lease] : []))
  return [...new Set(dispatched)]
}

/** Returns the subjects of the leases that were given work, in order, each once. */
function providersOf(job: Pick<StartedJob, 'events'>): Hex[] {
  const leased = new Map(
    job.events.flatMap((event) => (event.kind === 'lease' ? [[event.lease, event.subject] as const] : [])),
  )
  return [...new Set(leasesOf(job).flatMap((lease) => leased.get(lease) ?? []))]
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean)
}
