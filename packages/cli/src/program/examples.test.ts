import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireJudgeable } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Home } from '../home.ts'
import { layout } from '../home.ts'
import { type PreparedProgram, prepareProgram } from './prepare-program.ts'
import { ended, type Reading, runProgram } from './run-program.fixture.ts'

const MIB = 1024 * 1024
const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

describe('the examples', () => {
  let folder: string
  let home: Home
  let executor: Executor
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-examples-'))
    home = layout(join(folder, 'local'))
    executor = await createWasmExecutor({ memoryBytes: 128 * MIB })
  })
  afterAll(async () => {
    await executor.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const prepare = (name: string, more: string[], args: string[] = []) => {
    const options = { with: more.map(example), cflag: [], entrypoint: [], json: true }
    return prepareProgram(example(name), args, options, home)
  }
  const run = async (prepared: PreparedProgram, reading: Reading) => {
    if (typeof prepared.program !== 'string') throw new Error('expected a program, got an image')
    const own = await Promise.all(
      prepared.inputs.map(async ([path, file]) => [path, await readFile(file)] as const),
    )
    const files = { ...Object.fromEntries(own), ...reading.files }
    return ended(await runProgram(executor, prepared.program, { ...reading, args: prepared.args, files }))
  }

  it('adds up a table in C of two files and a header', async () => {
    const prepared = await prepare('totals.c', ['table.c'], ['sales.csv'])
    const files = { 'sales.csv': 'pear,3\napple,5\npear,-10\nfig,9000000000\n' }
    const { status, stdout } = await run(prepared, { files })
    expect(status).toEqual({ kind: 'exit', code: 0 })
    expect(stdout).toBe('apple,5\nfig,9000000000\npear,-7\n')
  })

  it('finds lines that are alike in C with SIMD, in a way that a jury can judge', async () => {
    const prepared = await prepare('alike.c', [])
    const { stdout } = await run(prepared, { stdin: 'listen\nzebra zebra\nSilent!\nenlists' })
    expect(stdout).toBe('1 3 0\n2 1 22\n3 1 0\n4 1 1\n')
    await requireJudgeable(await readFile(`${prepared.program}`), 'wasm/1')
  })

  it('groups anagrams in C++', async () => {
    const prepared = await prepare('anagrams.cpp', [])
    const { status, stdout } = await run(prepared, { stdin: 'Listen, the silent tea: ate, eat. Whale!' })
    expect(status).toEqual({ kind: 'exit', code: 0 })
    expect(stdout).toBe('ate eat tea\nlisten silent\n')
  })

  it('counts words in JavaScript of two modules and hands a file back', async () => {
    const prepared = await prepare('words.js', ['count-words.js'], ['text', '2'])
    const { status, stdout, files } = await run(prepared, {
      files: { text: 'Die Größe, die größe; le café: die' },
    })
    expect(status).toEqual({ kind: 'exit', code: 0 })
    expect(stdout).toBe('3 die\n2 größe\n')
    expect(JSON.parse(files['counts.json'] ?? '')).toEqual({ die: 3, größe: 2, café: 1, le: 1 })
  })
})
