import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DockerDaemon,
  noDockerReason,
  startDocker,
} from '../../packages/runtime/src/testing/docker-daemon.ts'
import { shellImage } from '../../packages/runtime/src/testing/test-image.ts'
import { demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const missing = noDockerReason()

describe.skipIf(missing !== null)(
  `which images a provider takes${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let daemon: DockerDaemon
    let folder: string
    let stage: Stage
    let request: JobRequest
    let id: string
    beforeAll(async () => {
      daemon = await startDocker()
      folder = mkdtempSync(join(tmpdir(), 'souk-policy-'))
      const image = await shellImage()
      id = image.id
      const archive = join(folder, 'image.tar')
      writeFileSync(archive, image.bytes)
      const images = ['--image-allow', 'docker.io/library/*', '--image-allow', id, '--no-image-archives']
      stage = await Stage.open(plan(1, 0.6).map((one) => ({ ...one, images })))
      request = {
        ...requestOf('', [['echo ran']], { demand: demandOf({ runtime: 'container/1' }) }),
        program: { reference: id, archive, entrypoint: null },
      }
    }, 240_000)
    afterAll(async () => {
      await stage?.stop()
      await daemon?.stop()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })

    test('stands in its status', async () => {
      const { images } = await stage.ask<{ images: unknown }>('provider-1', 'status')
      expect(images).toMatchObject({ archives: false, pull: true, allow: ['docker.io/library/*', id] })
    })

    test('is told to a task that offends a rule, with the rule and what to do', async () => {
      const { job, state } = await stage.run(request)
      expect(state).toBe('failed')
      const { failure } = await stage.result(job, 0)
      expect(failure?.code).toBe('refused')
      expect(failure?.message).toMatch(/its rule on archives .*; push the image to a registry/)

      const other = `ghcr.io/someone/else@sha256:${'0'.repeat(64)}`
      const named = { reference: other, archive: null, entrypoint: null }
      const second = await stage.run({ ...request, program: named })
      const { failure: unnamed } = await stage.result(second.job, 0)
      expect(unnamed?.code).toBe('refused')
      expect(unnamed?.message).toMatch(/its rule on allow .*docker\.io\/library\/\*/)
    })

    test('keeps nothing that was refused, and every lease is settled', async () => {
      expect(await daemon.docker.listImages()).toHaveLength(1)
      await stage.capacityFree()
      await stage.settle()
      expect((await stage.money()).conserved).toBe(true)
    })
  },
)
