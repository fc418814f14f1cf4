import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RuntimeError } from '../errors.ts'
import { guard, release } from '../guardian.ts'

/** The folder of what runs in processes with a GPU, and nowhere else. */
export const GPU_GUEST_DIR = fileURLToPath(new URL('./guest/', import.meta.url))
/** MiB of JavaScript heap; buffers lie outside of it. */
const HEAP_MIB = 256
/** Variables by which a driver is found; everything else of our environment stays here. */
const PASSED = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES', 'LD_LIBRARY_PATH', 'SystemRoot']
/** Drivers keep nothing of a stranger's shaders on disk. */
const KEEP_NOTHING = { __GL_SHADER_DISK_CACHE: '0', MESA_SHADER_CACHE_DISABLE: 'true' }

/**
 * Starts a process that may load Dawn: with Node's permission model, no files but its own code, no processes or threads
 * of JavaScript, and an environment that names drivers only. `wrapper` is a command before it, such as that of
 * `namespaceWrapper`. It is killed should this process die.
 *
 * Throws {@link RuntimeError} `NOT_OFFERED` where the package is not installed.
 */
export function forkGpuProcess(
  file: string,
  args: readonly string[],
  wrapper: readonly string[] | null,
  reads: readonly string[] = [GPU_GUEST_DIR],
): ChildProcess {
  const command = [...(wrapper ?? []), process.execPath, ...flags([...reads, dawnFolder()])]
  const [execPath = process.execPath, ...execArgv] = command
  const child = fork(file, args, {
    execPath,
    execArgv,
    env: gpuEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // One that never began shows in what is asked of it.
  child.on('error', () => undefined)
  const { pid } = child
  if (pid !== undefined) {
    guard(pid)
    child.once('exit', () => release(pid))
  }
  return child
}

/**
 * Resolves with the next message of a process. Rejects where the process ends before it, `ms` pass or `signal` aborts.
 */
export async function nextMessage<T>(child: ChildProcess, ms: number, signal?: AbortSignal): Promise<T> {
  const over = new AbortController()
  const end = () => over.abort()
  const late = setTimeout(end, ms)
  child.once('exit', end)
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  try {
    const [message] = await once(child, 'message', { signal: over.signal })
    return message as T
  } finally {
    clearTimeout(late)
    signal?.removeEventListener('abort', end)
    child.off('exit', end)
  }
}

function flags(reads: readonly string[]): string[] {
  return [
    '--permission',
    '--allow-addons',
    ...reads.map((folder) => `--allow-fs-read=${join(folder, '*')}`),
    '--no-warnings',
    '--expose-gc',
    `--max-old-space-size=${HEAP_MIB}`,
  ]
}

function gpuEnvironment(): NodeJS.ProcessEnv {
  const passed = PASSED.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(passed), ...KEEP_NOTHING }
}

function dawnFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('webgpu'))
  } catch (cause) {
    throw new RuntimeError(
      'expected the package webgpu to be installed, it is not; run npm install without --omit=optional, on a platform that it is made for',
      { code: 'NOT_OFFERED' },
      { cause },
    )
  }
}
