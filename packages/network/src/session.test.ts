import { createHash, randomBytes } from 'node:crypto'
import { type CountedFrame, type SessionPurpose, sessionFrameCodec, toHex } from '@souk/protocol'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { SoukNode } from './node.ts'
import { parsePeerId } from './peer-target.ts'
import { openSession, type SessionOptions } from './session-open.ts'
import {
  type GrantSession,
  handleSessions,
  SESSIONS_PER_LEASE,
  type ServedSession,
  type SessionRequest,
} from './session-serve.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

const RUNS = 6
const LEASE = toHex(randomBytes(32))
const SHELL: SessionPurpose = { kind: 'exec', command: ['sh'], terminal: null }

describe('sessions', () => {
  const nodes: SoukNode[] = []
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })

  const node = async (network = testNetwork()) => {
    const made = await testNode(network)
    nodes.push(made)
    return made
  }
  /** A provider that serves whoever `holder` is, and counts what it serves. */
  const stage = async (
    serve: (session: ServedSession, request: SessionRequest) => Promise<void>,
    options: { resumeMs?: number } = {},
  ) => {
    const network = testNetwork()
    const [provider, requester] = [await node(network), await node(network)]
    const served = { begun: 0, ended: 0 }
    const grant: GrantSession = (request, peer) => {
      if (peer !== requester.peerId || request.lease !== LEASE)
        return { code: 'unknown-lease', message: 'expected a lease that you hold' }
      return {
        attempt: 'a',
        serve(session) {
          served.begun += 1
          session.signal.addEventListener('abort', () => {
            served.ended += 1
          })
          return serve(session, request)
        },
      }
    }
    stops.push(await handleSessions(provider, grant, options))
    const target = { peerId: provider.peerId, addresses: provider.addresses() }
    const open = (from: SoukNode = requester, more: SessionOptions & { session?: string } = {}) =>
      openSession(
        from,
        target,
        { session: toHex(randomBytes(16)), lease: LEASE, attempt: null, purpose: SHELL },
        more,
      )
    return { provider, requester, target, served, open, network }
  }
  const cutOff = ({ requester, provider }: { requester: SoukNode; provider: SoukNode }) => {
    for (const connection of requester.libp2p.getConnections(parsePeerId(provider.peerId)))
      connection.abort(new Error('cut by the test'))
  }

  it('gives back what it is sent, and ends with the last frame', async () => {
    const { open, served } = await stage(echo)
    const session = await open()
    const sent = pieces(40, 7)
    void sendAll(session, sent)
    expect(await collect(session.frames)).toEqual([...sent.map(back), { t: 'exit', code: 0 }])
    session.hangUp()
    await until('the provider heard of the end', () => served.ended === 1)
  })

  it('goes on after its connection was cut, wherever that happens', async () => {
    const { open, requester, provider, served } = await stage(echo)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 5 }),
        async (waits) => {
          let resumed = 0
          const onConnection = (state: string) => {
            if (state === 'resumed') resumed += 1
          }
          const session = await open(requester, { onConnection })
          const sent = pieces(200, resumed)
          void sendAll(session, sent)
          const frames: CountedFrame[] = []
          const read = (async () => {
            for await (const frame of session.frames) {
              frames.push(frame)
              if (frame.t === 'exit') break
            }
          })()
          for (const wait of waits) {
            await new Promise((resolve) => setTimeout(resolve, wait))
            cutOff({ requester, provider })
          }
          await read
          session.hangUp()
          expect(frames.map(named)).toEqual([...sent.map(back), { t: 'exit' as const, code: 0 }].map(named))
        },
      ),
      { numRuns: RUNS },
    )
    expect(served.begun).toBe(RUNS)
  })

  it('keeps one session running while nobody is connected, and ends it after the time', async () => {
    const { open, requester, provider, served } = await stage(echo, { resumeMs: 300 })
    const session = await open(requester, { resumeMs: 0 })
    await session.send({ t: 'data', channel: 'stdin', bytes: Uint8Array.of(1) })
    await until('the provider serves', () => served.begun === 1)
    stopDialling(requester)
    cutOff({ requester, provider })
    await expect(collect(session.frames)).rejects.toMatchObject({ code: 'LOST' })
    await until('the provider gave it up', () => served.ended === 1)
  })

  it('makes a sender wait whose other side takes nothing', async () => {
    const held = Promise.withResolvers<void>()
    const { open } = await stage(async ({ frames, send }) => {
      await held.promise
      const taken = await collect(frames, 'end')
      await send({ t: 'exit', code: taken.length })
    })
    const session = await open()
    let sent = 0
    const sending = (async () => {
      for (const piece of pieces(64, 3)) {
        await session.send(piece)
        sent += 1
      }
      await session.send({ t: 'end', channel: 'stdin' })
    })()
    await until('much was sent', () => sent >= 16)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent).toBeLessThan(64)
    held.resolve()
    await sending
    expect(await collect(session.frames)).toEqual([{ t: 'exit', code: 65 }])
    session.hangUp()
  })

  it('ends at the provider when the requester hangs up, also inside of a full window', async () => {
    const { open, served } = await stage(async ({ send, signal }) => {
      while (!signal.aborted) await send({ t: 'data', channel: 'stdout', bytes: new Uint8Array(65_536) })
    })
    const session = await open()
    await until('the provider serves', () => served.begun === 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
    session.hangUp()
    await until('the provider heard of it', () => served.ended === 1)
    await expect(session.send({ t: 'end', channel: 'stdin' })).rejects.toMatchObject({ code: 'ENDED' })
  })

  it('hangs up when its caller aborts or the node stops', async () => {
    const { open, served, requester } = await stage(echo)
    const control = new AbortController()
    const first = await open(requester, { signal: control.signal })
    const second = await open()
    await until('both are served', () => served.begun === 2)
    control.abort()
    expect(await collect(first.frames)).toEqual([])
    await until('one ended', () => served.ended === 1)
    await requester.stop()
    expect(await collect(second.frames)).toEqual([])
  })

  it('refuses strangers, another lease, and sessions of others', async () => {
    const { open, network, target, requester } = await stage(echo)
    const stranger = await node(network)
    await expect(open(stranger)).rejects.toMatchObject({ code: 'UNKNOWN_LEASE' })
    const session = toHex(randomBytes(16))
    const wish = { session, lease: LEASE, attempt: null, purpose: SHELL }
    const ours = await openSession(requester, target, wish)
    await expect(openSession(stranger, target, wish)).rejects.toMatchObject({ code: 'UNKNOWN_SESSION' })
    await expect(
      openSession(requester, target, {
        ...wish,
        lease: toHex(randomBytes(32)),
        session: toHex(randomBytes(16)),
      }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_LEASE' })
    ours.hangUp()
  })

  it('bounds the sessions of a lease', async () => {
    const { open } = await stage(echo)
    const all = await Promise.all(Array.from({ length: SESSIONS_PER_LEASE }, () => open()))
    await expect(open()).rejects.toMatchObject({ code: 'TOO_MANY' })
    for (const session of all) session.hangUp()
  })

  it('tells what went wrong while it was served', async () => {
    const { open } = await stage(async () => {
      throw new Error('out of order')
    })
    const session = await open()
    expect(await collect(session.frames)).toEqual([
      { t: 'failed', code: 'internal', message: 'out of order' },
    ])
    session.hangUp()
  })

  it('breaks with the provider', async () => {
    const { open, requester, provider } = await stage(echo)
    const session = await open(requester, { resumeMs: 300 })
    await provider.stop()
    await expect(collect(session.frames)).rejects.toMatchObject({ code: 'LOST' })
  })
})

/** Names a frame by its bytes: comparing those themselves takes seconds. */
function named(frame: CountedFrame): string {
  return createHash('sha256').update(sessionFrameCodec.encode(frame)).digest('hex')
}

/** Answers each piece with the same on the other channel, and the end with an exit. */
async function echo({ frames, send }: ServedSession): Promise<void> {
  for await (const frame of frames) {
    if (frame.t === 'data') await send({ ...frame, channel: 'stdout' })
    if (frame.t === 'end') return send({ t: 'exit', code: 0 })
  }
}

function pieces(count: number, seed: number): CountedFrame[] {
  return Array.from({ length: count }, (_, i) => ({
    t: 'data',
    channel: 'stdin',
    bytes: new Uint8Array(((i * 7919 + seed) % 65_536) + 1).fill(i + seed),
  }))
}

function back(frame: CountedFrame): CountedFrame {
  return frame.t === 'data' ? { ...frame, channel: 'stdout' } : frame
}

async function sendAll(
  session: { send(frame: CountedFrame): Promise<void> },
  frames: readonly CountedFrame[],
): Promise<void> {
  for (const frame of frames) await session.send(frame)
  await session.send({ t: 'end', channel: 'stdin' })
}

/** Collects frames up to the last of a session, or the first of type `last`. */
async function collect(frames: AsyncIterable<CountedFrame>, last?: string): Promise<CountedFrame[]> {
  const all: CountedFrame[] = []
  for await (const frame of frames) {
    all.push(frame)
    if (frame.t === 'exit' || frame.t === 'failed' || frame.t === last) break
  }
  return all
}

/** From now on every dial of this node fails, as on a machine whose network is gone. */
function stopDialling(node: SoukNode): void {
  node.libp2p.dial = async () => {
    throw new Error('no network')
  }
}
