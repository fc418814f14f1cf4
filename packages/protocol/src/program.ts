import { SoukError } from './errors.ts'

/** Largest program in bytes: what a provider fetches and compiles before it knows anything else about it. */
const PROGRAM_BYTES = 64 * 1024 * 1024
/** Imports or exports of one program; far above what any toolchain emits. */
const PROGRAM_ENTRIES = 100_000
/** Pages of 64 KiB that a 32-bit memory can ever have. */
const MAX_PAGES = 65_536

const WASI_MODULE = 'wasi_snapshot_preview1'

/**
 * Every import that a `wasm/1` program may have, all from `wasi_snapshot_preview1` (PROTOCOL, "Programs").
 * There are no sockets, threads or host functions among them.
 */
export const WASI_IMPORTS: readonly string[] = [
  'args_get',
  'args_sizes_get',
  'clock_res_get',
  'clock_time_get',
  'environ_get',
  'environ_sizes_get',
  'fd_advise',
  'fd_allocate',
  'fd_close',
  'fd_datasync',
  'fd_fdstat_get',
  'fd_fdstat_set_flags',
  'fd_fdstat_set_rights',
  'fd_filestat_get',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_pread',
  'fd_prestat_dir_name',
  'fd_prestat_get',
  'fd_pwrite',
  'fd_read',
  'fd_readdir',
  'fd_renumber',
  'fd_seek',
  'fd_sync',
  'fd_tell',
  'fd_write',
  'path_create_directory',
  'path_filestat_get',
  'path_filestat_set_times',
  'path_link',
  'path_open',
  'path_readlink',
  'path_remove_directory',
  'path_rename',
  'path_symlink',
  'path_unlink_file',
  'poll_oneoff',
  'proc_exit',
  'proc_raise',
  'random_get',
  'sched_yield',
]

/** The linear memory a program defines; `start` and `end` bound its section in the file, id byte included. */
export interface ProgramMemory {
  readonly start: number
  readonly end: number
  readonly minPages: number
  readonly maxPages: number
}

export type ProgramErrorCode =
  | 'NOT_WASM'
  | 'TOO_LARGE'
  | 'UNKNOWN_IMPORT'
  | 'NO_ENTRY'
  | 'THREADS'
  | 'UNDETERMINED'
  | 'BEYOND_COURT'
  | 'BAD_KERNEL'
  | 'UNSUPPORTED'
  | 'TOO_MUCH_MEMORY'

/** A program that `wasm/1` cannot run; found before any money moves. */
export class ProgramError extends SoukError<{ code: ProgramErrorCode; [fact: string]: unknown }> {}

/**
 * Throws {@link ProgramError} unless `bytes` are a program that `wasm/1` can run: a valid WebAssembly module
 * that imports only {@link WASI_IMPORTS}, exports `_start` and `memory`, and starts within `pages`.
 */
export function validateProgram(bytes: Uint8Array, pages: number = MAX_PAGES): void {
  inspectProgram(bytes, pages)
  if (wasm.validate(bytes)) return
  throw notWasm(
    'expected a valid WebAssembly module, got one whose code or types are invalid; compile it again',
  )
}

/**
 * Checks a program's outline without the engine's validator and returns the memory it defines.
 *
 * Hosts that compile strangers' programs in a process of their own call this outside and let the compiler
 * inside judge the code. Throws {@link ProgramError} as {@link validateProgram} does.
 */
export function inspectProgram(bytes: Uint8Array, pages: number = MAX_PAGES): ProgramMemory {
  requireSize(bytes)
  const sections = readSections(bytes)
  requireKnownImports(sections.get(SECTION.import))
  requireEntry(sections.get(SECTION.export))
  return requireMemory(sections.get(SECTION.memory), pages)
}

const SECTION = { import: 2, memory: 5, export: 7 } as const
const KIND = { function: 0, memory: 2 } as const
/** Bits of a memory's limits (WebAssembly core 2.0 §5.3.8, threads and memory64 proposals). */
const LIMIT_FLAG = { maximum: 1, shared: 2, wide: 4 } as const

