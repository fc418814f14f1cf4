import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlServer, connectControl, serveControl } from './control.ts'

describe('control socket', () => {
  let folder: string
  let server: ControlServer
  const seen: unknown[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'souk-control-'))
    server = await serveControl(folder, {
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

  it('finds no owner in an empty folder', async () => {
    expect(await connectControl(join(folder, 'nowhere'))).toBeUndefined()
  })
})
