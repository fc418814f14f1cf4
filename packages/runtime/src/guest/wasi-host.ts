import { type Fd, WASI, wasi } from '@bjorn3/browser_wasi_shim'
import { CheckpointFeed } from './checkpoint-feed.ts'
import { CLOCK_STEP_NS, VirtualClock } from './clock.ts'
import { LogFeed } from './log-feed.ts'
import { MemoryFile, MemoryFiles } from './memory-files.ts'
import type { GuestFile, GuestNews, GuestWorld } from './messages.ts'
import { OpenDirectory } from './open-directory.ts'
import { OpenFile } from './open-file.ts'
import { OutputBudget } from './output-budget.ts'
import { pollOneoff } from './poll.ts'
import { seededRandom } from './random.ts'
import { OutputStream, TailStream } from './streams.ts'
import { typedCall } from './typed-calls.ts'

/** Bytes of standard error that are kept for people. */
const LOG_BYTES = 4096
/** Open descriptors of one task; each holds a position outside the program's own memory. */
const DESCRIPTORS = 1024
/** The last clock that WASI names; all but the first count from the start of the program. */
const LAST_CLOCK = 3

/** Thrown for `proc_raise`: the program ended itself by a signal. */
export class GuestRaised extends Error {}

type HostFunction = (...args: (number & bigint)[]) => unknown

/** The host side of one program run: what it imports, and what it leaves behind. */
export interface WasiHost {
  readonly imports: Record<string, (...args: never[]) => unknown>
  /** Gives the imports the instance's memory; to be called before `_start`. */
  bind(memory: WebAssembly.Memory): void
  /** The memory that was bound. */
  memory(): WebAssembly.Memory
  stdout(): Uint8Array
  files(): GuestFile[]
  log(): string
  /** Passes on the unfinished line of what the program wrote; to be called after it ended. */
  flush(): void
}

/**
 * Builds WASI preview 1 for one program in a world of its own: files in memory, virtual time, seeded
 * randomness, fixed descriptor numbers (0 to 2 the standard streams, 3 the root `/`).
 *
 * The library decodes calls; whatever a program could observe of this machine, or make it hold, is replaced. `hear` is told of what it writes and of its checkpoints, where anybody listens; `paid` charges for bytes of output, and throws where they cannot be paid.
 */
export function createWasiHost(
  world: GuestWorld,
  hear: ((news: GuestNews) => void) | null,
  paid?: (bytes: number) => void,
): WasiHost {
  const budget = new OutputBudget(world.limits.outputBytes, world.limits.files, paid)
  const files = new MemoryFiles(world.files, budget, hear && new CheckpointFeed(hear))
  const feed = hear && new LogFeed(hear)
  const stdout = new OutputStream(budget, feed)
  const stderr = new TailStream(LOG_BYTES, feed)
  const stdin = new OpenFile(new MemoryFile(0n, budget, world.stdin), false)
  const host = new WASI([], [], [stdin, stdout, stderr, new OpenDirectory(files, files.root, '/')])
  const replaced = {
    ...host.wasiImport,
    ...stringCalls(host, world),
    ...worldCalls(host, world),
    ...pathCalls(host),
  }
  return {
    imports: Object.fromEntries(
      Object.entries(replaced).map(([name, call]) => [
        name,
        typedCall(name, call, () => host.inst.exports.memory.buffer),
      ]),
    ),
    bind: (memory) => {
      host.inst = { exports: { memory } }
    },
    memory: () => host.inst.exports.memory,
    stdout: () => stdout.bytes(),
    files: () => files.outputs(),
    log: () => stderr.text(),
    flush: () => feed?.flush(),
  }
}

function view(host: WASI): DataView {
  return new DataView(host.inst.exports.memory.buffer)
}

function target(host: WASI, at: number, length: number): Uint8Array {
  return new Uint8Array(host.inst.exports.memory.buffer, at, length)
}

function stringCalls(host: WASI, world: GuestWorld): Record<string, HostFunction> {
  const args = world.args.map(terminated)
  const env = world.env.map(terminated)
  return {
    args_sizes_get: (count, bytes) => writeSizes(host, args, count, bytes),
    args_get: (pointers, bytes) => writeStrings(host, args, pointers, bytes),
    environ_sizes_get: (count, bytes) => writeSizes(host, env, count, bytes),
    environ_get: (pointers, bytes) => writeStrings(host, env, pointers, bytes),
  }
}

function terminated(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`)
}

function writeSizes(host: WASI, strings: Uint8Array[], countAt: number, bytesAt: number): number {
  view(host).setUint32(countAt, strings.length, true)
  view(host).setUint32(
    bytesAt,
    strings.reduce((sum, text) => sum + text.byteLength, 0),
    true,
  )
  return wasi.ERRNO_SUCCESS
}

function writeStrings(host: WASI, strings: Uint8Array[], pointersAt: number, bytesAt: number): number {
  let at = bytesAt
  for (const [i, text] of strings.entries()) {
    view(host).setUint32(pointersAt + 4 * i, at, true)
    target(host, at, text.byteLength).set(text)
    at += text.byteLength
  }
  return wasi.ERRNO_SUCCESS
}

function worldCalls(host: WASI, world: GuestWorld): Record<string, HostFunction> {
  const clock = new VirtualClock(world.clockNs)
  const fill = seededRandom(world.seed)
  return {
    clock_res_get: (id, at) => writeTime(host, id, at, () => CLOCK_STEP_NS),
    clock_time_get: (id, _precision, at) =>
      writeTime(host, id, at, () => (id === wasi.CLOCKID_REALTIME ? clock.realtime() : clock.elapsed())),
    poll_oneoff: (input, output, count, firedAt) =>
      pollOneoff(view(host), clock, input, output, count, firedAt),
    random_get: (at, length) => fill(target(host, at, length)),
    proc_raise: (signal) => {
      throw new GuestRaised(`the program raised signal ${signal}`)
    },
  }
}

function writeTime(host: WASI, id: number, at: number, time: () => bigint): number {
  if (id > LAST_CLOCK) return wasi.ERRNO_INVAL
  view(host).setBigUint64(at, time(), true)
  return wasi.ERRNO_SUCCESS
}

function pathCalls(host: WASI): Record<string, HostFunction> {
  const open = host.wasiImport.path_open as HostFunction
  return {
    path_open: (...args) => openLowest(host, () => open(...args), args[8] ?? 0),
    path_link: () => wasi.ERRNO_NOTSUP,
    path_symlink: () => wasi.ERRNO_NOTSUP,
    path_rename: (fd, from, fromLength, targetFd, to, toLength) => {
      const source = host.fds[fd]
      const goal = host.fds[targetFd]
      if (!(source instanceof OpenDirectory) || !(goal instanceof OpenDirectory)) return wasi.ERRNO_BADF
      return source.rename(text(host, from, fromLength), goal, text(host, to, toLength))
    },
  }
}

function text(host: WASI, at: number, length: number): string {
  return new TextDecoder().decode(target(host, at, length))
}

/** Gives an opened file the lowest free number instead of an ever higher one. */
function openLowest(host: WASI, open: () => unknown, fdAt: number): unknown {
  const free = host.fds.findIndex((fd: Fd | undefined) => fd === undefined)
  if (free === -1 && host.fds.length >= DESCRIPTORS) return wasi.ERRNO_MFILE
  const ret = open()
  if (ret !== wasi.ERRNO_SUCCESS || free === -1) return ret
  const opened = host.fds.pop()
  if (opened) host.fds[free] = opened
  view(host).setUint32(fdAt, free, true)
  return ret
}
