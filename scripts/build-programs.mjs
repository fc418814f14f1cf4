#!/usr/bin/env node
// Compiles the C programs of the repository to WebAssembly beside their sources.
// With --check it changes nothing and ends with 1 if a committed .wasm is not what its source gives.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const rootDir = join(dirname(fileURLToPath(import.meta.url)), '..')
const folders = ['packages/cli/programs', 'packages/runtime/programs']
const flags = ['--target=wasm32-wasip1', '-O3', '-Wall', '-Werror', '-Wl,--strip-all']

/** Returns the absolute paths of all programs' sources, sorted. */
async function sources() {
  const found = []
  for (const folder of folders) {
    const names = (await readdir(join(rootDir, folder))).sort()
    found.push(...names.filter((name) => name.endsWith('.c')).map((name) => join(rootDir, folder, name)))
  }
  return found
}

/** Compiles one source file and returns the program's bytes, or null after the compiler said why not. */
async function compile(path) {
  const { commands, Exit } = await import('@yowasp/clang')
  const name = basename(path)
  const print = (bytes) => bytes && process.stderr.write(bytes)
  const files = { [name]: await readFile(path, 'utf8') }
  try {
    const made = await commands.clang([...flags, name, '-o', 'out.wasm'], files, {
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
for (const source of await sources()) {
  if (named.length > 0 && !named.includes(basename(source, '.c'))) continue
  const path = source.replace(/\.c$/, '.wasm')
  const program = await compile(source)
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
