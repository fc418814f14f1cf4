import { generateKeyPair } from '@libp2p/crypto/keys'
import { startNode } from '@souk/network'
import { ECHO_PROTOCOL, HEADER_BYTES } from './echo.ts'

/** A peer with Souk's libp2p settings that answers bytes with bytes: what the network alone takes. */
const [name = '', chainId = '', escrow = ''] = process.argv.slice(2)
const node = await startNode({
  network: { name, chainId: Number(chainId), escrow: escrow as `0x${string}` },
  privateKey: await generateKeyPair('Ed25519'),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  bootstrap: [],
  dev: true,
})
await node.libp2p.handle(ECHO_PROTOCOL, (stream) => {
  let pending = Buffer.alloc(0)
  stream.addEventListener('message', ({ data }) => {
    pending = Buffer.concat([pending, data.subarray()])
    if (pending.byteLength < HEADER_BYTES || pending.byteLength < pending.readUInt32BE(0)) return
    stream.send(new Uint8Array(pending.readUInt32BE(4)))
    pending = pending.subarray(pending.readUInt32BE(0))
  })
})
process.stdout.write(`${JSON.stringify({ message: 'ready', address: node.addresses()[0] })}\n`)
process.stdin.resume().on('end', () => void node.stop().then(() => process.exit()))
