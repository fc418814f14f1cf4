import { readFile } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { ask } from './gpu/ask-tool.ts'

/** Where a control group's own figures stand, as a process inside of it sees them. */
const OWN_GROUP = '/sys/fs/cgroup'
/** What macOS calls the pressure on its memory. */
const MAC_PRESSURE = 'kern.memorystatus_vm_pressure_level'

/** How the memory of this machine, or of the container we run in, was found; `null` is what the system does not tell. */
export interface MemoryReading {
  readonly totalBytes: number
  /** Bytes that could be had without swapping; caches that can go count as free. */
  readonly availableBytes: number | null
  /** Shares of the last ten seconds in which some, or all, waited for memory, from 0 to 1. */
  readonly someStalled: number | null
  readonly allStalled: number | null
  /** Pages that went to or came from the disk since the system began; the difference of two looks counts. */
  readonly swappedPages: number | null
  /** The system's own word for it, where it has one: macOS. */
  readonly pressure: 'normal' | 'warn' | 'critical' | null
}

/** Looks at the memory of this machine, or of its container where that is bounded. Never rejects. */
export async function readHostMemory(): Promise<MemoryReading> {
  const limit = process.constrainedMemory()
  if (limit > 0 && limit < totalmem()) return readGroup(limit)
  return process.platform === 'linux' ? readLinux() : readOther()
}

async function readLinux(): Promise<MemoryReading> {
  const [info, pressure, counters] = await Promise.all([
    textOf('/proc/meminfo'),
    textOf('/proc/pressure/memory'),
    textOf('/proc/vmstat'),
  ])
  const availableKib = fieldOf(info, 'MemAvailable:')
  return {
    totalBytes: totalmem(),
    availableBytes: availableKib === null ? null : availableKib * 1_024,
    ...parsePressure(pressure),
    swappedPages: sumOf(fieldOf(counters, 'pswpin'), fieldOf(counters, 'pswpout')),
    pressure: null,
  }
}

/** Of a container: what its files in memory hold can go, and is not used. */
async function readGroup(limitBytes: number): Promise<MemoryReading> {
  const [used, stat, pressure] = await Promise.all([
    textOf(`${OWN_GROUP}/memory.current`),
    textOf(`${OWN_GROUP}/memory.stat`),
    textOf(`${OWN_GROUP}/memory.pressure`),
  ])
  const cached = fieldOf(stat, 'inactive_file')
  const isKnown = used.trim() !== '' && cached !== null
  return {
    totalBytes: limitBytes,
    availableBytes: isKnown ? Math.max(0, limitBytes - Number(used) + cached) : null,
    ...parsePressure(pressure),
    swappedPages: null,
    pressure: null,
  }
}

async function readOther(): Promise<MemoryReading> {
  const isMac = process.platform === 'darwin'
  const level = isMac ? (await ask('/usr/sbin/sysctl', ['-n', MAC_PRESSURE])).trim() : ''
  return {
    totalBytes: totalmem(),
    // What macOS calls free leaves out its caches: its own word is better.
    availableBytes: isMac ? null : freemem(),
    ...{ someStalled: null, allStalled: null, swappedPages: null },
    pressure: level === '1' ? 'normal' : level === '2' ? 'warn' : level === '4' ? 'critical' : null,
  }
}

/** Reads the kernel's pressure stall information; shares from 0 to 1, `null` where it has none. */
export function parsePressure(text: string): Pick<MemoryReading, 'someStalled' | 'allStalled'> {
  const shareOf = (word: string) => {
    const found = new RegExp(`^${word} avg10=(\\d+(?:\\.\\d+)?)`, 'm').exec(text)?.[1]
    return found === undefined ? null : Number(found) / 100
  }
  return { someStalled: shareOf('some'), allStalled: shareOf('full') }
}

/** Returns the number behind a word at the beginning of a line, or `null`. */
export function fieldOf(text: string, word: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${word} `) || one.startsWith(`${word}\t`))
  const found = line === undefined ? Number.NaN : Number.parseInt(line.slice(word.length), 10)
  return Number.isNaN(found) ? null : found
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
