import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runGolden } from './testing/golden-det.ts'

test('tasks of wasm-det/1 have the outputs and the fuel that they have everywhere', async () => {
  const golden = await readFile(new URL('../../../test/golden/wasm-det.json', import.meta.url), 'utf8')
  expect(await runGolden()).toEqual(JSON.parse(golden))
})
