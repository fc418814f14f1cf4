import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gatherSources } from './gather-sources.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-sources-'))
  await mkdir(join(folder, 'app/sub'), { recursive: true })
  await mkdir(join(folder, 'lib'))
  const files = {
    'app/main.c': '#include <stdio.h>\n #  include "sub/a.h"\n#include "none.h"\n// "not.h"',
    'app/sub/a.h': '#include "../../lib/b.h"\n#embed "data.bin"',
    'app/sub/data.bin': '\0',
    'lib/b.h': '#include "../app/sub/a.h"',
    'lib/not.h': '',
  }
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('brings what is included, from wherever it is, and nothing else', async () => {
  const { units, files } = await gatherSources([join(folder, 'app/main.c')])
  expect(units).toEqual(['app/main.c'])
  expect([...files.keys()].sort()).toEqual(['app/main.c', 'app/sub/a.h', 'app/sub/data.bin', 'lib/b.h'])
})
