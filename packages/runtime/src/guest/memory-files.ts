import { Buffer } from 'node:buffer'
import { wasi } from '@bjorn3/browser_wasi_shim'
import { ByteBuffer } from './byte-buffer.ts'
import type { CheckpointFeed } from './checkpoint-feed.ts'
import { CHECKPOINT_FOLDER, SECRETS_FOLDER } from './folders.ts'
import type { GuestFile } from './messages.ts'
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

/** A directory held in memory; it keeps its parent for good, and its name unless a checkpoint gets one. */
export class MemoryDirectory {
  readonly ino: bigint
  readonly parent: MemoryDirectory | null
  readonly entries = new Map<string, MemoryNode>()
  name: string
  /** Whether it is part of no tree any more; nothing can be made in it then. */
  removed = false

  constructor(ino: bigint, name: string, parent: MemoryDirectory | null) {
    this.ino = ino
    this.name = name
    this.parent = parent
  }

  /** The path from the root, which has none. */
  get path(): string {
    return this.parent === null ? this.name : pathOf(this.parent, this.name)
  }

  /** Returns the names of the entries sorted bytewise. */
  names(): string[] {
    return [...this.entries.keys()].sort(bytewise)
  }
}

export type MemoryNode = MemoryFile | MemoryDirectory

/** Where a path leads: a name in a directory, and what is there. */
export interface Place {
  readonly parent: MemoryDirectory
  readonly name: string
  readonly node: MemoryNode | undefined
}

/** The whole file system of one task: its inputs, and whatever it writes. */
export class MemoryFiles {
  readonly root: MemoryDirectory
  readonly #budget: OutputBudget
  readonly #checkpoints: CheckpointFeed | null
  #nextIno = 1n
  #directories = 1

  constructor(given: readonly GuestFile[], budget: OutputBudget, checkpoints: CheckpointFeed | null = null) {
    this.#budget = budget
    this.#checkpoints = checkpoints
    this.root = new MemoryDirectory(this.#issueIno(), '', null)
    for (const { path, bytes } of given) this.#addGiven(path, bytes)
  }

  /** Creates an empty output file, or returns the WASI error number that says why not. */
  createFile(parent: MemoryDirectory, name: string): MemoryFile | number {
    const wrong = cannotHold(parent, name)
    if (wrong !== null) return wrong
    const file = new MemoryFile(this.#issueIno(), this.#budget)
    file.touch()
    parent.entries.set(name, file)
    return file
  }

  /** Creates a directory and returns a WASI error number, 0 for success. */
  createDirectory(parent: MemoryDirectory, name: string): number {
    const wrong = cannotHold(parent, name)
    if (wrong !== null) return wrong
    if (this.#directories === DIRECTORIES) return wasi.ERRNO_NOSPC
    this.#addDirectory(parent, name)
    return wasi.ERRNO_SUCCESS
  }

  /** Takes a directory and everything in it out of the tree. */
  removeDirectory(directory: MemoryDirectory): void {
    for (const node of directory.entries.values()) this.#discard(node)
    directory.entries.clear()
    directory.parent?.entries.delete(directory.name)
    directory.removed = true
    this.#directories -= 1
  }

  /**
   * Moves a file to a new name, replacing a file that is there, and returns a WASI error number. A directory stays
   * where it was made (`ENOTSUP`), unless its new name finishes a checkpoint.
   */
  rename(from: Place, to: Place): number {
    if (from.node === undefined) return wasi.ERRNO_NOENT
    if (to.node === from.node) return wasi.ERRNO_SUCCESS
    const finishes = this.#finishesCheckpoint(from, to)
    if (from.node instanceof MemoryDirectory && !finishes) return wasi.ERRNO_NOTSUP
    const wrong = cannotReplace(from.node, to.node) ?? cannotHold(to.parent, to.name)
    if (wrong !== null) return wrong
    this.#move(from, from.node, to)
    if (finishes) this.#takeUp(to.parent, to.name, from.node)
    return wasi.ERRNO_SUCCESS
  }

  /** Returns the files created or changed, sorted bytewise by path. */
  outputs(): GuestFile[] {
    const changed = filesBelow(this.root, '', (path, file) => file.changed && !isApart(path))
    return sorted(changed)
  }

  /** Tells whether a new name is that of a checkpoint that is complete: `checkpoint/NAME.part` becomes `checkpoint/NAME`. */
  #finishesCheckpoint(from: Place, to: Place): boolean {
    const inFolder = to.parent.parent === this.root && to.parent.name === CHECKPOINT_FOLDER
    return inFolder && from.parent === to.parent && isFinished(to.name) && from.name === `${to.name}.part`
  }

  /** Passes a checkpoint on and frees those before it, so that a program needs room for two at most. */
  #takeUp(folder: MemoryDirectory, name: string, node: MemoryNode): void {
    for (const [other, older] of [...folder.entries]) {
      if (older === node || !isFinished(other)) continue
      folder.entries.delete(other)
      this.#discard(older)
    }
    this.#checkpoints?.take(() =>
      node instanceof MemoryFile
        ? [{ path: name, bytes: node.bytes() }]
        : sorted(filesBelow(node, '', () => true)),
    )
  }

