import type { FuelMeter } from './fuel-meter.ts'

/** Fuel of any call of an import: what it takes the host to be called at all. */
const CALL_FUEL = 1_000
/** Fuel of listing a folder: its names are sorted. */
const LIST_FUEL = 1_000_000
/** Fuel of a byte that the host makes or decodes one by one. */
const BYTE_FUEL = 4
/** Fuel of each subscription of `poll_oneoff` and of each buffer of a read or write. */
const ENTRY_FUEL = 200
/** Bytes that the host moves for one unit of fuel. */
export const BYTES_PER_FUEL = 16
/** Bytes of one entry of a list of buffers: address and length. */
export const BUFFER_ENTRY_BYTES = 8

type Arguments = readonly (number | bigint)[]
type Imports = Readonly<Record<string, (...args: never[]) => unknown>>

/** Returns the imports of one run, each of which first charges the meter for what it is about to do. */
export function chargeCalls(imports: Imports, meter: FuelMeter, memory: () => ArrayBuffer): Imports {
  const charged = ([name, call]: [string, (...args: never[]) => unknown]) => {
    const cost = COSTS[name]
    const charging = (...args: never[]) => {
      meter.spend(CALL_FUEL)
      if (cost !== undefined) meter.spend(cost(args, memory))
      return call(...args)
    }
    return [name, charging] as const
  }
  return Object.fromEntries(Object.entries(imports).map(charged))
}

type Cost = (args: Arguments, memory: () => ArrayBuffer) => number

/** Costs of calls whose work depends on their arguments; the bytes of output are charged where they are counted. */
const COSTS: Readonly<Record<string, Cost>> = {
  ...Object.fromEntries(
    ['args_get', 'args_sizes_get', 'environ_get', 'environ_sizes_get'].map((name) => [name, strings]),
  ),
  ...Object.fromEntries(['fd_read', 'fd_pread', 'fd_write', 'fd_pwrite'].map((name) => [name, buffers])),
  random_get: (args) => BYTE_FUEL * word(args, 1),
  poll_oneoff: (args) => ENTRY_FUEL * word(args, 2),
  fd_readdir: (args) => LIST_FUEL + BYTE_FUEL * word(args, 2),
  fd_prestat_dir_name: (args) => word(args, 2) / BYTES_PER_FUEL,
  path_create_directory: (args) => BYTE_FUEL * word(args, 2),
  path_filestat_get: (args) => BYTE_FUEL * word(args, 3),
  path_filestat_set_times: (args) => BYTE_FUEL * word(args, 3),
  path_open: (args) => BYTE_FUEL * word(args, 3),
  path_readlink: (args) => BYTE_FUEL * word(args, 2),
  path_remove_directory: (args) => BYTE_FUEL * word(args, 2),
  path_rename: (args) => BYTE_FUEL * (word(args, 2) + word(args, 5)),
  path_unlink_file: (args) => BYTE_FUEL * word(args, 2),
}

/** Strings of a task are few, and bounded by the wire. */
function strings(): number {
  return LIST_FUEL / 10
}

/** Charges for a list of buffers and for the bytes that they hold. */
function buffers(args: Arguments, memory: () => ArrayBuffer): number {
  const [at, count] = [word(args, 1), word(args, 2)]
  const view = new DataView(memory(), at, BUFFER_ENTRY_BYTES * count)
  let bytes = 0
  for (let i = 0; i < count; i += 1) bytes += view.getUint32(BUFFER_ENTRY_BYTES * i + 4, true)
  return ENTRY_FUEL * count + bytes / BYTES_PER_FUEL
}

function word(args: Arguments, index: number): number {
  return Number(args[index] ?? 0) >>> 0
}
