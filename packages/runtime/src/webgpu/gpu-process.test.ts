import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forkGpuProcess } from './gpu-process.ts'

const OUTSIDE = 'SOUK_TEST_OF_GPU_PROCESS'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-gpu-process-'))
  process.env[OUTSIDE] = 'told to nobody'
})
afterAll(() => {
  delete process.env[OUTSIDE]
  rmSync(folder, { recursive: true })
})

test('a process with a GPU sees names of drivers in its environment, no cache, and no files but its code', async () => {
  const script = join(folder, 'look.mjs')
  writeFileSync(
    script,
    `const can = (scope, path) => process.permission.has(scope, path)
     process.on('message', () => {})
     process.send({ env: process.env, reach: [can('fs.read', '/etc/passwd'), can('fs.write'), can('child'), can('worker')] })`,
  )
  const child = forkGpuProcess(script, [], null, [folder])
  const [{ env, reach }] = (await once(child, 'message')) as [{ env: NodeJS.ProcessEnv; reach: boolean[] }]
  child.kill('SIGKILL')
  expect(reach).toEqual([false, false, false, false])
  expect(env).toMatchObject({ __GL_SHADER_DISK_CACHE: '0', MESA_SHADER_CACHE_DISABLE: 'true' })
  const others = Object.keys(env).filter((name) => !/^(VK_|NODE_|__GL_|MESA_|LD_LIBRARY_PATH$)/.test(name))
  expect(others).toEqual([])
})
