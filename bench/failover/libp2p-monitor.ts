import { once } from 'node:events'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

/** Milliseconds after which libp2p is not waited for any longer. */
const PATIENCE_MS = 60_000

/**
 * Measures how long libp2p, as it is by default, takes to give up a connection to a process that stands still, in
 * milliseconds. The process goes on afterwards.
 */
export async function monitorMs(address: string, pid: number): Promise<number> {
  const node = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), ping: ping() },
    connectionGater: { denyDialMultiaddr: () => false },
  })
  try {
    await node.dial(multiaddr(address))
    const gone = once(node as unknown as EventTarget, 'peer:disconnect', {
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const startMs = performance.now()
    process.kill(pid, 'SIGSTOP')
    await gone
    return performance.now() - startMs
  } finally {
    process.kill(pid, 'SIGCONT')
    await node.stop()
  }
}
