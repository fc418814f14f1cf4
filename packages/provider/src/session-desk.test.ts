import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handleSessions, openSession, type Session, type SoukNode } from '@souk/network'
import { type CountedFrame, type SessionPurpose, toHex, utf8 } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { testNetwork, testNode, until } from '../../network/src/testing/market.ts'
import { AttemptBook } from './attempt-book.ts'
import { grantSession, type OpenLease } from './session-desk.ts'
import { HostInside } from './testing/host-inside.ts'

const LEASE = toHex(randomBytes(32))
const OTHERS = toHex(randomBytes(32))

describe('sessions into what runs on a lease', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const one of undo.splice(0).toReversed()) await one()
  })

  const stage = async (resumeMs = 60_000) => {
    const network = testNetwork()
    const nodes = await Promise.all([testNode(network), testNode(network), testNode(network)])
    const [provider, requester, stranger] = nodes as [SoukNode, SoukNode, SoukNode]
    undo.push(() => Promise.all(nodes.map((node) => node.stop())))
    const host = new HostInside()
    undo.push(() => host.children.map((child) => child.kill('SIGKILL')))
    const attempts = new AttemptBook()
    const work: OpenLease = { attempts, inside: async () => host }
    const holders: Record<string, string> = { [LEASE]: requester.peerId, [OTHERS]: stranger.peerId }
    const stop = await handleSessions(
      provider,
      (request, peer) => grantSession((lease) => (holders[lease] === peer ? work : undefined), request, peer),
      { resumeMs },
    )
    undo.push(stop)
    const target = { peerId: provider.peerId, addresses: provider.addresses() }
    const open = (purpose: SessionPurpose, attempt: string | null = 'a', from = requester, lease = LEASE) =>
      openSession(from, target, { session: toHex(randomBytes(16)), lease, attempt, purpose }, { resumeMs })
    const cut = () => requester.disconnect(provider.peerId)
    return { host, attempts, open, cut, requester, stranger, running: attempts.begin('a') }
  }
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'souk-inside-'))
    undo.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const sh = (script: string): SessionPurpose => ({
    kind: 'exec',
    command: ['sh', '-c', script],
    terminal: null,
  })

  it('runs a command: its input, both outputs and its exit code', async () => {
    const { open, host } = await stage()
    const session = await open(sh('cat; echo wrong >&2; exit 3'))
    await session.send(input('some words'))
    await session.send({ t: 'end', channel: 'stdin' })
    const all = await collect(session)
    expect(all).toMatchObject({ stdout: 'some words', stderr: 'wrong\n', last: { t: 'exit', code: 3 } })
    session.hangUp()
    await until('nothing runs', () => !host.isBusy())
  })

  it('tells that a command cannot be started', async () => {
    const { open } = await stage()
    const session = await open({ kind: 'exec', command: ['/nothing/here'], terminal: null })
    expect((await collect(session)).last).toMatchObject({ t: 'failed', code: 'not-started' })
    session.hangUp()
  })

  it('kills a command whose user is gone', async () => {
    const { open, host } = await stage()
    const session = await open(sh('sleep 1000 & echo up; wait'))
    await firstOutput(session)
    expect(host.isBusy()).toBe(true)
    session.hangUp()
    await until('nothing runs', () => !host.isBusy())
  })

  it('kills a command when its attempt ends, and says so', async () => {
    const { open, host, running } = await stage()
    const session = await open(sh('echo up; sleep 1000'))
    await firstOutput(session)
    running.end()
    expect((await collect(session)).last).toMatchObject({ t: 'failed', code: 'ended' })
    await until('nothing runs', () => !host.isBusy())
    await expect(open(sh('true'))).rejects.toMatchObject({ code: 'NOT_RUNNING' })
  })

  it('keeps a shell over the loss of the connection, without losing or repeating a byte', async () => {
    const { open, cut, host } = await stage()
    const lines = 200_000
    const session = await open(
      sh(`i=0; while [ $i -lt ${lines} ]; do echo line $i; i=$((i+1)); done; read x; echo $x`),
    )
    let length = 0
    const hash = createHash('sha256')
    let tail = ''
    let cuts = 0
    for await (const frame of session.frames) {
      if (frame.t === 'exit') break
      if (frame.t !== 'data') continue
      length += frame.bytes.byteLength
      tail = `${tail}${Buffer.from(frame.bytes)}`.slice(-64)
      hash.update(frame.bytes)
      if (cuts < 4 && length > cuts * 400_000) {
        cuts += 1
        await cut()
        if (cuts === 4) await session.send(input('the end\n'))
      }
    }
    expect(cuts).toBe(4)
    expect(tail.endsWith(`line ${lines - 1}\nthe end\n`)).toBe(true)
    const expected = Array.from({ length: lines }, (_, i) => `line ${i}\n`).join('')
    expect(hash.digest('hex')).toBe(createHash('sha256').update(`${expected}the end\n`).digest('hex'))
    session.hangUp()
    expect(host.children).toHaveLength(1)
  })

  it('kills a shell whose user does not come back in time', async () => {
    const { open, host, requester } = await stage(300)
    const session = await open(sh('echo up; sleep 1000'))
    await firstOutput(session)
    await requester.stop()
    await until('nothing runs', () => !host.isBusy())
  })

  it('joins a port: both ways, one side at a time, and says that nobody listens', async () => {
    const { open } = await stage()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const parts: Buffer[] = []
      socket.on('data', (chunk) => parts.push(chunk))
      socket.on('end', () => socket.end(Buffer.concat(parts).toString().toUpperCase()))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const session = await open({ kind: 'forward', port })
    await session.send(input('half '))
    await session.send(input('closed'))
    await session.send({ t: 'end', channel: 'stdin' })
    expect(await collect(session)).toMatchObject({ stdout: 'HALF CLOSED', last: { t: 'exit', code: 0 } })
    session.hangUp()
    const connected = await open({ kind: 'forward', port })
    await connected.send(input('x'))
    connected.hangUp()
    await new Promise((resolve) => server.close(resolve))
    const nobody = await open({ kind: 'forward', port })
    expect((await collect(nobody)).last).toMatchObject({ t: 'failed', code: 'no-listener' })
    nobody.hangUp()
  })

  it('reads a folder, writes it elsewhere, and says that a path is not there', async () => {
    const { open, host } = await stage()
    const [from, to] = [folder(), folder()]
    mkdirSync(join(from, 'data'))
    const bytes = randomBytes(3_000_000)
    writeFileSync(join(from, 'data/large'), bytes)
    const reading = await open({ kind: 'read', path: join(from, 'data') })
    const writing = await open({ kind: 'write', path: to })
    for await (const frame of reading.frames) {
      if (frame.t === 'exit') break
      if (frame.t === 'data' || frame.t === 'end') await writing.send({ ...frame, channel: 'stdin' })
    }
    expect((await collect(writing)).last).toEqual({ t: 'exit', code: 0 })
    expect(readFileSync(join(to, 'data/large')).equals(bytes)).toBe(true)
    const nowhere = await open({ kind: 'read', path: join(from, 'nothing') })
    expect((await collect(nowhere)).last).toMatchObject({ t: 'failed', code: 'no-such-path' })
    for (const session of [reading, writing, nowhere]) session.hangUp()
    await until('nothing runs', () => !host.isBusy())
  })

  it('shows the recent past of an attempt, then what it writes, also after its end', async () => {
    const { open, running } = await stage()
    running.hear({ kind: 'log', stream: 'stdout', bytes: utf8('before ') })
    const session = await open({ kind: 'logs', follow: true })
    await firstOutput(session)
    running.hear({ kind: 'log', stream: 'stderr', bytes: utf8('beside') })
    running.hear({ kind: 'log', stream: 'stdout', bytes: utf8('after') })
    running.end()
    expect(await collect(session)).toMatchObject({ stdout: 'after', stderr: 'beside', last: { t: 'exit' } })
    session.hangUp()
    const late = await open({ kind: 'logs', follow: false })
    expect(await collect(late)).toMatchObject({ stdout: 'before after', stderr: 'beside' })
    late.hangUp()
  })

  it('says how much of a log is gone', async () => {
    const { open, running } = await stage()
    for (let i = 0; i < 20; i++)
      running.hear({ kind: 'log', stream: 'stdout', bytes: new Uint8Array(50_000) })
    const session = await open({ kind: 'logs', follow: false })
    const { frames, stdout } = await collect(session)
    const gone = frames.reduce((sum, frame) => sum + (frame.t === 'gap' ? frame.bytes : 0), 0)
    expect(stdout.length).toBeLessThanOrEqual(262_144)
    expect(gone + stdout.length).toBe(1_000_000)
    session.hangUp()
  })

  it('takes the only attempt where none is named, and names them where several run', async () => {
    const { open, attempts, running } = await stage()
    const session = await open({ kind: 'logs', follow: false }, null)
    expect(session.attempt).toBe('a')
    session.hangUp()
    attempts.begin('b')
    await expect(open({ kind: 'logs', follow: false }, null)).rejects.toMatchObject({ code: 'AMBIGUOUS' })
    running.end()
    const other = await open({ kind: 'logs', follow: false }, null)
    expect(other.attempt).toBe('b')
    other.hangUp()
    await expect(open(sh('true'), 'c')).rejects.toMatchObject({ code: 'NO_ATTEMPT' })
  })

  it('refuses strangers and those who hold another lease', async () => {
    const { open, stranger, host } = await stage()
    for (const purpose of [sh('true'), { kind: 'logs', follow: false }] as const) {
      await expect(open(purpose, 'a', stranger)).rejects.toMatchObject({ code: 'UNKNOWN_LEASE' })
      await expect(open(purpose, 'a', undefined, OTHERS)).rejects.toMatchObject({ code: 'UNKNOWN_LEASE' })
    }
    expect(host.children).toEqual([])
  })
})

function input(text: string): CountedFrame {
  return { t: 'data', channel: 'stdin', bytes: utf8(text) }
}

/** Reads a session up to its last frame. */
async function collect(session: Session) {
  const frames: CountedFrame[] = []
  const text = { stdout: '', stderr: '' }
  for await (const frame of session.frames) {
    frames.push(frame)
    if (frame.t === 'data' && frame.channel !== 'stdin') text[frame.channel] += Buffer.from(frame.bytes)
    if (frame.t === 'exit' || frame.t === 'failed') break
  }
  return { ...text, frames, last: frames.at(-1) }
}

/** Waits for the first piece of output and takes it. */
async function firstOutput(session: Session): Promise<void> {
  const { value } = await session.frames[Symbol.asyncIterator]().next()
  expect(value).toMatchObject({ t: 'data' })
}
