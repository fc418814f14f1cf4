// Makes `javascript.wasm`: QuickJS-NG, which the package quickjs-wasi brings as a library in WebAssembly, and our own
// main.c as one command for WASI preview 1. No linker joins finished modules: so main.c is linked to lie beyond the
// library's memory and table, these are widened to hold it, and binaryen makes one module of the two.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)
const run = promisify(execFile)
const tools = join(dirname(require.resolve('binaryen')), 'bin')

const PAGE_BYTES = 65_536
/** What main.c gets: pages for its text and its stack, and places in the table for its functions. */
const ADDED = { pages: 4, entries: 64 }
const STACK_BYTES = 3 * PAGE_BYTES
/** What V8 has had for years and clang emits; beyond these binaryen may write what no engine reads yet. */
const FEATURES = [
  'bulk-memory',
  'nontrapping-float-to-int',
  'sign-ext',
  'mutable-globals',
  'reference-types',
  'multivalue',
].map((name) => `--enable-${name}`)
const SOURCES = ['main.c', 'quickjs.h', 'wasi.h', 'prelude.js']
/** What the library asks of whoever embeds it. */
const HOST = [
  'get_timezone_offset',
  'interrupt',
  'promise_rejection',
  'module_normalize',
  'module_load',
  'call',
]
/** What the command shows; all else that only the library's own exports reach is left out. */
const SHOWN = ['_start', 'memory']

/** Returns the program's bytes; `compile(flags, files)` runs clang and returns what it made, or null. */
export async function buildJavascript(sourceFolder, compile) {
  const folder = await mkdtemp(join(tmpdir(), 'souk-javascript-'))
  const at = (name) => join(folder, name)
  const tool = (name, ...args) =>
    run(process.execPath, [join(tools, name), ...FEATURES, ...args], { cwd: folder })
  try {
    const end = await widenLibrary(at, tool)
    const main = await compile(mainFlags(end), await readSources(sourceFolder))
    if (main === null) return null
    await writeFile(at('main.wasm'), main)
    await tool('wasm-merge', 'library.wasm', 'env', 'main.wasm', 'main', '-o', 'joined.wasm')
    await writeFile(at('shown.json'), JSON.stringify(shownGraph()))
    await tool('wasm-metadce', 'joined.wasm', '--graph-file', 'shown.json', '-o', 'reached.wasm')
    await tool(
      'wasm-opt',
      'reached.wasm',
      '-O1',
      '--strip-debug',
      '--strip-target-features',
      '-o',
      'program.wasm',
    )
    return await readFile(at('program.wasm'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes the library with room behind its memory and table, and returns where that room begins. */
async function widenLibrary(at, tool) {
  await tool('wasm-dis', require.resolve('quickjs-wasi/quickjs.wasm'), '-o', 'library.wat')
  const text = await readFile(at('library.wat'), 'utf8')
  const pages = Number(/^ \(memory \$0 (\d+)\)$/m.exec(text)?.[1])
  const entries = Number(/^ \(table \$0 (\d+) funcref\)$/m.exec(text)?.[1])
  if (!(pages > 0 && entries > 0)) throw new Error('expected quickjs-wasi to have one memory and one table')
  const widened = text
    .replace(` (memory $0 ${pages})`, ` (memory $0 ${pages + ADDED.pages})`)
    .replace(` (table $0 ${entries} funcref)`, ` (table $0 ${entries + ADDED.entries} funcref)`)
    .replaceAll('(import "env" "host_', '(import "main" "host_')
  await writeFile(at('library.wat'), widened)
  await tool('wasm-as', 'library.wat', '-o', 'library.wasm')
  return { bytes: pages * PAGE_BYTES, entries }
}

function mainFlags({ bytes, entries }) {
  const linker = [
    ...[
      '--no-entry',
      '--import-memory',
      '--import-table',
      '--allow-undefined',
      '--strip-all',
      '--no-stack-first',
    ],
    ...[
      `--global-base=${bytes}`,
      `--table-base=${entries}`,
      `-zstack-size=${STACK_BYTES}`,
      '--export=_start',
    ],
    ...HOST.map((name) => `--export=host_${name}`),
  ]
  return ['-std=c23', '-nostdlib', '-mbulk-memory', ...linker.map((flag) => `-Wl,${flag}`), 'main.c']
}

function shownGraph() {
  return [{ name: 'outside', reaches: SHOWN, root: true }, ...SHOWN.map((name) => ({ name, export: name }))]
}

async function readSources(folder) {
  const read = async (name) => [name, await readFile(join(folder, name), 'utf8')]
  return Object.fromEntries(await Promise.all(SOURCES.map(read)))
}
