import { BUFFER_ENTRY_BYTES } from '../det/charge-calls.ts'

/** A program that can be compiled but not run as a command. */
export class BadProgram extends Error {}

type HostFunction = (...args: (number & bigint)[]) => unknown

/**
 * Parameters of WASI's functions: `i` of 32 bits, `j` of 64; `b` is the address of bytes whose number follows, `v` that
 * of a list of buffers (address and length) whose number follows.
 */
const PARAMETERS: Readonly<Record<string, string>> = {
  ...{ args_get: 'ii', args_sizes_get: 'ii', environ_get: 'ii', environ_sizes_get: 'ii' },
  ...{ clock_res_get: 'ii', clock_time_get: 'iji', poll_oneoff: 'iiii', random_get: 'bi' },
  ...{ proc_exit: 'i', proc_raise: 'i', sched_yield: '' },
  ...{ fd_advise: 'ijji', fd_allocate: 'ijj', fd_close: 'i', fd_datasync: 'i', fd_sync: 'i' },
  ...{ fd_fdstat_get: 'ii', fd_fdstat_set_flags: 'ii', fd_fdstat_set_rights: 'ijj' },
  ...{ fd_filestat_get: 'ii', fd_filestat_set_size: 'ij', fd_filestat_set_times: 'ijji' },
  ...{ fd_read: 'ivii', fd_pread: 'iviji', fd_write: 'ivii', fd_pwrite: 'iviji', fd_readdir: 'ibiji' },
  ...{ fd_prestat_dir_name: 'ibi', fd_prestat_get: 'ii', fd_renumber: 'ii', fd_seek: 'ijii', fd_tell: 'ii' },
  ...{ path_create_directory: 'ibi', path_remove_directory: 'ibi', path_unlink_file: 'ibi' },
  ...{ path_filestat_get: 'iibii', path_filestat_set_times: 'iibijji', path_open: 'iibiijjii' },
  ...{ path_link: 'iiiiiii', path_symlink: 'iiiii', path_readlink: 'ibibii', path_rename: 'ibiibi' },
}

/**
 * Returns an import that takes its arguments as WASI declares them: 32 bits as an unsigned number, as pointers above
 * 2 GiB need, and nothing that reaches outside of the memory, where the library behind would silently take less. It
 * answers nothing with 0. Throws {@link BadProgram} for a program that declares other types: V8 would pass them on.
 */
export function typedCall(name: string, call: HostFunction, memory: () => ArrayBuffer): HostFunction {
  const parameters = PARAMETERS[name] ?? ''
  return (...args) => {
    if (args.length !== parameters.length) throw otherTypes(name, args.length)
    const taken = args.map((arg, i) => typed(name, arg, parameters[i] === 'j'))
    for (let i = 0; i < parameters.length; i += 1) {
      if (parameters[i] === 'b') requireInside(memory(), Number(taken[i]), Number(taken[i + 1]))
      if (parameters[i] === 'v') requireBuffers(memory(), Number(taken[i]), Number(taken[i + 1]))
    }
    return call(...taken) ?? 0
  }
}

function typed(name: string, arg: number & bigint, isLong: boolean): number & bigint {
  if (typeof arg !== (isLong ? 'bigint' : 'number')) throw otherTypes(name, typeof arg)
  return isLong ? arg : ((arg >>> 0) as typeof arg)
}

function requireBuffers(memory: ArrayBuffer, at: number, count: number): void {
  const list = new DataView(memory, at, BUFFER_ENTRY_BYTES * count)
  for (let entry = 0; entry < list.byteLength; entry += BUFFER_ENTRY_BYTES) {
    requireInside(memory, list.getUint32(entry, true), list.getUint32(entry + 4, true))
  }
}

function requireInside({ byteLength }: ArrayBuffer, at: number, length: number): void {
  if (length === 0 || at + length <= byteLength) return
  throw new RangeError(`expected ${length} bytes at ${at} inside of the memory of ${byteLength} bytes`)
}

function otherTypes(name: string, got: unknown): BadProgram {
  return new BadProgram(
    `expected ${name} to be imported with the parameters of WASI preview 1, got ${got}; link against its headers`,
  )
}
