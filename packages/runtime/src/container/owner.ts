import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type Docker, daemon, removeContainer } from './docker.ts'

/** The label of everything that we make in a daemon; its value names the process that made it. */
export const OWNER_LABEL = 'souk.owner'

/** Place of the start time among the fields after a process's name (proc(5), `stat`). */
const START_FIELD = 19

/** Returns the name of a living process that no other will have: machine, its start, process, the process's start. */
export function ownerName(pid: number = process.pid): string {
  return [hostname(), bootId(), pid, startOf(pid) ?? 0].join(' ')
}

/** Tells whether the process with this name has certainly ended; what other machines made is theirs to judge. */
export function isDead(owner: string): boolean {
  // What follows tells apart what one process owns.
  const [host = '', boot = '', pid = '', start = ''] = owner.split(' ')
  if (host !== hostname()) return false
  if (boot !== bootId()) return true
  return !isAlive(Number(pid)) || String(startOf(Number(pid)) ?? 0) !== start
}

/** What a dead process left in a daemon. */
export interface Swept {
  readonly containers: readonly string[]
  readonly volumes: readonly string[]
}

/**
 * Removes what processes left behind that were killed together with their daemon, or before it could clean up, and
 * returns its names.
 */
export async function sweep(docker: Docker): Promise<Swept> {
  const filters = JSON.stringify({ label: [OWNER_LABEL] })
  const containers = await daemon('list containers', docker.listContainers({ all: true, filters }))
  const left = containers.filter(({ Labels }) => isDead(Labels[OWNER_LABEL] ?? ''))
  await Promise.all(left.map(({ Id }) => removeContainer(docker, Id)))
  const { Volumes } = await daemon('list volumes', docker.listVolumes({ filters }))
  const unused = (Volumes ?? []).filter(({ Labels }) => isDead(Labels?.[OWNER_LABEL] ?? ''))
  await Promise.all(
    unused.map(({ Name }) =>
      docker
        .getVolume(Name)
        .remove()
        .catch(() => undefined),
    ),
  )
  return { containers: left.map(({ Id }) => Id), volumes: unused.map(({ Name }) => Name) }
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id').trim()
}

/** Returns when a process began, in ticks since its machine did; `undefined` where nobody says. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The name stands in parentheses and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
