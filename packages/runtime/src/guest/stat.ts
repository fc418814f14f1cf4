import { wasi } from '@bjorn3/browser_wasi_shim'
import { MemoryDirectory, type MemoryNode } from './memory-files.ts'

const ALL_RIGHTS = (1n << 29n) - 1n

/** Describes a descriptor of the given type; rights are not what confines a program here. */
export function fdstat(type: number): wasi.Fdstat {
  const stat = new wasi.Fdstat(type, 0)
  stat.fs_rights_base = ALL_RIGHTS
  stat.fs_rights_inherited = ALL_RIGHTS
  return stat
}

/** Describes a file or directory. */
export function filestat(node: MemoryNode): wasi.Filestat {
  const size = node instanceof MemoryDirectory ? 0n : BigInt(node.size)
  return new Stat(node.ino, fileType(node), size)
}

/** A file's attributes, laid out as WASI says (the library's own writer misplaces the three times). */
export class Stat extends wasi.Filestat {
  override write_bytes(view: DataView, at: number) {
    new Uint8Array(view.buffer, at, 64).fill(0)
    view.setBigUint64(at + 8, this.ino, true)
    view.setUint8(at + 16, this.filetype)
    view.setBigUint64(at + 24, 1n, true)
    view.setBigUint64(at + 32, this.size, true)
  }
}

/** Returns WASI's number for what a node is. */
export function fileType(node: MemoryNode): number {
  return node instanceof MemoryDirectory ? wasi.FILETYPE_DIRECTORY : wasi.FILETYPE_REGULAR_FILE
}
