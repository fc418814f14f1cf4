import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fromUtf8, toBlocks } from '@souk/protocol'
import { createWasmExecutor, type Executor, type Inside } from '@souk/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDigits } from '../../examples/digits/data.mjs'
import { layout } from '../home.ts'
import { prepareProgram } from './prepare-program.ts'

const MIB = 1024 * 1024
const example = (name: string) => fileURLToPath(new URL(`../../examples/digits/${name}`, import.meta.url))

describe('the service that reads digits', () => {
  let folder: string
  let executor: Executor
  const stop = new AbortController()
  let service: Promise<unknown>
  let claimed: number
  let inside: Inside

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-digits-'))
    const weights = join(folder, 'weights.f32')
    const trained = await promisify(execFile)(process.execPath, [example('train.mjs'), weights])
    claimed = JSON.parse(trained.stdout).accuracy
    const options = { with: [], cflag: [], entrypoint: [], json: true }
    const prepared = await prepareProgram(example('read-digit.c'), [], options, layout(join(folder, 'local')))
    executor = await createWasmExecutor({ memoryBytes: 64 * MIB })
    const begun = Promise.withResolvers<void>()
    const content = new Map<string, Uint8Array>()
    const keep = async (path: string) => {
      const bytes = await readFile(path)
      const address = toBlocks(bytes).content
      content.set(address.cid, bytes)
      return address
    }
    const program = await keep(`${prepared.program}`)
    const input = await keep(weights)
    service = executor.run(
      {
        ...{ id: 'digits', n: 1, deadlineMs: 600_000 },
        task: {
          ...{ v: 1, engine: 'wasm/1', program: program.cid, args: [], env: ['GATEWAY_INTERFACE=CGI/1.1'] },
          ...{ stdin: null, inputs: [['weights.f32', input.cid, input.bytes]], checkpoint: null },
          ...{
            limits: { fuel: 0n, pages: 256, depth: 0, outputBytes: MIB, files: 1 },
            seed: 1n,
            clockNs: 0n,
          },
        },
        content: async (cid) => content.get(cid) ?? Promise.reject(new Error(`nobody has ${cid}`)),
        hear: ({ kind }) => kind === 'started' && begun.resolve(),
      },
      stop.signal,
    )
    await Promise.race([begun.promise, service.then((end) => Promise.reject(new Error(JSON.stringify(end))))])
    const found = executor.inside?.('digits')
    if (found === undefined) throw new Error('expected a way into the service')
    inside = found
  }, 120_000)

  afterAll(async () => {
    stop.abort()
    await service
    await executor.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const ask = async (stdin: Uint8Array) => {
    if (inside.call === undefined) throw new Error('expected an engine that is called')
    const { output, ended } = await inside.call({ env: [], stdin, deadlineMs: 60_000 })
    let text = ''
    for await (const { bytes } of output) text += fromUtf8(bytes)
    await ended
    const [head = '', body = ''] = text.split('\r\n\r\n')
    return { head, body }
  }

  it('reads digits that it has not seen as well as it did in training', async () => {
    const digits = (await readDigits()).test.filter((_, i) => i % 5 === 0)
    let right = 0
    for (const { label, pixels } of digits) {
      const picture = Uint8Array.from(pixels, (shade: number) => Math.round(255 * shade))
      const { digit } = JSON.parse((await ask(picture)).body)
      if (digit === label) right += 1
    }
    expect(claimed).toBeGreaterThan(0.9)
    expect(right / digits.length).toBeGreaterThan(0.88)
  })

  it('says what it wants where it is asked for something else', async () => {
    expect((await ask(new Uint8Array(3))).head).toContain('400 Bad Request')
    expect((await ask(new Uint8Array())).body).toContain('784 bytes')
  })
})