/** Tokens of the engine's global; typed here because the package is compiled without the browser's types. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean }
const wasm = WebAssembly

function requireSize(bytes: Uint8Array): void {
  if (bytes.byteLength <= PROGRAM_BYTES) return
  throw new ProgramError(
    `expected a program of at most ${PROGRAM_BYTES} bytes, got ${bytes.byteLength}; strip it or move data into inputs`,
    { code: 'TOO_LARGE', bytes: bytes.byteLength, limit: PROGRAM_BYTES },
  )
}

function readSections(bytes: Uint8Array): Map<number, Reader> {
  const reader = new Reader(bytes, 0, bytes.byteLength)
  if (reader.word() !== 0x6d736100) {
    throw notWasm(
      'expected a WebAssembly module, which begins with the bytes 00 61 73 6d; compile to wasm32-wasi',
    )
  }
  if (reader.word() !== 1) {
    throw notWasm('expected a core WebAssembly module of version 1, got another version or a component')
  }
  const sections = new Map<number, Reader>()
  while (!reader.done) {
    const start = reader.offset
    const id = reader.byte()
    const section = reader.take(reader.uint(), start)
    if (id !== 0) sections.set(id, section)
  }
  return sections
}

function requireKnownImports(section: Reader | undefined): void {
  const unknown: string[] = []
  for (let left = section?.count() ?? 0; left > 0 && section; left -= 1) {
    const module = section.name()
    const name = section.name()
    const kind = section.byte()
    const known = kind === KIND.function && module === WASI_MODULE && WASI_IMPORTS.includes(name)
    if (!known) unknown.push(`${module}.${name}`)
    // The sizes of other kinds' descriptions vary; one such import is refusal enough.
    if (kind !== KIND.function) break
    section.uint()
  }
  if (unknown.length > 0) throw unknownImports(unknown)
}

function unknownImports(imports: string[]): ProgramError {
  const shown = imports.slice(0, 8).join(', ')
  return new ProgramError(
    `expected imports that wasm/1 offers (functions of ${WASI_MODULE} without sockets: ${WASI_IMPORTS.join(', ')}), got ${shown}; compile for wasm32-wasi preview 1 without threads, sockets or host glue`,
    { code: 'UNKNOWN_IMPORT', imports, offered: WASI_IMPORTS },
  )
}

function requireEntry(section: Reader | undefined): void {
  const found = new Map<string, number>()
  for (let left = section?.count() ?? 0; left > 0 && section; left -= 1) {
    found.set(section.name(), section.byte())
    section.uint()
  }
  const missing = []
  if (found.get('_start') !== KIND.function) missing.push('_start')
  if (found.get('memory') !== KIND.memory) missing.push('memory')
  if (missing.length === 0) return
  throw new ProgramError(
    `expected exports _start and memory, got a module without ${missing.join(' and ')}; link a command (with main), not a library`,
    { code: 'NO_ENTRY', missing },
  )
}

function requireMemory(section: Reader | undefined, pages: number): ProgramMemory {
  const count = section?.count() ?? 0
  if (section === undefined || count !== 1) throw unsupported(`one memory, got ${count}`)
  const flags = section.byte()
  if ((flags & LIMIT_FLAG.shared) !== 0) {
    throw new ProgramError('expected an unshared memory, got a shared one; compile without threads', {
      code: 'THREADS',
    })
  }
  if (flags > LIMIT_FLAG.maximum) throw unsupported('a 32-bit memory with 64 KiB pages')
  const minPages = section.uint()
  const maxPages = flags === LIMIT_FLAG.maximum ? section.uint() : MAX_PAGES
  if (minPages > pages) throw tooMuchMemory(minPages, pages)
  if (!section.done)
    throw notWasm('expected one memory in the memory section, got more bytes; compile it again')
  return { start: section.start, end: section.offset, minPages, maxPages }
}

function tooMuchMemory(needed: number, pages: number): ProgramError {
  return new ProgramError(
    `expected a program that starts within ${pages} pages of memory, got one that needs ${needed}; raise the task's pages`,
    { code: 'TOO_MUCH_MEMORY', needed, pages },
  )
}

function unsupported(what: string): ProgramError {
  return new ProgramError(`expected ${what}; compile for plain wasm32`, { code: 'UNSUPPORTED', what })
}

function notWasm(message: string): ProgramError {
  return new ProgramError(message, { code: 'NOT_WASM' })
}

/** Reads the binary format; whatever ends too early or is encoded too long is no WebAssembly. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #end: number
  /** Where the part begins that this reader was taken for. */
  readonly start: number
  offset: number

  constructor(bytes: Uint8Array, offset: number, end: number, start = offset) {
    this.#bytes = bytes
    this.offset = offset
    this.#end = end
    this.start = start
  }

  get done(): boolean {
    return this.offset >= this.#end
  }

  byte(): number {
    const value = this.done ? undefined : this.#bytes[this.offset]
    if (value === undefined) throw notWasm('expected more bytes, got a module cut short; transfer it again')
    this.offset += 1
    return value
  }

  word(): number {
    return this.byte() + this.byte() * 2 ** 8 + this.byte() * 2 ** 16 + this.byte() * 2 ** 24
  }

  /** Reads an unsigned LEB128 integer of at most 32 bits. */
  uint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw notWasm('expected an integer of at most five bytes in the module; compile it again')
  }

  count(): number {
    const value = this.uint()
    if (value <= PROGRAM_ENTRIES) return value
    throw unsupported(`at most ${PROGRAM_ENTRIES} imports or exports, got ${value}`)
  }

  take(size: number, start = this.offset): Reader {
    if (this.offset + size > this.#end) {
      throw notWasm('expected a whole section, got a module cut short; transfer it again')
    }
    const part = new Reader(this.#bytes, this.offset, this.offset + size, start)
    this.offset += size
    return part
  }

  name(): string {
    const part = this.take(this.uint())
    return new TextDecoder().decode(this.#bytes.subarray(part.offset, part.#end))
  }
}
