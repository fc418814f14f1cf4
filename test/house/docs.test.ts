import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PAYMENT, UNSECURED } from '@souk/engine'
import { OFFER_INDEX_BOUNDS } from '@souk/market'
import { BOUNDS, OFFER_CLASSES } from '@souk/network'
import {
  attempt,
  binding,
  COURT_TYPES,
  demand,
  endingCode,
  failureCode,
  frame,
  LIMITS,
  offer,
  output,
  outputStatus,
  prices,
  quote,
  refusalCode,
  requirements,
  resources,
  result,
  sessionAnswer,
  sessionCode,
  sessionFrame,
  sessionOpening,
  sessionPurpose,
  TYPES,
  task,
  taskLimits,
  terms,
  tombstone,
  WASI_IMPORTS,
} from '@souk/protocol'
import { describe, expect, it, test } from 'vitest'
import { CHAIN_LIMITS } from '../../packages/settlement/src/limits.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGES = readdirSync(join(ROOT, 'packages')).sort()

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const LIMITS_TEXT = read('docs/LIMITS.md')
const PROTOCOL_TEXT = read('docs/PROTOCOL.md')

/** One row of a table of LIMITS.md. */
interface Bound {
  readonly section: string
  readonly name: string
  readonly value: number
}

describe('LIMITS.md', () => {
  const bounds = readBounds(LIMITS_TEXT)

  test.each([
    ['Wire protocol', LIMITS],
    ['Network', BOUNDS],
    ['Settlement', CHAIN_LIMITS],
  ] as const)('has every bound of %s with its value, and no other', (section, constants) => {
    const written = bounds.filter((bound) => bound.section === section && /^[a-z]/.test(bound.name))
    expect(Object.fromEntries(written.map(({ name, value }) => [name, value]))).toEqual(constants)
  })

  it.each([
    ['Engine', 'PAYMENT', PAYMENT],
    ['Engine', 'UNSECURED', UNSECURED],
    ['Market', 'OFFER_INDEX_BOUNDS', OFFER_INDEX_BOUNDS],
  ] as const)('has every bound of %s in %s', (section, group, constants) => {
    const written = bounds.filter((bound) => bound.section === section && bound.name.startsWith(`${group}.`))
    const names = written.map(({ name, value }) => [name.slice(group.length + 1), value])
    expect(Object.fromEntries(names)).toEqual({ ...constants })
  })

  it('gives every other constant the value it has in its package', () => {
    const others = bounds.filter(
      ({ name }) => /^[A-Z]/.test(name) && !/^(PAYMENT|UNSECURED|OFFER_INDEX)/.test(name),
    )
    expect(others.length).toBeGreaterThan(70)
    for (const { section, name, value } of others) {
      expect(constantsOf(packageOf(section)).get(name) ?? [], `${section} ${name}`).toContain(value)
    }
  })

  it('leaves out no constant that is named for a time, a size or a wait', () => {
    const missing = Object.values(SECTIONS).flatMap((name) => {
      const written = new Set(
        bounds.filter(({ section }) => packageOf(section) === name).map((bound) => bound.name),
      )
      return [...constantsOf(name).keys()]
        .filter((constant) => /_(MS|BYTES|SECONDS|BLOCKS|LENGTH|CHARS)(\.|$)/.test(constant))
        .filter((constant) => !written.has(constant) && !NO_BOUNDS.includes(constant))
        .map((constant) => `${name} ${constant}`)
    })
    expect(missing).toEqual([])
  })
})

