/** Where control groups for runners can lie: folders of the memory and the process controller, one in version 2. */
export interface GroupPlaces {
  readonly version: 1 | 2
  readonly memory: string
  readonly pids: string
}

/** What a group may use. */
export interface GroupLimits {
  readonly memoryBytes: number
  /** Processes and threads. */
  readonly processes: number
}

/** One file of a group and what is written to it; a kernel may lack those that are not needed. */
export interface GroupSetting {
  readonly controller: 'memory' | 'pids'
  readonly file: string
  readonly value: string
  readonly isNeeded: boolean
}

/**
 * Finds the groups of the process that `/proc/self/cgroup` and `/proc/self/mountinfo` are of: version 1 where that has
 * the memory controller, else version 2. Null where neither is mounted.
 */
export function groupPlaces(cgroup: string, mountinfo: string): GroupPlaces | null {
  const mounts = mountinfo.split('\n').flatMap(readMount)
  const paths = new Map(cgroup.split('\n').flatMap(readPath))
  const folderOf = (controller: string) => {
    const isVersion2 = controller === ''
    const mount = mounts.find(({ type, options }) =>
      isVersion2 ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    )
    const path = paths.get(controller)
    return mount === undefined || path === undefined ? null : below(mount, path)
  }
  const [memory, pids] = [folderOf('memory'), folderOf('pids')]
  if (memory !== null && pids !== null) return { version: 1, memory, pids }
  const unified = folderOf('')
  return unified === null ? null : { version: 2, memory: unified, pids: unified }
}

/** Returns what bounds a group, in the words of its version. */
export function groupSettings(
  { version }: GroupPlaces,
  { memoryBytes, processes }: GroupLimits,
): GroupSetting[] {
  const memory = (file: string, value: string, isNeeded: boolean): GroupSetting => {
    return { controller: 'memory', file, value, isNeeded }
  }
  const pids: GroupSetting = {
    ...{ controller: 'pids', file: 'pids.max', value: String(processes), isNeeded: true },
  }
  if (version === 2) {
    return [
      memory('memory.max', String(memoryBytes), true),
      // Without swap and all at once; a kernel without swap has no such file.
      memory('memory.swap.max', '0', false),
      memory('memory.oom.group', '1', false),
      pids,
    ]
  }
  return [
    memory('memory.limit_in_bytes', String(memoryBytes), true),
    memory('memory.memsw.limit_in_bytes', String(memoryBytes), false),
    pids,
  ]
}

/** Returns the file in which a group counts what the kernel ended for want of memory. */
export function memoryEvents({ version }: GroupPlaces): string {
  return version === 2 ? 'memory.events' : 'memory.oom_control'
}

/** Reads a count out of a file of lines of names and numbers; 0 where it is not there. */
export function countIn(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

interface Mount {
  readonly root: string
  readonly point: string
  readonly type: string
  readonly options: readonly string[]
}

/** Reads one line: `31 23 0:28 ROOT POINT rw,relatime … - TYPE source OPTIONS`. */
function readMount(line: string): Mount[] {
  const [before = '', after] = line.split(' - ')
  const [, , , root, point] = before.split(' ')
  const [type, , options = ''] = after?.split(' ') ?? []
  if (root === undefined || point === undefined || type === undefined) return []
  return [{ root, point, type, options: options.split(',') }]
}

/** Reads one line, `4:memory:/path` or `0::/path` of version 2, into controllers and their path. */
function readPath(line: string): [string, string][] {
  const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
  if (controllers === undefined || path === undefined) return []
  return controllers.split(',').map((name) => [name, path])
}

/** A container may see only a part of the hierarchy, whose root then is its own group. */
function below({ root, point }: Mount, path: string): string {
  const inside = root === '/' ? path : path.startsWith(`${root}/`) ? path.slice(root.length) : ''
  return inside === '/' ? point : `${point}${inside}`
}
