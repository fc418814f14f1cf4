import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const NAME = 'provider-1'
const TASKS = 60
const MEBIBYTES = 48
const isPossible = process.platform === 'linux' && process.getuid?.() === 0
const skipped = isPossible ? '' : ', skipped: a small disk of its own takes root on Linux'

let stage: Stage
beforeAll(async () => {
  if (!isPossible) return
  stage = await Stage.open(plan(3, 0.3))
  await stage.market.child(NAME)?.stop()
  moveToSmallDisk(stage.folder(NAME))
  await stage.market.startProvider(NAME)
  await stage.offersFound(3)
})
afterAll(async () => {
  await stage?.market.stopProcesses()
  if (stage !== undefined) execFileSync('umount', [stage.folder(NAME)])
  await stage?.stop()
})

test.skipIf(!isPossible)(
  `a provider whose disk is full drains, settles what it sold, and sells again when there is room${skipped}`,
  async () => {
    const job = await stage.start(hashing(TASKS, MEBIBYTES, { leases: 3, assurance: { k: 2, n: 3 } }))
    await until(`${NAME} works`, async () => {
      const { leases } = await stage.status(NAME)
      return leases.some((lease) => lease.running > 0 && lease.earned > 0n)
    })
    fill(stage.folder(NAME))

    await until(
      'it drains',
      async () => (await stage.ask<{ draining: string | null }>(NAME, 'status')).draining !== null,
    )
    await stage.offersFound(2)
    expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
    const id = await job.id
    for (const index of [0, TASKS - 1]) {
      const { stdout } = await stage.result(id, index)
      expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(MEBIBYTES, index))
    }
    await stage.settle()
    await stage.capacityFree([NAME])

    rmSync(join(stage.folder(NAME), 'filler'))
    await stage.offersFound(3)
    expect(stage.market.child(NAME)?.isRunning()).toBe(true)
    expect(existsSync(join(stage.folder(NAME), 'ballast'))).toBe(true)
    const { draining } = await stage.ask<{ draining: string | null }>(NAME, 'status')
    expect(draining).toBeNull()
    expect(await stage.run(hashing(6, 1, { leases: 3, assurance: { k: 3, n: 3 } }))).toMatchObject({
      state: 'done',
    })
  },
)

/** Gives a folder a disk of its own that is small. */
function moveToSmallDisk(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'souk-copy-'))
  cpSync(folder, copy, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m,mode=0700', 'souk-test', folder])
  cpSync(copy, folder, { recursive: true })
  rmSync(copy, { recursive: true })
}

/** Writes until nothing fits any more. */
function fill(folder: string): void {
  const piece = Buffer.alloc(4096)
  try {
    for (;;) writeFileSync(join(folder, 'filler'), piece, { flag: 'a' })
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
  }
}
