import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingSoftwareGpu } from '../../packages/runtime/src/testing/software-gpu.ts'
import type { GpuReport } from '../gpu/report.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/gpu-bundle.mjs', import.meta.url))
const missing = await missingSoftwareGpu()

describe.skipIf(missing !== null || process.platform !== 'linux')(
  `the archive that tests a machine's GPUs${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'souk-gpu-report-'))
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('is small, needs nothing but itself, and reports what holds', { timeout: 600_000 }, () => {
      const run = spawnSync(process.execPath, [SCRIPT, '--report', folder], { encoding: 'utf8' })
      expect(run.stderr + run.stdout).toContain('Everything held.')
      expect(run.status).toBe(0)
      const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as GpuReport
      expect(report).toMatchObject({ v: 1, why: null, ok: true })
      const [device] = report.devices
      expect(device?.adapter.isSoftware).toBe(true)
      expect(device?.checks.map(({ ok }) => ok)).toEqual(Array(6).fill(true))
      expect(device?.proof).toMatchObject({ rows: 32, right: 32 })
      expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('end a shader without an end | yes')
    })
  },
)
