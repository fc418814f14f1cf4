import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The built page: text by path, such as `/index.html`. */
export type PageFiles = Readonly<Record<string, string>>

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = join(PACKAGE, '.cache')

/**
 * Returns the page, built from its sources where no build of just these sources lies in the cache.
 *
 * Calls `onBuild` before it builds, which takes a second or two. A cache that cannot be written is done without.
 */
export async function buildPage(onBuild: () => void): Promise<PageFiles> {
  const name = `page-${await digestSources()}.json`
  const cached = await readCache(join(CACHE, name))
  if (cached !== undefined) return cached
  onBuild()
  const files = await build()
  await writeCache(name, files).catch(() => {})
  return files
}

async function build(): Promise<PageFiles> {
  // Loaded only where something is to be built.
  const { build: viteBuild } = await import('vite')
  const result = await viteBuild({
    configFile: false,
    root: join(PACKAGE, 'src', 'page'),
    logLevel: 'error',
    // Whatever the environment says: the cache holds one page for all.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      write: false,
      target: 'es2023',
      // Nothing inline: the policy of the server forbids it.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2_000,
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  )
  return Object.fromEntries(
    outputs.map((one) => [`/${one.fileName}`, one.type === 'chunk' ? one.code : textOf(one.source)]),
  )
}

function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source)
}

/** Names the state of everything that goes into the page: our own sources, and the lockfile for all others'. */
async function digestSources(): Promise<string> {
  const packages = dirname(PACKAGE.replace(/\/$/, ''))
  const folders = ['dashboard', 'market', 'protocol', 'settlement', 'storage'].map((name) =>
    join(packages, name, 'src'),
  )
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true })
      return names
        .filter((name) => /\.(tsx?|css|html|svg)$/.test(name) && !/\.test\.ts$/.test(name))
        .map((name) => join(folder, name))
    }),
  )
  const hash = createHash('sha256')
  for (const file of [...listed.flat().sort(), join(dirname(packages), 'package-lock.json')]) {
    hash.update(`${file}\0`).update(await readFile(file).catch(() => ''))
  }
  return hash.digest('hex').slice(0, 24)
}

async function readCache(file: string): Promise<PageFiles | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PageFiles
  } catch {
    return undefined
  }
}

/** Puts the build in the place of older ones, whole or not at all. */
async function writeCache(name: string, files: PageFiles): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const draft = join(CACHE, `${name}.${process.pid}.tmp`)
  await writeFile(draft, JSON.stringify(files))
  await rename(draft, join(CACHE, name))
  for (const other of await readdir(CACHE)) {
    if (/^page-[0-9a-f]+\.json$/.test(other) && other !== basename(name))
      await rm(join(CACHE, other), { force: true })
  }
}
