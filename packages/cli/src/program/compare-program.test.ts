import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Output } from '@souk/protocol'
import { differenceByProgram } from '@souk/requester'
import { createMemoryBlocks, putContent } from '@souk/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compiledProgram } from './compiled-programs.ts'
import { localPrograms } from './local-programs.ts'

const SAME_LINES = fileURLToPath(new URL('../../examples/same-lines.c', import.meta.url))
/** Behaves as the first line of what the one result printed says. */
const CONDUCT = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  char how[16] = "";
  FILE *file = fopen("a.stdout", "r");
  fgets(how, sizeof how, file);
  if (strcmp(how, "files") == 0) return fopen("a/out/x", "r") == NULL || fopen("b/out/y", "r") == NULL;
  if (strcmp(how, "trap") == 0) __builtin_trap();
  if (strcmp(how, "two") == 0) return 2;
  if (strcmp(how, "silent") == 0) return 1;
  if (strcmp(how, "noisy") == 0) for (int i = 0; i < 100000; i++) puts("noise");
  if (strcmp(how, "long") == 0) for (int i = 0; i < 1000; i++) putchar('x');
  return strcmp(how, "long") == 0;
}`

const blocks = createMemoryBlocks()
const programs = localPrograms()
let folder: string
const program = { sameLines: '', conduct: '' }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'souk-compare-'))
  program.sameLines = await keep(SAME_LINES)
  writeFileSync(join(folder, 'conduct.c'), CONDUCT)
  program.conduct = await keep(join(folder, 'conduct.c'))
  // A busy machine compiles for long.
}, 120_000)
afterAll(async () => {
  await programs.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a program that compares results', () => {
  test.each([
    ['b\na\n', 'a\nb\n', null],
    ['a\nb\n', 'a\nc\n', /'b' where the other has 'c'/],
    ['a\n', 'a\nb\n', /1 lines, the other 2/],
  ])('says of %j and %j what it finds', async (a, b, why) => {
    const found = await difference(program.sameLines, await printed(a), await printed(b))
    if (why === null) expect(found).toBeNull()
    else expect(found).toMatch(why)
  })

  test('sees the files of both', async () => {
    const a = { ...(await printed('files')), files: await files('out/x') }
    const b = { ...(await printed('')), files: await files('out/y') }
    expect(await difference(program.conduct, a, b)).toBeNull()
    expect(await difference(program.conduct, a, a)).not.toBeNull()
  })

  test('is not asked about results that ended in different ways', async () => {
    const trapped: Output = { ...(await printed('trap')), status: { kind: 'trap' } }
    expect(await difference(program.conduct, trapped, await printed(''))).toMatch(/trap.*exit 0/)
  })

  test.each(['trap', 'two', 'noisy'])('has said nothing where it ends otherwise: %s', async (how) => {
    const compared = difference(program.conduct, await printed(how), await printed(''))
    await expect(compared).rejects.toMatchObject({ data: { code: 'INCOMPARABLE' } })
  })

  test('may differ without words, and with more than people read', async () => {
    const words = async (how: string) => difference(program.conduct, await printed(how), await printed(''))
    expect(await words('silent')).toMatch(/they differ$/)
    expect(await words('long')).toMatch(/: x{200}$/)
  })

  test('gets no more than fits into memory', async () => {
    const large: Output = { ...(await printed('')), files: [['large', (await printed('')).stdout, 2 ** 29]] }
    const compared = difference(program.conduct, large, await printed(''))
    await expect(compared).rejects.toThrow(/536870912 bytes/)
  })
})

async function difference(cid: string, a: Output, b: Output) {
  const signal = AbortSignal.timeout(60_000)
  return differenceByProgram(a, b, { blocks, program: cid, run: programs.run, signal })
}

async function printed(text: string): Promise<Output> {
  const { cid: stdout } = await putContent(blocks, new TextEncoder().encode(text))
  return { v: 1, status: { kind: 'exit', code: 0 }, fuel: 0n, stdout, files: [] }
}

async function files(path: string): Promise<Output['files']> {
  const { cid, bytes } = await putContent(blocks, new TextEncoder().encode(path))
  return [[path, cid, bytes]]
}

async function keep(source: string): Promise<string> {
  const [tell, show] = [() => {}, () => {}]
  const compiled = join(folder, 'compiled')
  const file = await compiledProgram({
    language: 'c',
    sources: [source],
    flags: [],
    folder: compiled,
    tell,
    show,
  })
  return (await putContent(blocks, await readFile(file))).cid
}
