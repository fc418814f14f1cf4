import { Fd, wasi } from '@bjorn3/browser_wasi_shim'
import { ByteBuffer } from './byte-buffer.ts'
import { MemoryDirectory, type MemoryFile, type MemoryFiles, type MemoryNode } from './memory-files.ts'
import type { OutputBudget } from './output-budget.ts'

const ALL_RIGHTS = (1n << 29n) - 1n
const NOTHING = new Uint8Array()

/** An open file with its position. */
export class OpenFile extends Fd {
  readonly #file: MemoryFile
  readonly #append: boolean
  #position = 0

  constructor(file: MemoryFile, append: boolean) {
    super()
    this.#file = file
    this.#append = append
    file.opened()
  }

  override fd_close() {
    this.#file.closed()
    return wasi.ERRNO_SUCCESS
  }

  override fd_allocate(offset: bigint, length: bigint) {
    const end = Number(BigInt.asUintN(64, offset)) + Number(BigInt.asUintN(64, length))
    if (end > this.#file.size) this.#file.resize(end)
    return wasi.ERRNO_SUCCESS
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_REGULAR_FILE) }
  }

  override fd_fdstat_set_flags() {
    return wasi.ERRNO_SUCCESS
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: filestat(this.#file) }
  }

  override fd_filestat_set_size(size: bigint) {
    this.#file.resize(Number(BigInt.asUintN(64, size)))
    return wasi.ERRNO_SUCCESS
  }

  override fd_filestat_set_times() {
    return wasi.ERRNO_SUCCESS
  }

  override fd_read(length: number) {
    const data = this.#file.read(this.#position, length)
    this.#position += data.byteLength
    return { ret: 0, data }
  }

  override fd_pread(length: number, offset: bigint) {
    return { ret: 0, data: this.#file.read(Number(BigInt.asUintN(64, offset)), length) }
  }

  override fd_write(data: Uint8Array) {
    if (this.#append) this.#position = this.#file.size
    this.#file.write(this.#position, data)
    this.#position += data.byteLength
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_pwrite(data: Uint8Array, offset: bigint) {
    this.#file.write(Number(BigInt.asUintN(64, offset)), data)
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_seek(offset: bigint, whence: number) {
    const base = [0, this.#position, this.#file.size][whence]
    const target = base === undefined ? -1 : base + Number(offset)
    if (target < 0 || target > Number.MAX_SAFE_INTEGER) return { ret: wasi.ERRNO_INVAL, offset: 0n }
    this.#position = target
    return { ret: 0, offset: BigInt(target) }
  }

  override fd_tell() {
    return { ret: 0, offset: BigInt(this.#position) }
  }
}

/** Standard output: kept whole, and refused beyond the task's budget. */
export class OutputStream extends Fd {
  readonly #budget: OutputBudget
  readonly #content = new ByteBuffer()

  constructor(budget: OutputBudget) {
    super()
    this.#budget = budget
  }

  bytes(): Uint8Array {
    return this.#content.bytes()
  }

  override fd_write(data: Uint8Array) {
    this.#budget.charge(data.byteLength)
    this.#content.write(this.#content.size, data)
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_UNKNOWN) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: new Stat(0n, wasi.FILETYPE_UNKNOWN, 0n) }
  }
}

/** Standard error: only its end is kept, for people. */
export class TailStream extends Fd {
  readonly #limit: number
  #tail = NOTHING

  constructor(limit: number) {
    super()
    this.#limit = limit
  }

  text(): string {
    return new TextDecoder().decode(this.#tail)
  }

  override fd_write(data: Uint8Array) {
    const kept = this.#tail.subarray(Math.max(0, this.#tail.byteLength + data.byteLength - this.#limit))
    const added = data.subarray(Math.max(0, data.byteLength - this.#limit))
    const tail = new Uint8Array(kept.byteLength + added.byteLength)
    tail.set(kept)
    tail.set(added, kept.byteLength)
    this.#tail = tail
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_UNKNOWN) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: new Stat(0n, wasi.FILETYPE_UNKNOWN, 0n) }
  }
}

/** An open directory; the one that carries a `preopen` name is where every path of the program begins. */
export class OpenDirectory extends Fd {
  readonly #files: MemoryFiles
  readonly #directory: MemoryDirectory
  readonly #preopen: string | null
  #listing: string[] = []

  constructor(files: MemoryFiles, directory: MemoryDirectory, preopen: string | null = null) {
    super()
    this.#files = files
    this.#directory = directory
    this.#preopen = preopen
  }

  override fd_prestat_get() {
    if (this.#preopen === null) return { ret: wasi.ERRNO_BADF, prestat: null }
    return { ret: 0, prestat: wasi.Prestat.dir(this.#preopen) }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_DIRECTORY) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: filestat(this.#directory) }
  }

  /** Lists `.`, `..` and then the names sorted bytewise, as they were when the listing began. */
  override fd_readdir_single(cookie: bigint) {
    if (cookie === 0n) this.#listing = ['.', '..', ...this.#directory.names()]
    const name = this.#listing[Number(cookie)]
    if (name === undefined) return { ret: 0, dirent: null }
    const node = this.#lookup(name) ?? this.#directory
    return { ret: 0, dirent: new wasi.Dirent(cookie + 1n, node.ino, name, fileType(node)) }
  }

  override path_open(
    _lookup: number,
    path: string,
    openFlags: number,
    _base: bigint,
    _inheriting: bigint,
    flags: number,
  ) {
    const found = this.#openable(path, openFlags)
    if (typeof found === 'number') return { ret: found, fd_obj: null }
    if (found instanceof MemoryDirectory) {
      return { ret: 0, fd_obj: new OpenDirectory(this.#files, found) }
    }
    if ((openFlags & wasi.OFLAGS_DIRECTORY) !== 0) return { ret: wasi.ERRNO_NOTDIR, fd_obj: null }
    if ((openFlags & wasi.OFLAGS_TRUNC) !== 0) found.resize(0)
    return { ret: 0, fd_obj: new OpenFile(found, (flags & wasi.FDFLAGS_APPEND) !== 0) }
  }

  override path_create_directory(path: string) {
    const place = this.resolve(path)
    if (typeof place === 'number') return place
    if (place.node !== undefined) return wasi.ERRNO_EXIST
    return this.#files.createDirectory(place.parent, place.name)
  }

  override path_filestat_get(_flags: number, path: string) {
    const place = this.resolve(path)
    if (typeof place === 'number') return { ret: place, filestat: null }
    if (place.node === undefined) return { ret: wasi.ERRNO_NOENT, filestat: null }
    return { ret: 0, filestat: filestat(place.node) }
  }

  override path_filestat_set_times(_flags: number, path: string) {
    return this.path_filestat_get(0, path).ret
  }

  override path_readlink(path: string) {
    const { ret } = this.path_filestat_get(0, path)
    return { ret: ret === 0 ? wasi.ERRNO_INVAL : ret, data: null }
  }

  override path_unlink_file(path: string) {
    const place = this.resolve(path)
    if (typeof place === 'number') return place
    if (place.node === undefined) return wasi.ERRNO_NOENT
    if (place.node instanceof MemoryDirectory) return wasi.ERRNO_ISDIR
    place.parent.entries.delete(place.name)
    place.node.unlinked()
    return wasi.ERRNO_SUCCESS
  }

  override path_remove_directory(path: string) {
    const place = this.resolve(path)
    if (typeof place === 'number') return place
    if (place.node === undefined) return wasi.ERRNO_NOENT
    if (!(place.node instanceof MemoryDirectory)) return wasi.ERRNO_NOTDIR
    if (place.node.entries.size > 0) return wasi.ERRNO_NOTEMPTY
    if (place.node === this.#files.root) return wasi.ERRNO_INVAL
    this.#files.removeDirectory(place.parent, place.name)
    return wasi.ERRNO_SUCCESS
  }

  /** Moves a file, replacing a file that is there; directories stay where they are made (`ENOTSUP`). */
  rename(from: string, target: OpenDirectory, to: string): number {
    const source = this.resolve(from)
    const goal = target.resolve(to)
    if (typeof source === 'number') return source
    if (typeof goal === 'number') return goal
    if (source.node === undefined) return wasi.ERRNO_NOENT
    if (source.node instanceof MemoryDirectory) return wasi.ERRNO_NOTSUP
    if (goal.node instanceof MemoryDirectory) return wasi.ERRNO_ISDIR
    if (goal.node === source.node) return wasi.ERRNO_SUCCESS
    return this.#files.move(source.parent, source.name, goal.parent, goal.name)
  }

  /** Finds where `path` leads: its parent, last name and the node there, or a WASI error number. */
  resolve(path: string): Place | number {
    const names = relativeNames(path)
    if (typeof names === 'number') return names
    const name = names.pop()
    if (name === undefined) return ownPlace(this.#directory)
    let parent = this.#directory
    for (const part of names) {
      const next = parent.entries.get(part)
      if (next === undefined) return wasi.ERRNO_NOENT
      if (!(next instanceof MemoryDirectory)) return wasi.ERRNO_NOTDIR
      parent = next
    }
    const node = parent.entries.get(name)
    const wantsDirectory = path.endsWith('/') && node !== undefined
    if (wantsDirectory && !(node instanceof MemoryDirectory)) return wasi.ERRNO_NOTDIR
    return { parent, name, node }
  }

  #openable(path: string, openFlags: number): MemoryNode | number {
    const place = this.resolve(path)
    if (typeof place === 'number') return place
    const create = (openFlags & wasi.OFLAGS_CREAT) !== 0
    if (place.node === undefined) {
      if (!create) return wasi.ERRNO_NOENT
      if (path.endsWith('/')) return wasi.ERRNO_ISDIR
      return this.#files.createFile(place.parent, place.name)
    }
    if (create && (openFlags & wasi.OFLAGS_EXCL) !== 0) return wasi.ERRNO_EXIST
    return place.node
  }

  #lookup(name: string): MemoryNode | undefined {
    if (name === '.') return this.#directory
    if (name === '..') return this.#directory.parent ?? this.#directory
    return this.#directory.entries.get(name)
  }
}

interface Place {
  readonly parent: MemoryDirectory
  readonly name: string
  readonly node: MemoryNode | undefined
}

/** Splits a path lexically; a path that starts or climbs outside the directory is not for the program. */
function relativeNames(path: string): string[] | number {
  if (path === '') return wasi.ERRNO_NOENT
  if (path.startsWith('/')) return wasi.ERRNO_NOTCAPABLE
  const names: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') names.push(part)
    else if (names.pop() === undefined) return wasi.ERRNO_NOTCAPABLE
  }
  return names
}

function ownPlace(directory: MemoryDirectory): Place {
  const name = directory.path.slice(directory.path.lastIndexOf('/') + 1)
  return { parent: directory.parent ?? directory, name, node: directory }
}

function fdstat(type: number): wasi.Fdstat {
  const stat = new wasi.Fdstat(type, 0)
  stat.fs_rights_base = ALL_RIGHTS
  stat.fs_rights_inherited = ALL_RIGHTS
  return stat
}

function filestat(node: MemoryNode): wasi.Filestat {
  const size = node instanceof MemoryDirectory ? 0n : BigInt(node.size)
  return new Stat(node.ino, fileType(node), size)
}

/** A file's attributes, laid out as WASI says (the library's own writer misplaces the three times). */
class Stat extends wasi.Filestat {
  override write_bytes(view: DataView, at: number) {
    new Uint8Array(view.buffer, at, 64).fill(0)
    view.setBigUint64(at + 8, this.ino, true)
    view.setUint8(at + 16, this.filetype)
    view.setBigUint64(at + 24, 1n, true)
    view.setBigUint64(at + 32, this.size, true)
  }
}

function fileType(node: MemoryNode): number {
  return node instanceof MemoryDirectory ? wasi.FILETYPE_DIRECTORY : wasi.FILETYPE_REGULAR_FILE
}
