#!/usr/bin/env node
// Compiles the programs of the repository to WebAssembly beside their sources; names as arguments choose some.
// With --check it changes nothing and ends with 1 if a committed .wasm is not what its source gives.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildJavascript } from './build-javascript.mjs'

const rootDir = join(dirname(fileURLToPath(import.meta.url)), '..')
const folders = ['packages/cli/programs', 'packages/runtime/programs']
const common = ['--target=wasm32-wasip1', '-O3', '-Wall', '-Werror']
const javascriptDir = join(rootDir, 'packages/cli/programs/javascript')

/** Returns each program's path and how to make its bytes, sorted; null came after the compiler said why not. */
async function programs() {
  const found = [{ path: `${javascriptDir}.wasm`, make: () => buildJavascript(javascriptDir, compile) }]
  for (const folder of folders) {
    const names = (await readdir(join(rootDir, folder))).filter((name) => name.endsWith('.c'))
    for (const name of names) found.push(plainProgram(join(rootDir, folder, name)))
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function plainProgram(source) {
  const name = basename(source)
  const make = async () => compile(['-Wl,--strip-all', name], { [name]: await readFile(source, 'utf8') })
  return { path: source.replace(/\.c$/, '.wasm'), make }
}

/** Runs clang over files and returns the program's bytes, or null after the compiler said why not. */
async function compile(flags, files) {
  const { commands, Exit } = await import('@yowasp/clang')
  const print = (bytes) => bytes && process.stderr.write(bytes)
  try {
    const made = await commands.clang([...common, ...flags, '-o', 'out.wasm'], files, {
      stdout: print,
      stderr: print,
    })
    return made['out.wasm']
  } catch (error) {
    if (error instanceof Exit) return null
    throw error
  }
}

async function upToDate(path, program) {
  const committed = await readFile(path).catch(() => Buffer.alloc(0))
  return committed.equals(program)
}

const check = process.argv.includes('--check')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
for (const { path, make } of await programs()) {
  if (named.length > 0 && !named.includes(basename(path, '.wasm'))) continue
  const program = await make()
  if (program === null) {
    process.exitCode = 1
    continue
  }
  if (await upToDate(path, program)) continue
  if (check) {
    process.exitCode = 1
    process.stderr.write(
      `${relative(rootDir, path)} is not what its source gives: run node scripts/build-programs.mjs\n`,
    )
  } else {
    await writeFile(path, program)
    process.stdout.write(`${relative(rootDir, path)}: ${program.byteLength} bytes\n`)
  }
}
