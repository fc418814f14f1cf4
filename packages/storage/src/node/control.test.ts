import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlHandler, type ControlServer, connectControl, serveControl } from './control.ts'

describe('control socket', () => {
  let folder: string
  let server: ControlServer
  const seen: unknown[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'souk-control-'))
    const methods: Record<string, ControlHandler> = {
      echo: async (params) => params,
      count: async (_params, emit) => {
        for (let i = 0; i < 3; i++) emit(i)
        return 'done'
      },
      fail: async () => {
        throw new TypeError('no')
      },
      wait: (_params, _emit, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(seen.push('aborted')))),
    }
    server = await serveControl(folder, methods, {
      double: async (params) => ({
        answer: params,
        serve: (stream) =>
          pipeline(
            stream,
            async function* (source: AsyncIterable<Buffer>) {
              for await (const chunk of source) yield Buffer.concat([chunk, chunk])
            },
            stream,
          ),
      }),
      refuse: async () => {
        throw new TypeError('no stream')
      },
      hold: async (_params, signal) => ({
        answer: null,
        serve: () => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      }),
    })
  })

  afterEach(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('carries big integers and bytes both ways', async () => {
    const client = await connectControl(folder)
    const value = { amount: 2n ** 100n, bytes: Uint8Array.of(1, 2, 255), list: [1n] }
    expect(await client?.call('echo', value)).toEqual(value)
    client?.close()
  })

  it.skipIf(process.platform === 'win32')('removes the socket that a killed owner left behind', async () => {
    const left = JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8')).address as string
    const next = await serveControl(folder, {})
    expect(existsSync(left)).toBe(false)
    await next.stop()
  })

  it('delivers events before the answer', async () => {
    const client = await connectControl(folder)
    const events: unknown[] = []
    expect(await client?.call('count', {}, (event) => events.push(event))).toBe('done')
    expect(events).toEqual([0, 1, 2])
    client?.close()
  })

  it('answers errors with their code, and unknown methods', async () => {
    const client = await connectControl(folder)
    await expect(client?.call('fail')).rejects.toMatchObject({ code: 'UNKNOWN', message: 'no' })
    await expect(client?.call('toString')).rejects.toMatchObject({ code: 'UNKNOWN_METHOD' })
    client?.close()
  })

  it('aborts the work of a caller that went away', async () => {
    const client = await connectControl(folder)
    const abort = new AbortController()
    const waiting = client?.call('wait', {}, undefined, abort.signal)
    setTimeout(() => abort.abort(), 50)
    await expect(waiting).rejects.toMatchObject({ code: 'OWNER_GONE' })
    await expect.poll(() => seen).toContain('aborted')
  })

  it('is for its user alone, and hangs up on a wrong token', async () => {
    const file = join(folder, 'control.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const door = JSON.parse(readFileSync(file, 'utf8')) as { token: string }
    writeFileSync(file, JSON.stringify({ ...door, token: 'x'.repeat(door.token.length) }))
    const client = await connectControl(folder)
    await expect(client?.call('echo', 1)).rejects.toMatchObject({ code: 'OWNER_GONE' })
  })

  it('carries streams of bytes both ways beside calls, and their ends', async () => {
    const client = await connectControl(folder)
    const opened = await client?.open('double', { amount: 2n })
    expect(opened?.answer).toEqual({ amount: 2n })
    const { stream } = opened ?? {}
    if (stream === undefined) throw new Error('expected a stream')
    const doubled = buffer(stream)
    for (let i = 0; i < 64; i++) stream.write(Buffer.alloc(65_536, i))
    expect(await client?.call('echo', 1)).toBe(1)
    stream.end()
    const bytes = await doubled
    expect(bytes.byteLength).toBe(2 * 64 * 65_536)
    expect([bytes[0], bytes.at(-1)]).toEqual([0, 63])
    client?.close()
  })

  it('answers a refused stream with its code', async () => {
    const client = await connectControl(folder)
    await expect(client?.open('refuse')).rejects.toMatchObject({ code: 'UNKNOWN', message: 'no stream' })
    await expect(client?.open('echo')).rejects.toMatchObject({ code: 'UNKNOWN_METHOD' })
    client?.close()
  })

  it('stops although a stream is open that nobody reads', async () => {
    const client = await connectControl(folder)
    const opened = await client?.open('hold')
    const closed = new Promise((resolve) => opened?.stream.once('close', resolve).resume())
    await server.stop()
    await closed
    client?.close()
  })

  it('finds no owner in an empty folder', async () => {
    expect(await connectControl(join(folder, 'nowhere'))).toBeUndefined()
  })
})
