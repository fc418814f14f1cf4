import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handleSessions, openSession, type ServedSession, type Session } from '@souk/network'
import { type SessionPurpose, toHex, utf8 } from '@souk/protocol'
import { connectControl, serveControl } from '@souk/storage/node'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode, until } from '../../../network/src/testing/market.ts'
import { bytesOf, execOf, forwardOf, logsOf, sendBytes } from '../session-calls.ts'
import { relaySession, sessionOver } from './session-socket.ts'

const PURPOSE: SessionPurpose = { kind: 'read', path: '/x' }

describe('a session behind a control socket', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const one of undo.splice(0).toReversed()) await one()
  })

  /** A provider, an agent with a control socket, and what opens a session as a command does. */
  const stage = async (serve: (session: ServedSession) => Promise<void>) => {
    const network = testNetwork()
    const [provider, requester] = [await testNode(network), await testNode(network)]
    undo.push(() => Promise.all([provider.stop(), requester.stop()]))
    const served = { ended: 0 }
    const stop = await handleSessions(provider, () => ({
      attempt: 'a',
      serve(session) {
        session.signal.addEventListener('abort', () => {
          served.ended += 1
        })
        return serve(session)
      },
    }))
    undo.push(stop)
    const folder = mkdtempSync(join(tmpdir(), 'souk-session-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const control = await serveControl(
      folder,
      {},
      {
        session: async (_params, signal) => {
          const target = { peerId: provider.peerId, addresses: provider.addresses() }
          const wish = {
            ...{ session: toHex(randomBytes(16)), lease: toHex(randomBytes(32)) },
            ...{ attempt: null, purpose: PURPOSE },
          }
          const session = await openSession(requester, target, wish, { signal, resumeMs: 0 })
          return {
            answer: { attempt: session.attempt },
            serve: (stream) => relaySession(session, stream),
          }
        },
      },
    )
    undo.push(() => control.stop())
    const open = async (): Promise<Session> => {
      const client = await connectControl(folder)
      const opened = await client?.open('session')
      client?.close()
      if (opened === undefined) throw new Error('expected a control socket')
      const { attempt } = opened.answer as { attempt: string }
      return sessionOver(opened.stream, attempt)
    }
    return { open, served, provider }
  }

  it('is a command with input, output and an exit code', async () => {
    const { open, served } = await stage(async ({ frames, send }) => {
      for await (const frame of frames) {
        if (frame.t === 'data') await send({ ...frame, channel: 'stderr' })
        if (frame.t === 'resize')
          await send({ t: 'data', channel: 'stdout', bytes: utf8(`${frame.columns}`) })
        if (frame.t === 'end') return send({ t: 'exit', code: 7 })
      }
    })
    const session = await open()
    expect(session.attempt).toBe('a')
    const exec = execOf(session)
    await exec.write(utf8('typed'))
    await exec.resize(80, 24)
    await exec.end()
    const written = { stdout: '', stderr: '' }
    for await (const { stream, bytes } of exec.output) written[stream] += Buffer.from(bytes)
    expect(written).toEqual({ stdout: '80', stderr: 'typed' })
    expect(await exec.exited).toBe(7)
    await until('the provider heard of the end', () => served.ended === 1)
  })

  it('carries many bytes both ways', async () => {
    const { open } = await stage(async ({ frames, send }) => {
      for await (const frame of frames) {
        if (frame.t === 'data') await send({ ...frame, channel: 'stdout' })
        if (frame.t === 'end') break
      }
      await send({ t: 'exit', code: 0 })
    })
    const bytes = randomBytes(4_000_000)
    const forwarded = forwardOf(await open())
    void forwarded.write(bytes).then(() => forwarded.end())
    const hash = createHash('sha256')
    for await (const chunk of forwarded.incoming) hash.update(chunk)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('says how the provider refused what it was sent, long before all of it', async () => {
    const { open } = await stage(({ send }) =>
      send({ t: 'failed', code: 'no-such-path', message: 'there is no /x' }),
    )
    async function* endless() {
      for (;;) yield new Uint8Array(65_536)
    }
    await expect(sendBytes(await open(), endless())).rejects.toMatchObject({ code: 'NO_SUCH_PATH' })
  })

  it('says what went wrong with what is sent', async () => {
    const { open, served } = await stage(async ({ frames }) => {
      for await (const _ of frames);
    })
    async function* broken() {
      yield new Uint8Array(1)
      throw new TypeError('the file is gone')
    }
    await expect(sendBytes(await open(), broken())).rejects.toBeInstanceOf(TypeError)
    await until('the provider heard of it', () => served.ended === 1)
  })

  it('tells gaps in a log', async () => {
    const { open } = await stage(async ({ send }) => {
      await send({ t: 'gap', bytes: 5 })
      await send({ t: 'data', channel: 'stdout', bytes: utf8('x') })
      await send({ t: 'exit', code: 0 })
    })
    const news = []
    for await (const one of logsOf(await open())) news.push(one.kind)
    expect(news).toEqual(['gap', 'written'])
  })

  it('ends at the provider when its reader leaves, or its command dies', async () => {
    const { open, served } = await stage(async ({ send, signal }) => {
      while (!signal.aborted) await send({ t: 'data', channel: 'stdout', bytes: new Uint8Array(65_536) })
    })
    for await (const _ of bytesOf(await open())) break
    await until('the first ended', () => served.ended === 1)
    const session = await open()
    for await (const _ of session.frames) break
    session.hangUp()
    await until('the second ended', () => served.ended === 2)
  })

  it('says that the provider is gone, instead of ending early', async () => {
    const { open, provider } = await stage(async ({ send, signal }) => {
      await send({ t: 'data', channel: 'stdout', bytes: utf8('half') })
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const read = async () => {
      for await (const _ of bytesOf(await open())) await provider.stop()
    }
    await expect(read()).rejects.toMatchObject({ code: 'LOST' })
  })
})
