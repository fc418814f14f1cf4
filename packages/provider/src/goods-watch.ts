import { setTimeout as sleep } from 'node:timers/promises'
import { type Host, lose, resize } from '@souk/engine'
import { errorMessage, type Resources } from '@souk/protocol'
import type { Log } from './log.ts'

/** Milliseconds from the end of one look at a cluster to the next: whoever asks its controller more often is a burden. */
const LOOK_MS = 15_000

/** What looking after a place that changes has to do with the rest of a provider. */
export interface GoodsWatchServices {
  readonly host: Host
  readonly log: Log
  /** Looks at what is for sale now; rejects where that cannot be seen. */
  look(): Promise<Resources>
  /** What is for sale changed: announce it. */
  changed(): void
  /** Milliseconds between two looks, where not the usual ones. */
  readonly everyMs?: number
}

/** Looks at what is for sale while it is sold elsewhere than on this machine. Returns a function that ends it. */
export function watchGoods(services: GoodsWatchServices): () => Promise<void> {
  const control = new AbortController()
  const watching = watch(services, control.signal)
  return async () => {
    control.abort()
    await watching
  }
}

async function watch(services: GoodsWatchServices, signal: AbortSignal): Promise<void> {
  const { look, log, everyMs = LOOK_MS } = services
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    try {
      takeIn(services, await look())
    } catch (error) {
      // Who does not answer has taken nothing away.
      log.warn('what is for sale could not be looked at', { error: errorMessage(error) })
    }
  }
}

function takeIn({ host, log, changed }: GoodsWatchServices, now: Resources): void {
  const here = new Set(now.gpus.map(({ id }) => id))
  const lost = new Set(host.total.gpus.map(({ id }) => id).filter((id) => !here.has(id)))
  const before = stateOf(host)
  resize(host, now)
  lose(host, lost)
  if (stateOf(host) === before) return
  const { millicores, memoryBytes } = now
  log.info('what is for sale changed', { millicores, memoryBytes, lost: [...lost] })
  changed()
}

/** The disk is this machine's, and changes all the time by what is kept on it. */
function stateOf({ total: { millicores, memoryBytes }, lost }: Host): string {
  return [millicores, memoryBytes, ...[...lost].sort()].join()
}
