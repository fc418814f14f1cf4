import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Stream } from '@libp2p/interface'
import { serveBlocks, startNode } from '@souk/network'
import { putStream } from '@souk/storage'
import { openDataFolder } from '@souk/storage/node'
import { CHUNK_BYTES, contentOf, RAW_PROTOCOL } from './content.ts'

/**
 * A peer of its own that has one file: in a store on disk, behind the product's block protocol; as plain bytes of
 * memory, behind a libp2p stream and a TCP socket. `cap` bounds what it gives by the block protocol, in bytes a
 * second; 0 for none.
 */
const [name = '', chainId = '', escrow = '', folder = '', size = '', cap = '0'] = process.argv.slice(2)
const bytes = Number(size)
const data = await openDataFolder(join(folder, 'data'))
const content = await putStream(data.blocks, contentOf(bytes), { owner: 'bench' })
const node = await startNode({
  network: { name, chainId: Number(chainId), escrow: escrow as `0x${string}` },
  privateKey: await generateKeyPair('Ed25519'),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  bootstrap: [],
  dev: true,
})

/** When the bytes given so far are paid for, in milliseconds of this process. */
let freeMs = 0
async function wait(given: number): Promise<void> {
  if (Number(cap) === 0) return
  freeMs = Math.max(freeMs, performance.now()) + (given / Number(cap)) * 1000
  await pause(freeMs - performance.now())
}

await serveBlocks(node, {
  authorize: () => true,
  blocks: {
    async get(cid) {
      const block = await data.blocks.get(cid)
      if (block !== undefined) await wait(block.byteLength)
      return block
    },
  },
})

const plain = Buffer.alloc(CHUNK_BYTES, 7)
async function sendAll(stream: Stream): Promise<void> {
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    stream.send(plain)
    while (stream.writableNeedsDrain) {
      await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
    }
  }
  await stream.close()
}
await node.libp2p.handle(RAW_PROTOCOL, (stream) => void sendAll(stream).catch((error) => stream.abort(error)))

const socketServer = createServer(async (socket) => {
  socket.on('error', () => socket.destroy())
  for (let left = bytes; left > 0 && !socket.destroyed; left -= CHUNK_BYTES) {
    if (!socket.write(plain)) await new Promise((resolve) => socket.once('drain', resolve))
  }
  socket.end()
})
await new Promise<void>((resolve) => socketServer.listen(0, '127.0.0.1', resolve))
const address = socketServer.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
process.stdout.write(
  `${JSON.stringify({ message: 'ready', peerId: node.peerId, addresses: node.addresses(), cid: content.cid, port })}\n`,
)
process.stdin.resume().on('end', async () => {
  socketServer.close()
  await node.stop()
  await data.close()
  process.exit()
})
