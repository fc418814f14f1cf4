import { handleLeaseStreams } from '../lease-streams.ts'
import { testNode } from './market.ts'

/** A provider in a process of its own: says where it listens, sends every frame back. */
const [name = 'child', escrow = '0x'] = process.argv.slice(2)
const node = await testNode({ name, chainId: 31_337, escrow: escrow as `0x${string}` })
await handleLeaseStreams(node, async (stream) => {
  for await (const frame of stream.frames) await stream.send(frame)
})
process.send?.(node.addresses())
