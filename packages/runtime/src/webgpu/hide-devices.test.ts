import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { namespaceWrapper } from '../runner-namespaces.ts'
import { hidingWrapper } from './hide-devices.ts'

const wrapper = await namespaceWrapper()
const run = promisify(execFile)

describe.skipIf(wrapper === null)('device files that are hidden', () => {
  const inside = (files: string[], command: string) => {
    const [tool = '', ...args] = [...hidingWrapper(wrapper ?? [], files), '/bin/sh', '-c', command]
    return run(tool, args, { env: {} })
  }

  test('cannot be opened, the others can', async () => {
    const look = 'for file in full zero random; do (: < /dev/$file) 2> /dev/null && echo $file; done; true'
    expect((await inside([], look)).stdout).toBe('full\nzero\nrandom\n')
    expect((await inside(['/dev/full', '/dev/random'], look)).stdout).toBe('zero\n')
    expect((await inside([], look)).stdout).toBe('full\nzero\nrandom\n')
  })

  test('stay hidden from a process that mounts', async () => {
    await expect(inside(['/dev/full'], 'umount /dev/full')).rejects.toThrow()
    await expect(inside(['/dev/full'], 'mount -o remount,bind,dev /dev/full')).rejects.toThrow()
  })

  test('keep the process from starting where they are not there', async () => {
    await expect(inside(['/dev/nothing-of-this-name'], 'true')).rejects.toThrow()
  })
})