  #move(from: Place, node: MemoryNode, to: Place): void {
    from.parent.entries.delete(from.name)
    if (to.node !== undefined) this.#discard(to.node)
    to.parent.entries.set(to.name, node)
    if (node instanceof MemoryFile) node.touch()
    else node.name = to.name
  }

  #discard(node: MemoryNode): void {
    if (node instanceof MemoryFile) node.unlinked()
    else this.removeDirectory(node)
  }

  #addGiven(path: string, bytes: Uint8Array): void {
    const names = path.split('/')
    const name = names.pop() ?? ''
    let folder = this.root
    for (const part of names) {
      const next = folder.entries.get(part) ?? this.#addDirectory(folder, part)
      if (next instanceof MemoryFile) throw new TypeError(`the file ${path} lies inside another`)
      folder = next
    }
    folder.entries.set(name, new MemoryFile(this.#issueIno(), this.#budget, bytes))
  }

  #addDirectory(parent: MemoryDirectory, name: string): MemoryDirectory {
    const added = new MemoryDirectory(this.#issueIno(), name, parent)
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

/** Returns the WASI error number that says why a directory takes no entry of this name; null if it does. */
function cannotHold(parent: MemoryDirectory, name: string): number | null {
  if (parent.removed) return wasi.ERRNO_NOENT
  // What the wire cannot carry as a path.
  if (name === '' || /[\\:\0]/.test(name)) return wasi.ERRNO_INVAL
  return pathOf(parent, name).length <= PATH_LENGTH ? null : wasi.ERRNO_INVAL
}

/** Returns the WASI error number that says why `node` cannot take the place of `other`; null if it can. */
function cannotReplace(node: MemoryNode, other: MemoryNode | undefined): number | null {
  if (other === undefined) return null
  if (node instanceof MemoryFile) return other instanceof MemoryFile ? null : wasi.ERRNO_ISDIR
  if (other instanceof MemoryFile) return wasi.ERRNO_NOTDIR
  return other.entries.size === 0 ? null : wasi.ERRNO_NOTEMPTY
}

/** Tells whether the name of an entry of the checkpoint folder is that of a complete one. */
function isFinished(name: string): boolean {
  return !name.includes('.')
}

/** Tells whether a path is no part of the output, whoever wrote there. */
function isApart(path: string): boolean {
  return path.startsWith(`${CHECKPOINT_FOLDER}/`) || path.startsWith(`${SECRETS_FOLDER}/`)
}

function pathOf(parent: MemoryDirectory, name: string): string {
  const { path } = parent
  return path === '' ? name : `${path}/${name}`
}

function sorted(files: Iterable<GuestFile>): GuestFile[] {
  return [...files].sort((a, b) => bytewise(a.path, b.path))
}

/** Walks through the files below a directory that are wanted, their paths after `prefix`. */
function* filesBelow(
  folder: MemoryDirectory,
  prefix: string,
  wanted: (path: string, file: MemoryFile) => boolean,
): Generator<GuestFile> {
  for (const [name, node] of folder.entries) {
    const path = prefix + name
    if (node instanceof MemoryDirectory) yield* filesBelow(node, `${path}/`, wanted)
    else if (wanted(path, node)) yield { path, bytes: node.bytes() }
  }
}
