import { Buffer } from 'node:buffer'
import { wasi } from '@bjorn3/browser_wasi_shim'
import { ByteBuffer } from './byte-buffer.ts'
import type { OutputBudget } from './output-budget.ts'

/** Directories of one task; programs need few, and each costs memory outside their own. */
const DIRECTORIES = 4096
/** UTF-16 units of a whole path, the wire's bound on output paths. */
const PATH_LENGTH = 4096

/** A file held in memory; it becomes part of the output with its first change. */
export class MemoryFile {
  readonly ino: bigint
  readonly #budget: OutputBudget
  readonly #content: ByteBuffer
  #changed = false
  #linked = true
  #opens = 0

  constructor(ino: bigint, budget: OutputBudget, bytes?: Uint8Array) {
    this.ino = ino
    this.#budget = budget
    this.#content = new ByteBuffer(bytes)
  }

  get changed(): boolean {
    return this.#changed
  }

  get size(): number {
    return this.#content.size
  }

  bytes(): Uint8Array {
    return this.#content.bytes()
  }

  read(at: number, length: number): Uint8Array {
    return this.#content.read(at, length)
  }

  write(at: number, data: Uint8Array): void {
    this.#prepare(data.byteLength === 0 ? this.size : Math.max(this.size, at + data.byteLength))
    if (data.byteLength > 0) this.#content.write(at, data)
  }

  resize(size: number): void {
    this.#prepare(size)
    this.#content.resize(size)
  }

  /** Marks the file as output even if nothing is ever written to it. */
  touch(): void {
    this.#prepare(this.size)
  }

  opened(): void {
    this.#opens += 1
  }

  closed(): void {
    this.#opens -= 1
    this.#release()
  }

  /** Takes the file's only name away; its bytes count until the last descriptor closes. */
  unlinked(): void {
    this.#linked = false
    if (this.#changed) this.#budget.removeFile()
    this.#release()
  }

  #prepare(size: number): void {
    this.#budget.charge(this.#changed ? size - this.size : size)
    if (this.#changed) return
    if (this.#linked) this.#budget.addFile()
    this.#changed = true
  }

  #release(): void {
    if (this.#linked || this.#opens > 0 || !this.#changed) return
    this.#budget.charge(-this.size)
    this.#content.resize(0)
    this.#changed = false
  }
}

/** A directory held in memory; it keeps its path for good, because directories are never moved. */
export class MemoryDirectory {
  readonly ino: bigint
  readonly path: string
  readonly parent: MemoryDirectory | null
  readonly entries = new Map<string, MemoryNode>()

  constructor(ino: bigint, path: string, parent: MemoryDirectory | null) {
    this.ino = ino
    this.path = path
    this.parent = parent
  }

  /** Returns the names of the entries sorted bytewise. */
  names(): string[] {
    return [...this.entries.keys()].sort(bytewise)
  }
}

export type MemoryNode = MemoryFile | MemoryDirectory

/** The whole file system of one task: its inputs, and whatever it writes. */
export class MemoryFiles {
  readonly root: MemoryDirectory
  readonly #budget: OutputBudget
  #nextIno = 1n
  #directories = 1

  constructor(inputs: readonly { path: string; bytes: Uint8Array }[], budget: OutputBudget) {
    this.#budget = budget
    this.root = new MemoryDirectory(this.#issueIno(), '', null)
    for (const input of inputs) this.#addInput(input.path, input.bytes)
  }

  /** Creates an empty output file, or returns the WASI error number that says why not. */
  createFile(parent: MemoryDirectory, name: string): MemoryFile | number {
    if (!isEntryName(parent, name)) return wasi.ERRNO_INVAL
    const file = new MemoryFile(this.#issueIno(), this.#budget)
    file.touch()
    parent.entries.set(name, file)
    return file
  }

  /** Creates a directory and returns a WASI error number, 0 for success. */
  createDirectory(parent: MemoryDirectory, name: string): number {
    if (!isEntryName(parent, name)) return wasi.ERRNO_INVAL
    if (this.#directories === DIRECTORIES) return wasi.ERRNO_NOSPC
    this.#addDirectory(parent, name)
    return wasi.ERRNO_SUCCESS
  }

  removeDirectory(parent: MemoryDirectory, name: string): void {
    parent.entries.delete(name)
    this.#directories -= 1
  }

  /** Moves a file to a new name, replacing what is there, and returns a WASI error number. */
  move(from: MemoryDirectory, oldName: string, to: MemoryDirectory, newName: string): number {
    const file = from.entries.get(oldName)
    const replaced = to.entries.get(newName)
    if (!(file instanceof MemoryFile) || replaced instanceof MemoryDirectory) return wasi.ERRNO_INVAL
    if (!isEntryName(to, newName)) return wasi.ERRNO_INVAL
    from.entries.delete(oldName)
    to.entries.set(newName, file)
    replaced?.unlinked()
    file.touch()
    return wasi.ERRNO_SUCCESS
  }

  /** Returns the files created or changed, sorted bytewise by path. */
  outputs(): { path: string; bytes: Uint8Array }[] {
    return [...changedFiles(this.root)].sort((a, b) => bytewise(a.path, b.path))
  }

  #addInput(path: string, bytes: Uint8Array): void {
    const names = path.split('/')
    const name = names.pop() ?? ''
    let folder = this.root
    for (const part of names) {
      const next = folder.entries.get(part) ?? this.#addDirectory(folder, part)
      if (next instanceof MemoryFile) throw new TypeError(`the input ${path} lies inside another input`)
      folder = next
    }
    folder.entries.set(name, new MemoryFile(this.#issueIno(), this.#budget, bytes))
  }

  #addDirectory(parent: MemoryDirectory, name: string): MemoryDirectory {
    const added = new MemoryDirectory(this.#issueIno(), pathOf(parent, name), parent)
    parent.entries.set(name, added)
    this.#directories += 1
    return added
  }

  #issueIno(): bigint {
    const ino = this.#nextIno
    this.#nextIno += 1n
    return ino
  }
}

/** Orders names by their UTF-8 bytes. */
function bytewise(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Tells whether an entry of this name is a path that the wire can carry. */
function isEntryName(parent: MemoryDirectory, name: string): boolean {
  return (
    name !== '' && !name.includes('\\') && !name.includes('\0') && pathOf(parent, name).length <= PATH_LENGTH
  )
}

function pathOf(parent: MemoryDirectory, name: string): string {
  return parent.path === '' ? name : `${parent.path}/${name}`
}

function* changedFiles(folder: MemoryDirectory): Generator<{ path: string; bytes: Uint8Array }> {
  for (const [name, node] of folder.entries) {
    if (node instanceof MemoryDirectory) yield* changedFiles(node)
    else if (node.changed) yield { path: pathOf(folder, name), bytes: node.bytes() }
  }
}
