import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Milliseconds for a look at whether namespaces can be had; it takes a few. */
const LOOK_MS = 5_000
/** Where util-linux keeps its tools. */
const TOOLS = ['/usr/bin', '/bin']
/** A user, a network without interfaces, processes, messages and a host name of its own; ends with its parent. */
const UNSHARE = '--user --map-root-user --net --pid --ipc --uts --fork --kill-child=SIGKILL'
/** No capability, not even in its own namespaces, and no way to new ones. */
const SETPRIV = '--no-new-privs --bounding-set=-all --inh-caps=-all'

let wrapper: Promise<readonly string[] | null> | undefined

/**
 * Returns the command that starts another one in namespaces of its own, or null where this system has none for us:
 * outside Linux, without util-linux, or where users may not make any. Looks once.
 */
export function namespaceWrapper(): Promise<readonly string[] | null> {
  wrapper ??= findWrapper()
  return wrapper
}

/** Returns a wrapper that the kernel ends with the process that starts it, however that ends. */
export function endedWithParent([unshare = '', ...rest]: readonly string[]): readonly string[] {
  return [join(dirname(unshare), 'setpriv'), '--pdeathsig', 'KILL', unshare, ...rest]
}

/** Has {@link namespaceWrapper} return null from now on: the sandbox was seen not to hold. */
export function giveUpNamespaces(): void {
  wrapper = Promise.resolve(null)
}

async function findWrapper(): Promise<readonly string[] | null> {
  const folder = TOOLS.find((path) => existsSync(`${path}/unshare`) && existsSync(`${path}/setpriv`))
  if (process.platform !== 'linux' || folder === undefined) return null
  const command = [`${folder}/unshare`, ...UNSHARE.split(' '), `${folder}/setpriv`, ...SETPRIV.split(' ')]
  const [tool, ...args] = command
  try {
    await promisify(execFile)(tool ?? '', [...args, 'true'], { timeout: LOOK_MS, env: {} })
    return command
  } catch {
    return null
  }
}

/** Returns the first child of a process: the one inside, of a wrapper. `undefined` where there is none. */
export async function onlyChild(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const first = Number(children.trim().split(' ')[0])
  return first > 0 ? first : undefined
}
