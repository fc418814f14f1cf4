import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DockerDaemon,
  noDockerReason,
  startDocker,
} from '../../packages/runtime/src/testing/docker-daemon.ts'
import { shellImage } from '../../packages/runtime/src/testing/test-image.ts'
import { soukIn } from './support/cli.ts'
import { demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const missing = noDockerReason()
const MARKER = `marker-${createHash('sha256').update('in a container').digest('hex')}`

describe.skipIf(missing !== null)(
  `secrets of containers${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let daemon: DockerDaemon
    let stage: Stage
    let folder: string
    beforeAll(async () => {
      daemon = await startDocker()
      folder = mkdtempSync(join(tmpdir(), 'souk-secret-'))
      stage = await Stage.open(plan(1, 0.6))
    }, 240_000)
    afterAll(async () => {
      await stage?.stop()
      await daemon?.stop()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })

    test('are files of the program alone, and on no disk of the provider or its daemon', async () => {
      const { child, ended } = soukIn(stage).start(['secret', 'set', 'token'])
      child.stdin?.end(MARKER)
      expect(await ended).toBe(0)
      const image = await shellImage()
      const archive = join(folder, 'image.tar')
      writeFileSync(archive, image.bytes)
      const script =
        '/bin/busybox sha256sum < /run/secrets/TOKEN; /bin/busybox ls -l /run/secrets; echo $SOUK_SECRETS'
      const { job, state } = await stage.run({
        ...requestOf('', [[script]], { deadlineMs: 100_000, demand: demandOf({ runtime: 'container/1' }) }),
        program: { reference: image.id, archive, entrypoint: null },
        secrets: [{ file: 'TOKEN', secret: 'token' }],
      })
      const { stdout, failure } = await stage.result(job, 0)
      expect({ state, failure }).toEqual({ state: 'done', failure: null })
      const [sum, , file, place] = Buffer.from(stdout).toString().split('\n')
      expect(sum).toContain(createHash('sha256').update(MARKER).digest('hex'))
      expect(file).toMatch(/^-r-------- .* TOKEN$/)
      expect(place).toBe('/run/secrets')
      await stage.capacityFree()
      // The memory that holds it goes with the container, soon after the lease.
      const daemonFolder = dirname(fileURLToPath(daemon.host.replace('unix:', 'file:')))
      await until('the daemon has nothing of it', () => filesWith(daemonFolder, MARKER).length === 0)
      expect(filesWith(stage.home, MARKER)).toEqual([])
      expect(filesWith(stage.home, 'SOUK_SECRETS=').length).toBeGreaterThan(0)
    })
  },
)

/** Returns the files below a folder in which a text stands; sockets and what goes meanwhile have none. */
function filesWith(folder: string, text: string): string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name)
    const kind = lstatSync(path, { throwIfNoEntry: false })
    if (kind?.isDirectory() === true) return filesWith(path, text)
    return kind?.isFile() === true && holds(path, text) ? [path] : []
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file).includes(text)
  } catch {
    return false
  }
}
