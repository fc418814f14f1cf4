import { randomBytes } from 'node:crypto'
import { handleSessions, openSession, type Session, type SoukNode } from '@souk/network'
import { CALL_BODY_BYTES, type CountedFrame, fromUtf8, toHex, utf8 } from '@souk/protocol'
import { createWasmExecutor, type ExecutionNews, type Executor } from '@souk/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { TaskBench } from '../../runtime/src/testing/task-bench.ts'
import { AttemptBook } from './attempt-book.ts'
import { sendPieces } from './session-bytes.ts'
import { grantSession, type OpenLease } from './session-desk.ts'

const LEASE = toHex(randomBytes(32))
const bench = await TaskBench.load('answer')
let executor: Executor
let nodes: SoukNode[] = []
let service: Promise<unknown>
const stopService = new AbortController()

/** A provider with a service on a lease, and the requester that holds it. */
beforeAll(async () => {
  const network = testNetwork()
  nodes = await Promise.all([testNode(network), testNode(network)])
  executor = await createWasmExecutor({ memoryBytes: 64 * 1024 * 1024 })
  const attempts = new AttemptBook()
  const booked = attempts.begin('a')
  const work: OpenLease = {
    attempts,
    inside: async (id) => executor.inside?.(id) ?? { code: 'not-running', message: 'it has not begun' },
  }
  await handleSessions(node(0), (request, peer) => grantSession(() => work, request, peer))
  const begun = Promise.withResolvers<void>()
  const task = bench.task([], { env: ['GATEWAY_INTERFACE=CGI/1.1'] })
  const hear = (news: ExecutionNews) => {
    booked.hear(news)
    if (news.kind === 'started') begun.resolve()
  }
  service = executor.run(bench.execution(task, { id: 'a', hear }), stopService.signal)
  await begun.promise
})

afterAll(async () => {
  stopService.abort()
  await service
  await executor.stop()
  await Promise.all(nodes.map((one) => one.stop()))
})

function node(index: number): SoukNode {
  const found = nodes[index]
  if (found === undefined) throw new Error(`there is no node ${index}`)
  return found
}

interface Said {
  readonly stdout: string
  readonly stderr: string
  readonly last: CountedFrame | undefined
}

/** Opens a session for one call. */
function open(query: string): Promise<Session> {
  const provider = node(0)
  return openSession(
    node(1),
    { peerId: provider.peerId, addresses: provider.addresses() },
    {
      ...{ session: toHex(randomBytes(16)), lease: LEASE, attempt: null },
      purpose: { kind: 'call', env: [`QUERY_STRING=${query}`], deadlineMs: 30_000 },
    },
  )
}

/** Asks over a session of its own, and gathers what comes up to the last frame. */
async function ask(query: string, ...body: Uint8Array[]): Promise<Said> {
  const session = await open(query)
  const sent = send(session, body)
  const said = { stdout: '', stderr: '' }
  let last: CountedFrame | undefined
  for await (const frame of session.frames) {
    if (frame.t === 'data' && frame.channel !== 'stdin') said[frame.channel] += fromUtf8(frame.bytes)
    last = frame
    if (frame.t === 'exit' || frame.t === 'failed') break
  }
  session.hangUp()
  await sent
  return { ...said, last }
}

/** Sends a body in pieces of frames' size; a session that ends meanwhile says why by its last frame. */
async function send(session: Session, body: readonly Uint8Array[]): Promise<void> {
  try {
    for (const bytes of body) await sendPieces(session, bytes, 'stdin')
    await session.send({ t: 'end', channel: 'stdin' })
  } catch {
    // Told by its last frame.
  }
}

test('a call over the network has its body, its answer and its exit code', async () => {
  const body = 'a word\n'.repeat(1_000)
  const echoed = await ask('echo', utf8(body), utf8(body))
  expect(echoed).toEqual({ stdout: body + body, stderr: '', last: { t: 'exit', code: 0 } })
  const failed = await ask('fail')
  expect(failed).toEqual({ stdout: '', stderr: 'it cannot\n', last: { t: 'exit', code: 9 } })
})

test('a call that traps says so', async () => {
  expect((await ask('trap')).last).toMatchObject({ t: 'failed', code: 'crashed' })
})

test('a body larger than any may be is refused, and the service goes on', async () => {
  const pieces = Array.from({ length: 17 }, () => new Uint8Array(CALL_BODY_BYTES / 16))
  expect((await ask('echo', ...pieces)).last).toMatchObject({ t: 'failed', code: 'too-large' })
  expect(await ask('hello')).toEqual({ stdout: 'hello\n', stderr: '', last: { t: 'exit', code: 0 } })
})

test('bodies that are larger together than all may be are refused, and who leaves makes room', async () => {
  const body = new Uint8Array(CALL_BODY_BYTES)
  const sessions = await Promise.all([open('hello'), open('hello'), open('hello')])
  const sent = sessions.map((session) => sendPieces(session, body, 'stdin').catch(() => {}))
  const first = await Promise.any(
    sessions.map(async ({ frames }) => {
      for await (const frame of frames) return frame
      throw new Error('it has ended without a word')
    }),
  )
  expect(first).toMatchObject({ t: 'failed', code: 'too-many' })
  for (const session of sessions) session.hangUp()
  await Promise.all(sent)
  // The provider learns of it in its own time.
  await expect
    .poll(async () => (await ask('hello', body)).last, { timeout: 30_000 })
    .toEqual({ t: 'exit', code: 0 })
})

test('calls at the same time each get their own answer', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(`answer-${i}`)))
  expect(answers.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 10 }, (_, i) => `answer-${i}\n`))
})
