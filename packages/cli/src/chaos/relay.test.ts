import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ANYONE } from './link.ts'
import { Relay } from './relay.ts'
import { routeSockets } from './route.ts'

let relay: Relay
let server: Server
let undo: () => void
const accepted: Socket[] = []
const port = () => (server.address() as AddressInfo).port

beforeEach(async () => {
  accepted.length = 0
  server = createServer((socket) => {
    socket.on('error', () => {})
    accepted.push(socket)
    socket.on('data', (chunk) => socket.write(`heard ${chunk}`))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  relay = await Relay.start(1)
  const listening = port()
  undo = routeSockets({ name: 'a', relayPort: relay.port, passes: (one) => one === listening })
})
afterEach(async () => {
  undo()
  await relay.stop()
  for (const socket of accepted) socket.destroy()
  server.close()
})

test('a routed socket reaches whom it meant, both ways, and its end arrives', async () => {
  const socket = connect(port(), '127.0.0.1')
  socket.write('you')
  expect(String((await once(socket, 'data'))[0])).toBe('heard you')
  const ended = once(socket, 'end')
  for (const one of accepted) one.end()
  await ended
  socket.destroy()
})

test.each([
  { from: 'a', to: ANYONE, cut: true },
  { from: 'b', to: 'a', cut: true },
])('what a cut of $from holds back comes when it is mended', async (rule) => {
  const socket = connect(port(), '127.0.0.1')
  socket.write('one')
  await once(socket, 'data')
  // As for peers that were connected before anybody knew who they are.
  relay.name(port(), 'b')
  relay.rule(rule)
  const heard = once(socket, 'data')
  socket.write('two')
  const other = connect(port(), '127.0.0.1')
  other.write('three')
  const both = Promise.all([heard, once(other, 'data')])
  const first = await Promise.race([both, new Promise((resolve) => setTimeout(resolve, 50, 'nothing'))])
  expect(first).toBe('nothing')
  relay.rule()
  expect((await both).map(String)).toEqual(['heard two', 'heard three'])
  socket.destroy()
  other.destroy()
})

test('a refused link breaks, and nobody connects until it is mended', async () => {
  relay.name(port(), 'b')
  const socket = connect(port(), '127.0.0.1')
  socket.write('one')
  await once(socket, 'data')
  socket.on('error', () => {})
  const broken = closed(socket)
  relay.rule({ from: 'a', to: 'b', refused: true })
  await broken
  const refused = connect(port(), '127.0.0.1')
  refused.on('error', () => {})
  await closed(refused)
  relay.rule()
  const again = connect(port(), '127.0.0.1')
  again.write('two')
  expect(String((await once(again, 'data'))[0])).toBe('heard two')
  again.destroy()
})

test('a peer that listens no more breaks the connection', async () => {
  const old = port()
  server.close()
  const socket = connect(old, '127.0.0.1')
  socket.on('error', () => {})
  await closed(socket)
})

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('close', () => resolve())
  })
}
