import { ByteReader } from './byte-reader.ts'
import { checkData, checkElements, readGlobals } from './constants.ts'
import { HOST_PREFIX } from './counter-names.ts'
import { DetError, unsupported } from './det-error.ts'
import { readValueType, VALUE } from './value-types.ts'

/** Ids of sections (core 2.0 §5.5.2), in the order in which they come. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  data: 11,
  dataCount: 12,
  code: 10,
} as const

/** Elements of the table, at most: more would let a program hold memory that its limits do not count. */
export const TABLE_LENGTH = 1_000_000
/** Pages of a memory that declares no maximum. */
const MAX_PAGES = 65_536

export interface FunctionType {
  readonly parameters: readonly number[]
  readonly results: readonly number[]
}

export interface Export {
  readonly name: string
  readonly kind: number
  readonly index: number
}

/** A module's parts but for its code, which is read function by function. */
export interface Outline {
  readonly types: readonly FunctionType[]
  /** Type index of each function, imported ones first. */
  readonly functions: readonly number[]
  readonly importedFunctions: number
  readonly globals: number
  readonly mostPages: number
  readonly table: { readonly initial: number; readonly most: number } | null
  /** The function that runs before any other. */
  readonly start: number | null
  readonly exports: readonly Export[]
  /** The sections without custom ones, in order. */
  readonly sections: readonly { readonly id: number; readonly content: ByteReader }[]
}

/** Reads the outline of a valid module. Throws {@link DetError} for what is no part of the engine. */
export function readOutline(bytes: Uint8Array): Outline {
  const sections = readSections(bytes)
  const section = (id: number) => {
    const content = sections.find((each) => each.id === id)?.content
    return content && new ByteReader(content.bytes, content.at, content.end)
  }
  const types = vector(section(SECTION.type), readType)
  const imports = vector(section(SECTION.import), readImport)
  const own = vector(section(SECTION.function), (reader) => reader.uint())
  const exports = vector(section(SECTION.export), readExport)
  requireFreeNames(exports)
  check(section(SECTION.global), readGlobals)
  check(section(SECTION.element), checkElements)
  check(section(SECTION.data), checkData)
  return {
    types,
    functions: [...imports, ...own],
    importedFunctions: imports.length,
    globals: section(SECTION.global)?.uint() ?? 0,
    mostPages: readMostPages(section(SECTION.memory)),
    table: readTable(section(SECTION.table)),
    start: section(SECTION.start)?.uint() ?? null,
    exports,
    sections,
  }
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(SECTION))

function readSections(bytes: Uint8Array): Outline['sections'] {
  const reader = new ByteReader(bytes, 8)
  const sections = []
  while (!reader.done) {
    const id = reader.byte()
    const content = reader.part(reader.uint())
    if (!KNOWN.has(id)) throw unsupported('no exceptions and no other new sections', `section ${id}`)
    if (id !== SECTION.custom) sections.push({ id, content })
  }
  return sections
}

function check(section: ByteReader | undefined, by: (reader: ByteReader) => unknown): void {
  if (section !== undefined) by(section)
}

function vector<T>(reader: ByteReader | undefined, read: (reader: ByteReader) => T): T[] {
  return reader === undefined ? [] : Array.from({ length: reader.uint() }, () => read(reader))
}

function readType(reader: ByteReader): FunctionType {
  const form = reader.byte()
  if (form !== 0x60) throw unsupported('function types alone', `the type form 0x${form.toString(16)}`)
  return { parameters: vector(reader, readValueType), results: vector(reader, readValueType) }
}

function readImport(reader: ByteReader): number {
  const name = `${reader.name()}.${reader.name()}`
  if (reader.byte() !== 0) throw new DetError('UNKNOWN_IMPORT', `expected functions as imports, got ${name}`)
  return reader.uint()
}

function readExport(reader: ByteReader): Export {
  return { name: reader.name(), kind: reader.byte(), index: reader.uint() }
}

function requireFreeNames(exports: readonly Export[]): void {
  const taken = exports.find(({ name }) => name.startsWith(HOST_PREFIX))
  if (taken === undefined) return
  throw unsupported(`no export whose name begins with ${HOST_PREFIX}`, `the export ${taken.name}`)
}

function readMostPages(memory: ByteReader | undefined): number {
  if (memory?.uint() !== 1) throw unsupported('one memory', 'none or more')
  const flags = memory.byte()
  if ((flags & 2) !== 0)
    throw new DetError('THREADS', 'expected an unshared memory, got a shared one; compile without threads')
  if (flags > 1) throw unsupported('a 32-bit memory with 64 KiB pages', `the memory type ${flags}`)
  memory.uint()
  return flags === 1 ? memory.uint() : MAX_PAGES
}

function readTable(section: ByteReader | undefined): Outline['table'] {
  const count = section?.uint() ?? 0
  if (section === undefined || count === 0) return null
  if (count > 1) throw unsupported('at most one table', `${count}`)
  const type = section.byte()
  const flags = section.byte()
  if (type !== VALUE.funcref || flags > 1) throw unsupported('a 32-bit table of functions', 'another one')
  const initial = section.uint()
  if (initial > TABLE_LENGTH) throw unsupported(`at most ${TABLE_LENGTH} table elements`, `${initial}`)
  return { initial, most: Math.min(flags === 1 ? section.uint() : TABLE_LENGTH, TABLE_LENGTH) }
}
