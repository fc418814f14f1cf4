import { setTimeout as sleep } from 'node:timers/promises'
import { type Host, lose } from '@souk/engine'
import { errorMessage, type Hex } from '@souk/protocol'
import { type GpuDevice, type GpuReading, isLocal, readGpus } from '@souk/runtime'
import type { GpuBook } from './gpu-book.ts'
import { boundedLook } from './gpu-look.ts'
import type { Log } from './log.ts'
import type { SaleRunner } from './sale-runner.ts'

/** Milliseconds from the end of one look at the GPUs to the next: as long as a tool may take. */
const LOOK_MS = 5_000

/** What looking after GPUs has to do with the rest of a provider. */
export interface GpuWatchServices {
  readonly book: GpuBook
  readonly host: Host
  readonly runners: ReadonlyMap<Hex, Pick<SaleRunner, 'state' | 'post'>>
  readonly log: Log
  /** What is for sale changed: announce it. */
  changed(): void
}

/**
 * Looks at the GPUs for sale every few seconds: those that are gone leave the offer at once, and every lease hears how
 * its own are. Returns a function that ends it. Software adapters last as long as the process, and those of a cluster are
 * its own to look after.
 */
export function watchGpus(services: GpuWatchServices): () => void {
  const devices = services.book.devices.filter(isLocal)
  const control = new AbortController()
  if (devices.length > 0) void watch(services, devices, control.signal)
  // A look that is under way comes to nothing: a tool that hangs must not hold up the end.
  return () => control.abort()
}

async function watch(
  services: GpuWatchServices,
  devices: readonly GpuDevice[],
  signal: AbortSignal,
): Promise<void> {
  const look = boundedLook(readGpus)
  while (!signal.aborted) {
    try {
      const readings = await look(devices)
      if (signal.aborted) return
      await takeIn(services, readings)
    } catch (error) {
      services.log.warn('the GPUs could not be looked at', { error: errorMessage(error) })
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
  }
}

/** Takes in one look: the offer first, so that nobody leases what is gone. */
export async function takeIn(services: GpuWatchServices, readings: readonly GpuReading[]): Promise<void> {
  const { book, host, log, runners } = services
  const changed = book.note(readings)
  if (changed.length > 0) lose(host, book.lost)
  for (const { id, model } of changed) {
    const isLost = book.lost.has(id)
    log.warn(isLost ? 'a GPU is lost' : 'a GPU is in another condition', {
      id,
      model,
      why: book.why(id) ?? 'well',
    })
  }
  await Promise.all([...runners.values()].map((runner) => tellGpus(book, runner)))
  if (changed.length > 0) services.changed()
}

/** Tells a lease how its GPUs were found; one without hears nothing. */
export async function tellGpus(book: GpuBook, runner: Pick<SaleRunner, 'state' | 'post'>): Promise<void> {
  const gpus = book.health(runner.state.sale.terms.resources.gpus)
  if (gpus.length > 0) await runner.post({ type: 'gpus', gpus })
}
