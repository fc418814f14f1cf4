import { Buffer } from 'node:buffer'
import { ByteReader } from '../det/byte-reader.ts'
import { ByteWriter } from '../det/byte-writer.ts'
import { readGlobals } from '../det/constants.ts'
import { HOST_PREFIX } from '../det/counter-names.ts'
import { SECTION } from '../det/outline.ts'
import { VALUE } from '../det/value-types.ts'
import { BadProgram } from './typed-calls.ts'

/**
 * The export that a service runs once, before it is asked for anything. Wizer, which does the same ahead of time, gave
 * it this name (https://github.com/bytecodealliance/wizer).
 */
export const INITIALIZE = 'wizer.initialize'

const GLOBAL_PREFIX = `${HOST_PREFIX}global:`
const KIND_GLOBAL = 3
/** Where the first section begins: behind the magic number and the version. */
const FIRST_SECTION = 8

/** What an instance had in its memory and its mutable globals at one moment. */
export interface Snapshot {
  readonly memory: Uint8Array
  readonly globals: readonly (readonly [name: string, value: number | bigint])[]
}

/**
 * Adds an export for each mutable global of a program that exports {@link INITIALIZE}, so that they can be copied with
 * its memory; any other program comes back as it is. Throws `DetError` for a module that is cut short, and
 * {@link BadProgram} for a global that JavaScript cannot read.
 */
export function withSnapshots(program: Uint8Array): Uint8Array {
  // Looked for as bytes first: hardly any program has it, and reading the sections of all is not for nothing.
  if (Buffer.from(program.buffer, program.byteOffset, program.byteLength).indexOf(INITIALIZE) === -1)
    return program
  const sections = readSections(program)
  const exported = sections.find(({ id }) => id === SECTION.export)
  if (exported === undefined || !namesOf(exported.content).includes(INITIALIZE)) return program
  const globals = mutableGlobals(sections.find(({ id }) => id === SECTION.global)?.content)
  const out = new ByteWriter(program.byteLength + 64 * (1 + globals.length))
  out.copy(program, 0, exported.start)
  out.section(SECTION.export, extended(exported.content, globals))
  return out.copy(program, exported.content.end).bytes()
}

/** Copies what an instance of such a program has. */
export function takeSnapshot(exports: WebAssembly.Exports): Snapshot {
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer).slice()
  const names = Object.keys(exports).filter((name) => name.startsWith(GLOBAL_PREFIX))
  return {
    memory,
    globals: names.map((name) => [name, (exports[name] as WebAssembly.Global).value] as const),
  }
}

/** Gives a fresh instance of the same program what the other had. */
export function restoreSnapshot(exports: WebAssembly.Exports, { memory, globals }: Snapshot): void {
  const own = exports.memory as WebAssembly.Memory
  const missing = (memory.byteLength - own.buffer.byteLength) / 65_536
  if (missing > 0) own.grow(missing)
  new Uint8Array(own.buffer).set(memory)
  for (const [name, value] of globals) (exports[name] as WebAssembly.Global).value = value
}

interface Section {
  readonly id: number
  /** Where it begins in the module, its id included. */
  readonly start: number
  readonly content: ByteReader
}

function readSections(program: Uint8Array): Section[] {
  const reader = new ByteReader(program, FIRST_SECTION)
  const sections: Section[] = []
  while (!reader.done) {
    const start = reader.at
    const id = reader.byte()
    sections.push({ id, start, content: reader.part(reader.uint()) })
  }
  return sections
}

function namesOf({ bytes, at, end }: ByteReader): string[] {
  const reader = new ByteReader(bytes, at, end)
  return Array.from({ length: reader.uint() }, () => {
    const name = reader.name()
    reader.skip(1)
    reader.uint()
    return name
  })
}

/** Returns the indices of mutable globals; a program imports none (`inspectProgram`), so that they count from 0. */
function mutableGlobals(section: ByteReader | undefined): number[] {
  if (section === undefined) return []
  const globals = readGlobals(new ByteReader(section.bytes, section.at, section.end))
  return globals.flatMap(({ type, isMutable }, index) => {
    if (!isMutable) return []
    if (type !== VALUE.v128 && type !== VALUE.funcref) return [index]
    throw new BadProgram(
      `expected mutable globals that are numbers in a program with ${INITIALIZE}, got a vector or a reference`,
    )
  })
}

function extended({ bytes, at, end }: ByteReader, globals: readonly number[]): Uint8Array {
  const reader = new ByteReader(bytes, at, end)
  const count = reader.uint()
  const out = new ByteWriter(end - at + 64 * (1 + globals.length))
  out.uint(count + globals.length).copy(bytes, reader.at, end)
  for (const index of globals) out.name(`${GLOBAL_PREFIX}${index}`).raw(KIND_GLOBAL).uint(index)
  return out.bytes()
}
