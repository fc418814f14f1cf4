import { pause } from './deadline.ts'
import type { SoukNode } from './node.ts'

/** Milliseconds before the first redial and at most; between, the wait doubles. */
const REDIAL_MS = { min: 250, max: 15_000 } as const

/**
 * Stays connected to a bootstrap peer until `signal` aborts: dials it while it is not up yet, and again
 * whenever the connection ends, with a growing and jittered wait.
 */
export async function keepConnected(
  node: SoukNode,
  peer: { readonly peerId: string; readonly address: { toString(): string } },
  signal: AbortSignal,
): Promise<void> {
  if (peer.peerId === node.peerId) return
  let waitMs: number = REDIAL_MS.min
  while (!signal.aborted) {
    if (await tryDial(node, peer.address.toString(), signal)) {
      waitMs = REDIAL_MS.min
      await disconnected(node, peer.peerId, signal)
    }
    await pause(waitMs * (0.75 + Math.random() / 2), signal)
    waitMs = Math.min(REDIAL_MS.max, waitMs * 2)
  }
}

async function tryDial(node: SoukNode, address: string, signal: AbortSignal): Promise<boolean> {
  try {
    await node.dial({ address }, { signal })
    return true
  } catch {
    // Not up yet, or gone: the caller waits and tries again for as long as the node runs.
    return false
  }
}

function disconnected(node: SoukNode, peerId: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || !node.peers().includes(peerId)) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      forget()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const forget = node.onDisconnect(peerId, done)
    signal.addEventListener('abort', done, { once: true })
  })
}
