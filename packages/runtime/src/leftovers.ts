import { openDocker } from './container/docker.ts'
import { detachLeft, removeFolders } from './container/left-devices.ts'
import { sweep } from './container/owner.ts'
import { killStarted } from './started.ts'

/** Something that a dead process had started, and that was removed. */
export interface Leftover {
  readonly kind: 'process' | 'container' | 'volume' | 'device' | 'folder'
  readonly name: string
}

/**
 * Removes what dead processes left on this machine: runners that `book` names, containers and volumes with our label,
 * loop devices and folders of their work. What living processes have is not touched. Returns what was there; never
 * rejects, for a daemon that does not answer keeps nobody from work that needs none.
 */
export async function removeLeftovers(book: string): Promise<Leftover[]> {
  const processes = await killStarted(book)
  const { containers, volumes } = await sweepDaemon()
  const devices = await detachLeft()
  return [
    ...of('process', processes.map(String)),
    ...of('container', containers),
    ...of('volume', volumes),
    ...of('device', devices),
    ...of('folder', removeFolders()),
  ]
}

async function sweepDaemon() {
  try {
    return await sweep(await openDocker())
  } catch {
    return { containers: [], volumes: [] }
  }
}

function of(kind: Leftover['kind'], names: readonly string[]): Leftover[] {
  return names.map((name) => ({ kind, name }))
}
