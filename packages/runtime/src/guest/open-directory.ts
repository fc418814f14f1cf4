import { Fd, wasi } from '@bjorn3/browser_wasi_shim'
import { MemoryDirectory, type MemoryFiles, type MemoryNode, type Place } from './memory-files.ts'
import { OpenFile } from './open-file.ts'
import { fdstat, filestat, fileType } from './stat.ts'

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
    this.#files.removeDirectory(place.node)
    return wasi.ERRNO_SUCCESS
  }

  /** Gives what is at a path another name and returns a WASI error number. */
  rename(from: string, target: OpenDirectory, to: string): number {
    const source = this.resolve(from)
    const goal = target.resolve(to)
    if (typeof source === 'number') return source
    if (typeof goal === 'number') return goal
    return this.#files.rename(source, goal)
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
  return { parent: directory.parent ?? directory, name: directory.name, node: directory }
}
