import { BOUNDS } from './bounds.ts'
import { NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'

/** Requests to one peer, those under way and those that wait. */
interface Gate {
  running: number
  readonly waiting: (() => void)[]
}

const gates = new WeakMap<SoukNode, Map<string, Gate>>()

/**
 * Runs `work` when fewer than `BOUNDS.blockRequestsPerPeer` requests of this node to the peer are under way: beyond
 * what a peer takes it resets streams. Waits in order; throws {@link NetworkError} `ABORTED`, and what `work` throws.
 */
export async function throughGate<T>(
  node: SoukNode,
  peer: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const gate = gateOf(node, peer)
  if (gate.running < BOUNDS.blockRequestsPerPeer) gate.running += 1
  else await turn(gate, signal)
  try {
    return await work()
  } finally {
    // The place goes to who waits longest, or is free.
    const next = gate.waiting.shift()
    if (next !== undefined) next()
    else gate.running -= 1
    if (gate.running === 0) gates.get(node)?.delete(peer)
  }
}

function gateOf(node: SoukNode, peer: string): Gate {
  const ofNode = gates.get(node) ?? new Map<string, Gate>()
  gates.set(node, ofNode)
  const gate = ofNode.get(peer) ?? { running: 0, waiting: [] }
  ofNode.set(peer, gate)
  return gate
}

function turn(gate: Gate, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onTurn = () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }
    const onAbort = () => {
      gate.waiting.splice(gate.waiting.indexOf(onTurn), 1)
      reject(new NetworkError('stopped by its caller', { code: 'ABORTED' }))
    }
    gate.waiting.push(onTurn)
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
  })
}
