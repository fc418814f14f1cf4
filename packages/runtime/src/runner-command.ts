import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DET_DIR, GUEST_DIR } from './runner-sources.ts'

/** MiB of JavaScript heap of a runner: its own needs are a tenth; a program's memory does not count here. */
const HEAP_MIB = 256
/** KiB of stack of a runner: less than the 8 MiB that systems give a process, and enough for `wasm-det/1`. */
const STACK_KIB = 7_000
/** MiB of each half of the heap's young part: more only makes a runner larger that has run many tasks. */
const YOUNG_MIB = 2
/** Elements of one table; the engine's own bound would let a program hold gigabytes outside its memory. */
const TABLE_ELEMENTS = 1_000_000

export const RUNNER_FILE = join(GUEST_DIR, 'runner.ts')
/** The WASI library's folder, above its entry file in `dist`. */
const SHIM_DIR = dirname(dirname(createRequire(import.meta.url).resolve('@bjorn3/browser_wasi_shim')))

/** Returns what to fork instead of Node, and its arguments: Node itself, or Node behind a wrapper. */
export function runnerCommand(wrapper: readonly string[] | null): { execPath: string; execArgv: string[] } {
  const [execPath = process.execPath, ...execArgv] = [...(wrapper ?? []), process.execPath, ...runnerFlags()]
  return { execPath, execArgv }
}

/** No files but the runner's own source, no child processes, no threads, no addons; bounded heap and tables. */
function runnerFlags(): string[] {
  return [
    '--permission',
    `--allow-fs-read=${join(GUEST_DIR, '*')}`,
    `--allow-fs-read=${join(DET_DIR, '*')}`,
    `--allow-fs-read=${join(SHIM_DIR, '*')}`,
    `--import=${pathToFileURL(join(GUEST_DIR, 'load-sources.js')).href}`,
    '--no-addons',
    '--no-warnings',
    '--expose-gc',
    '--v8-pool-size=1',
    `--max-old-space-size=${HEAP_MIB}`,
    `--max-semi-space-size=${YOUNG_MIB}`,
    // Windows gives a process 1 MiB, which is about what the engine counts on there.
    ...(process.platform === 'win32' ? [] : [`--stack-size=${STACK_KIB}`]),
    `--wasm-max-table-size=${TABLE_ELEMENTS}`,
  ]
}
