import { spawn } from 'node:child_process'
import { createRequire, enableCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** First version that runs TypeScript as it is. */
const NEEDED = [22, 18]

/**
 * Runs a TypeScript program in this process, or, on an older Node, under the Node that comes as a package.
 *
 * Plain JavaScript, because it must run on the Node that a user has. Compiled code is kept on disk for the next start,
 * and in memory until the end: not worth it (`keepsCode: false`) for what starts seldom and stays.
 */
export function launch(program, { keepsCode = true } = {}) {
  if (!isEnough(process.versions.node)) return relaunch(fileURLToPath(program))
  muteExperimental()
  if (keepsCode) enableCompileCache()
  import(program.href).catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
}

function isEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** `node:sqlite` is marked experimental; users can do nothing about that. */
function muteExperimental() {
  const emit = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    const kind = typeof rest[0] === 'object' ? rest[0]?.type : rest[0]
    if (kind !== 'ExperimentalWarning') emit.call(process, warning, ...rest)
  }
}

function relaunch(program) {
  let node
  try {
    node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
  } catch {
    console.error(
      `souk: expected Node ${NEEDED.join('.')} or newer, got ${process.versions.node}; install a newer Node`,
    )
    process.exit(1)
  }
  if (isRelaunched()) {
    console.error('souk: the Node that comes as a package is too old; run npm install')
    process.exit(1)
  }
  const launcher = process.argv[1]
  const child = spawn(node, [...process.execArgv, launcher, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SOUK_RELAUNCHED: program },
  })
  // The terminal sends Ctrl-C to both; the child decides what it means. Other signals are passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

function isRelaunched() {
  return process.env.SOUK_RELAUNCHED !== undefined
}