describe('PROTOCOL.md', () => {
  it.each(Object.entries({ ...TYPES, ...COURT_TYPES }))(
    'spells the struct %s as it is signed',
    (name, fields) => {
      const members = fields.map((field) => `${field.type} ${field.name}`).join(',')
      expect(PROTOCOL_TEXT).toContain(`${name}(${members})`)
    },
  )

  it.each(frame.options.map((each) => [each.shape.t.value, each.shape] as const))(
    'names the frame %s and its fields',
    (name, shape) => {
      expect(PROTOCOL_TEXT).toContain(`\`${name}\``)
      for (const field of Object.keys(shape)) expect(PROTOCOL_TEXT, field).toMatch(named(field))
    },
  )

  it('names every message of a session and its fields', () => {
    const section = PROTOCOL_TEXT.split('\n## 13. ')[1]?.split('\n## ')[0] ?? ''
    const messages = [...sessionOpening.options, ...sessionAnswer.options, ...sessionFrame.options]
    for (const { shape } of messages) expect(section).toContain(shape.t.value)
    for (const { shape } of sessionPurpose.options) expect(section).toContain(`\`${shape.kind.value}\``)
    for (const { shape } of [...messages, ...sessionPurpose.options])
      for (const field of Object.keys(shape)) expect(section, field).toMatch(named(field))
  })

  it.each([
    ['refusal', refusalCode.options],
    ['code of sessions', sessionCode.options],
    ['ending', endingCode.options],
    ['failure', failureCode.options],
    ['class of offers', OFFER_CLASSES],
  ] as const)('lists every %s', (_, codes) => {
    for (const code of codes) expect(PROTOCOL_TEXT).toContain(`\`${code}\``)
  })

  it.each(
    Object.entries({
      offer,
      tombstone,
      binding,
      prices,
      resources,
      requirements,
      demand,
      quote,
      terms,
      attempt,
      result,
      task,
      taskLimits,
      output,
    }),
  )('names every field of %s', (_, schema) => {
    for (const field of Object.keys(schema.shape)) expect(PROTOCOL_TEXT, field).toMatch(named(field))
  })

  it('names every status of an output', () => {
    for (const { shape } of outputStatus.options) {
      expect(PROTOCOL_TEXT).toContain(`{kind: "${shape.kind.value}"`)
    }
  })

  it('lists the imports of a program, and no other', () => {
    const list = /```\n(args_get[\s\S]*?)```/.exec(PROTOCOL_TEXT)?.[1] ?? ''
    expect(list.split(/\s+/).filter((name) => name !== '')).toEqual([...WASI_IMPORTS])
  })

  it('has the sections that code cites', () => {
    const sections = new Set([...PROTOCOL_TEXT.matchAll(/^#+ (\d+(?:\.\d+)?)/gm)].map((match) => match[1]))
    const cited = PACKAGES.flatMap((name) => sourcesOf(name)).flatMap(({ text, file }) =>
      [...text.matchAll(/PROTOCOL §(\d+(?:\.\d+)?)/g)].map((match) => ({ file, section: match[1] })),
    )
    expect(cited.length).toBeGreaterThan(15)
    expect(cited.filter(({ section }) => !sections.has(section))).toEqual([])
  })

  it('gives examples that are frames', async () => {
    const { frameCodec, fromHex } = await import('@souk/protocol')
    const examples = [...(PROTOCOL_TEXT.split('## 11. Example')[1] ?? '').matchAll(/```\n([0-9a-f\s]+)```/g)]
    const frames = examples.map((match) => frameCodec.decode(fromHex(`0x${match[1]?.replace(/\s/g, '')}`)))
    expect(frames).toEqual([
      {
        ...{ t: 'voucher', ack: 3, cumulative: 1_000n, ackFrom: 10, ackUntil: 12 },
        signature: `0x${'ab'.repeat(64)}`,
      },
      { t: 'drain', seq: 7, ack: 2, seconds: 30 },
    ])
  })
})

describe('the map of the house', () => {
  it.each([
    ['README.md', 'The house'],
    ['docs/ARCHITECTURE.md', 'Packages'],
  ])('has a row for every package in %s under %s, and no other', (path, heading) => {
    const map = sectionOf(read(path), heading)
    const rows = [...map.matchAll(/^\| \[?`([a-z-]+)`/gm)].map((match) => match[1])
    expect(rows.sort()).toEqual(PACKAGES)
  })

  it('explains every dependency, and no other', () => {
    const section = sectionOf(read('docs/ARCHITECTURE.md'), 'Dependencies')
    const explained = [...section.matchAll(/^\| (`[^|]+)\|/gm)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/`([^`]+)`/g)].map((name) => name[1] ?? ''),
    )
    expect([...new Set(explained)].sort()).toEqual(dependencies())
  })

  it.each([
    'README.md',
    'CONTRIBUTING.md',
    'docs/ARCHITECTURE.md',
    'docs/PROTOCOL.md',
    'docs/LIMITS.md',
    'docs/SETTLEMENT.md',
    'docs/THREATS.md',
    'docs/AVAILABILITY.md',
    'docs/ELASTICITY.md',
    'docs/GPUS.md',
  ])('has no dead link in %s', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '')
    const dead = links.filter((link) => !existsSync(resolve(ROOT, path, '..', link)))
    expect(dead).toEqual([])
  })

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = ['README.md', 'CONTRIBUTING.md'].flatMap((path) =>
      [...read(path).matchAll(/\bnpm run ([a-z0-9:]+)/g)].map((match) => match[1] ?? ''),
    )
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
    const files = ['README.md', 'CONTRIBUTING.md'].flatMap((path) =>
      [...read(path).matchAll(/\bnode (scripts\/[a-z-]+\.mjs)/g)].map((match) => match[1] ?? ''),
    )
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})

/** Sections of LIMITS.md and the packages they speak of; subsections belong to the section above. */
const SECTIONS: Readonly<Record<string, string>> = {
  'Wire protocol': 'protocol',
  Network: 'network',
  Market: 'market',
  Availability: 'availability',
  Elastic: 'elastic',
  Engine: 'engine',
  Court: 'court',
  Requester: 'requester',
  Provider: 'provider',
  Runtime: 'runtime',
  Storage: 'storage',
  Settlement: 'settlement',
  Dashboard: 'dashboard',
}

/** Constants of a size or a time that bound nothing: units, layouts, and bounds told under another name. */
const NO_BOUNDS = [
  'E12_MS',
  'PAGE_BYTES',
  'SUBSCRIPTION_BYTES',
  'EVENT_BYTES',
  'DERIVED_BYTES',
  'BLOCK_REQUEST_BYTES',
  'BLOCK_ANSWER_BYTES',
  'MAX_TTL_SECONDS',
  'RPC_BYTES',
  'DIGEST_BYTES',
  'WARM_MS',
  'MINUTE_MS',
  'REDIAL_DELAYS_MS',
]

function packageOf(section: string): string {
  return SECTIONS[section] ?? 'none'
}

function readBounds(text: string): Bound[] {
  let section = ''
  return text.split('\n').flatMap((line) => {
    section = /^## (.*)/.exec(line)?.[1] ?? section
    const row = /^\| `([A-Za-z0-9_.]+)` \| (-?[\d,]+) \|/.exec(line)
    return row === null ? [] : [{ section, name: row[1] ?? '', value: Number(row[2]?.replaceAll(',', '')) }]
  })
}

function sourcesOf(name: string): { file: string; text: string }[] {
  const folder = join(ROOT, 'packages', name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|fixture)\.ts$|generated|testing/.test(file))
    .map((file) => ({ file: `${name}/${file}`, text: readFileSync(join(folder, file), 'utf8') }))
}

/** Returns the numbers that a package's constants are given, by name; members as `NAME.member`. */
function constantsOf(name: string): Map<string, number[]> {
  const found = new Map<string, number[]>()
  const add = (constant: string, expression: string) =>
    found.set(constant, [...(found.get(constant) ?? []), evaluate(expression)])
  for (const { text } of sourcesOf(name)) {
    for (const [, constant = '', expression = ''] of text.matchAll(
      /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=]+)? = (.+)$/gm,
    )) {
      const members = [...expression.matchAll(/(\w+): ([\d_]+)/g)]
      if (!expression.startsWith('{')) add(constant, expression)
      for (const [, member = '', value = ''] of members) add(`${constant}.${member}`, value)
    }
  }
  return found
}

/** Evaluates a product of numbers and powers; anything else is looked up in LIMITS, or no number. */
function evaluate(expression: string): number {
  return expression
    .split(/ \* /)
    .map((factor) => {
      const [base = '', exponent = '1'] = factor.split(' ** ')
      const member = /^LIMITS\.(\w+)$/.exec(base)?.[1] as keyof typeof LIMITS | undefined
      const value = member === undefined ? Number(base.replaceAll('_', '')) : LIMITS[member]
      return value ** Number(exponent)
    })
    .reduce((product, factor) => product * factor, 1)
}

/** Matches a field's name in code quotes, or as a member of an object that is spelled out. */
function named(field: string): RegExp {
  return new RegExp(`[\`{ ,]${field}[\`:,})]`)
}

function sectionOf(text: string, heading: string): string {
  return text.split(new RegExp(`^## ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? ''
}

/** Third-party packages that any package.json of ours names. */
function dependencies(): string[] {
  const files = ['package.json', ...PACKAGES.map((name) => `packages/${name}/package.json`)]
  const names = files.flatMap((file) => {
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const
    const declared = JSON.parse(read(file)) as Partial<Record<(typeof kinds)[number], Record<string, string>>>
    return kinds.flatMap((kind) => Object.keys(declared[kind] ?? {}))
  })
  return [...new Set(names.filter((name) => !name.startsWith('@souk/')))].sort()
}
