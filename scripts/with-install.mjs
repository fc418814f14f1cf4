// Installs what is missing, then runs a script under the Node that comes as a package.
// Plain JavaScript without dependencies: it runs on the Node and in the empty folder that a newcomer has.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [script, ...args] = process.argv.slice(2)

if (!isInstalled()) install()
run()

/** Tells whether every package of the lockfile is there in its version. */
function isInstalled() {
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  const wanted = readJson(join(root, 'package-lock.json'))?.packages
  if (present === undefined || wanted === undefined || !existsSync(nodeBinary())) return false
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith('node_modules/') || optional || link || present[path]?.version === version,
  )
}

function install() {
  process.stderr.write('souk: installing packages, once; this takes a minute or two\n')
  // Warnings about engines are about the Node that installs; the one that runs comes with the packages.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  // Not `npm ci`: that refuses a lockfile from a registry that lacks the binaries of some other platform.
  const options = ['install', '--no-save', '--loglevel=error', '--no-audit', '--no-fund']
  const done = spawnSync(npm, options, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (done.status === 0 && existsSync(nodeBinary())) return
  process.stderr.write('souk: npm could not install the packages; its own words stand above\n')
  process.exit(done.status || 1)
}

function run() {
  const child = spawn(nodeBinary(), [join(root, script), ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}${pathSeparator()}${process.env.PATH}`,
    },
  })
  // The terminal sends Ctrl-C to both of us; the child cleans up, and we wait for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

function nodeBinary() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

function pathSeparator() {
  return process.platform === 'win32' ? ';' : ':'
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
