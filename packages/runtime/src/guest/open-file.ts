import { Fd, wasi } from '@bjorn3/browser_wasi_shim'
import type { MemoryFile } from './memory-files.ts'
import { fdstat, filestat } from './stat.ts'

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
