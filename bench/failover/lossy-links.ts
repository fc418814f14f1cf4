import { ANYONE } from '../../packages/cli/src/chaos/link.ts'
import { Relay } from '../../packages/cli/src/chaos/relay.ts'
import { routeSockets } from '../../packages/cli/src/chaos/route.ts'

const PRELOAD = new URL('../../packages/cli/src/chaos/preload.ts', import.meta.url)
/** Draws which segments are lost. */
const SEED = 1

/** Links between the peers of a benchmark, all through a relay that can lose segments in bursts. */
export interface LossyLinks {
  /** Flags of Node that send a provider's connections through the relay. */
  nodeFlags(name: string): readonly string[]
  /** Loses this share of all segments from now on; 0 for none. */
  lose(share: number): void
  /** Has this process reach a peer past the relay. */
  spare(address: string): void
  stop(): Promise<void>
}

/** Sends this process's connections through a relay of its own, and those of providers with its flags. */
export async function openLossyLinks(): Promise<LossyLinks> {
  const relay = await Relay.start(SEED)
  const spared = new Set<number>()
  const undo = routeSockets({
    name: 'requester',
    relayPort: relay.port,
    passes: (port) => !spared.has(port),
  })
  return {
    nodeFlags(name) {
      const url = new URL(PRELOAD)
      url.searchParams.set('name', name)
      url.searchParams.set('relay', String(relay.port))
      return ['--import', url.href]
    },
    lose(share) {
      relay.rule(...(share === 0 ? [] : [{ from: ANYONE, to: ANYONE, loss: share }]))
    },
    spare: (address) => void spared.add(Number(/\/tcp\/(\d+)/.exec(address)?.[1])),
    async stop() {
      undo()
      await relay.stop()
    },
  }
}
