// Makes one archive that tests a Linux machine's GPUs without anything else, Node included; unpacks it elsewhere, and
// runs it there with an empty environment. `--out FILE` keeps the archive, `--only` does not run it, `--report FOLDER`
// keeps the report. On the machine itself: tar -xzf FILE && souk-gpu-test/run FOLDER
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Bytes of the archive: it must travel to machines over what lines there are. */
const MOST_BYTES = 60 * 1024 * 1024
const NAME = 'souk-gpu-test'
/** Packages of this repository that the test is made of. */
const OWN = ['protocol', 'runtime']
/** Where a Vulkan loader lies on Linux; a machine with a GPU's driver may have none. */
const LOADERS = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1']
/** Variables that name a driver; everything else of this environment stays here. */
const PASSED = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES']

const RUN = `#!/bin/sh
# Tests this machine's GPUs and writes report.json and report.md to the folder named, or the current one.
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "\${VK_DRIVER_FILES:-}\${VK_ICD_FILENAMES:-}" ]; then
  for file in /usr/local/nvidia/share/vulkan/icd.d/*.json; do
    [ -e "$file" ] && export VK_DRIVER_FILES="$file"
  done
fi
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
exec "$here/bin/node" --disable-warning=ExperimentalWarning "$here/test/gpu/main.ts" "$@"
`

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, only: { type: 'boolean' }, report: { type: 'string' } },
})
if (process.platform !== 'linux') throw new Error('expected Linux: the archive holds programs of this system')
const work = mkdtempSync(join(tmpdir(), 'souk-gpu-'))
try {
  const archive = options.out === undefined ? join(work, `${NAME}.tar.gz`) : resolve(options.out)
  build(join(work, NAME))
  must('tar', ['-czf', archive, '-C', work, NAME])
  const bytes = statSync(archive).size
  process.stdout.write(`${archive}: ${(bytes / 2 ** 20).toFixed(1)} MiB\n`)
  if (bytes > MOST_BYTES) throw new Error(`expected at most ${MOST_BYTES} bytes, the archive has ${bytes}`)
  if (options.only !== true) process.exitCode = tryOut(archive)
} finally {
  rmSync(work, { recursive: true, force: true })
}

function build(to) {
  for (const name of OWN) {
    const source = join(root, 'packages', name)
    cpSync(source, join(to, 'packages', name), {
      recursive: true,
      filter: (path) => !/\.test\.ts$|dist$/.test(path),
    })
    mkdirSync(join(to, 'node_modules', '@souk'), { recursive: true })
    symlinkSync(`../../packages/${name}`, join(to, 'node_modules', '@souk', name))
  }
  cpSync(join(root, 'test', 'gpu'), join(to, 'test', 'gpu'), { recursive: true })
  const taken = new Set()
  for (const name of OWN) takeDependencies(join(root, 'packages', name), to, taken)
  mkdirSync(join(to, 'bin'))
  cpSync(process.execPath, join(to, 'bin', 'node'))
  mkdirSync(join(to, 'lib'))
  const loader = LOADERS.find((file) => existsSync(file))
  if (loader !== undefined) cpSync(realpathSync(loader), join(to, 'lib', 'libvulkan.so.1'))
  writeFileSync(join(to, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(to, 'run'), RUN, { mode: 0o755 })
}

/** Copies what a package needs at run time, each to the place that it has here. */
function takeDependencies(folder, to, taken) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (name.startsWith('@souk/')) continue
    const found = find(name, folder)
    if (found === undefined || taken.has(found)) continue
    taken.add(found)
    cpSync(found, join(to, found.slice(root.length)), { recursive: true, filter: isForHere })
    takeDependencies(found, to, taken)
  }
}

/** Finds a package as Node would. */
function find(name, from) {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
  }
  return undefined
}

/** Leaves out what is for other systems, for people, or has a place of its own. */
function isForHere(path) {
  const other = /\/webgpu\/dist\/([^/]+)/.exec(path)
  if (other !== null) return other[1] === `${process.platform}-${process.arch}`
  return !/\.(map|md|markdown|d\.ts|d\.mts|d\.cts)$/.test(path)
}

function tryOut(archive) {
  const elsewhere = mkdtempSync(join(tmpdir(), 'souk-gpu-run-'))
  try {
    must('tar', ['-xzf', archive, '-C', elsewhere])
    const env = Object.fromEntries(
      PASSED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    )
    const report = options.report === undefined ? elsewhere : resolve(options.report)
    const run = spawnSync(join(elsewhere, NAME, 'run'), [report], {
      cwd: elsewhere,
      env: { PATH: '/usr/bin:/bin:/opt/rocm/bin', ...env },
      stdio: 'inherit',
    })
    return run.status ?? 1
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
}

function must(tool, args) {
  const { status, error } = spawnSync(tool, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} failed`, { cause: error })
}
