import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JobPlan, type PlayedJob, playJob, WHOLE, working } from '../job.ts'
import type { Facts, Scenario } from '../scenario.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const LIAR = 'provider-1'
const QUORUM: JobPlan = { tasks: 10, mebibytes: 32, k: 2, n: 3, leases: 4 }
/** Tasks long enough that a checkpoint can be asked for while they run. */
const SINGLE: JobPlan = { tasks: 8, mebibytes: 96, k: 1, n: 1, leases: 2 }
const FAULT = 'the provider’s own fault switch'
/** Bytes of the disk that gets full. */
const DISK = '256m'
const PIECE = Buffer.alloc(4_096)

/** Providers that lie about their work, and one whose disk is full. */
export const LIES: readonly Scenario[] = [
  {
    name: 'lie-results',
    what: 'a provider signs wrong results of half its tasks; a quorum of 2 of 3 compares them',
    means: FAULT,
    world: 'crowd',
    expected: { ...WHOLE, caught: { atLeast: 1 }, 'honest ones accused': 0 },
    play: (world, tell) =>
      lying(world, 'wrong-result:0.5', tell, async (job) => {
        const names = job.of('caught').map(({ subject }) => world.nameOf(subject))
        return { caught: names.length, 'honest ones accused': names.filter((name) => name !== LIAR).length }
      }),
  },
  {
    name: 'lie-progress',
    what: 'a provider takes tasks, says that it lives, and executes nothing',
    means: FAULT,
    world: 'crowd',
    expected: { ...WHOLE, 'tasks sent to it': { atLeast: 1 } },
    play: (world, tell) =>
      lying(world, 'idle', tell, async (job) => {
        const its = new Set(
          job.of('lease').flatMap(({ lease, subject }) => (isLiar(world, subject) ? [lease] : [])),
        )
        const sent = job.of('dispatched').filter(({ lease }) => its.has(lease))
        return { 'tasks sent to it': sent.flatMap(({ attempts }) => attempts).length }
      }),
  },
  {
    name: 'lie-checkpoint',
    what: 'a provider tells of checkpoints that nobody saved',
    means: FAULT,
    world: 'crowd',
    expected: { ...WHOLE, 'checkpoints refused': { atLeast: 1 }, 'checkpoints taken': 0 },
    play: (world, tell) => lying(world, 'wrong-checkpoint', tell, judgeCheckpoints, SINGLE),
  },
  {
    name: 'disk-full',
    what: 'the disk of a provider is full in the middle of a job',
    means: `a file system of ${DISK} of its own`,
    world: 'crowd',
    obstacle: () =>
      process.platform === 'linux' && process.getuid?.() === 0
        ? undefined
        : 'a small file system of its own takes root on Linux',
    expected: { ...WHOLE, ended: false, 'offer withdrawn': true },
    play: diskFull,
  },
]

type Judge = Parameters<typeof playJob>[2]

function isLiar(world: World, subject: `0x${string}`): boolean {
  return world.nameOf(subject) === LIAR
}

async function lying(
  world: World,
  fault: string,
  tell: (sentence: string) => void,
  judge: Judge,
  plan: JobPlan = QUORUM,
): Promise<Facts> {
  tell(`${LIAR} comes back as a liar: ${fault}`)
  await world.restart(LIAR, fault)
  await world.offersFound(world.names.length)
  return playJob(world, plan, async (job) => {
    await until('every result is accepted', () => job.accepted() === plan.tasks)
    return judge(job)
  })
}

async function judgeCheckpoints(job: PlayedJob): Promise<Facts> {
  return {
    'checkpoints refused': job.of('checkpoint-refused').length,
    'checkpoints taken': job.of('checkpoint').length,
  }
}

async function diskFull(world: World, tell: (sentence: string) => void): Promise<Facts> {
  const folder = world.folder(LIAR)
  await world.child(LIAR).stop()
  moveToSmallDisk(folder)
  try {
    await world.restart(LIAR)
    await world.offersFound(world.names.length)
    return await playJob(world, { ...QUORUM, tasks: 40 }, async (job) => {
      await working(world, LIAR)
      tell(`filling the disk of ${LIAR}`)
      fill(folder)
      // It notices by a write, or by a look at the disk; its offer goes with it.
      const isWithdrawn = await until(`the offer of ${LIAR} is gone`, async () => {
        const offers = await world.offers()
        return !offers.some(({ account }) => account === world.party(LIAR).account)
      })
      await until('every result is accepted', () => job.accepted() === 40)
      return { ended: !world.child(LIAR).isRunning(), 'offer withdrawn': isWithdrawn }
    })
  } finally {
    await world.child(LIAR).stop()
    moveBack(folder)
  }
}

/** Gives a folder a disk of its own that is small. */
function moveToSmallDisk(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'souk-chaos-'))
  cpSync(folder, copy, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0700`, 'souk-chaos', folder])
  cpSync(copy, folder, { recursive: true })
  rmSync(copy, { recursive: true })
}

/** Takes what is on the small disk back to where the folder was. */
function moveBack(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'souk-chaos-'))
  rmSync(join(folder, FILLER), { force: true })
  cpSync(folder, copy, { recursive: true })
  execFileSync('umount', [folder])
  cpSync(copy, folder, { recursive: true })
  rmSync(copy, { recursive: true })
}

const FILLER = 'filler'

/** Writes until nothing fits any more. */
function fill(folder: string): void {
  try {
    for (;;) writeFileSync(join(folder, FILLER), PIECE, { flag: 'a' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}
