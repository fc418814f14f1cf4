import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { GpuHealth } from '@souk/protocol'
import { type Answer, askNvidia } from './ask-tool.ts'
import { known } from './gpu-list.ts'
import type { GpuDevice } from './inventory.ts'
import { listDriverFiles } from './list-files.ts'
import { type GpuReading, gone, silent, well } from './reading.ts'

/** What `nvidia-smi --query-gpu` is asked for at every look, in this order. */
export const HEALTH_FIELDS = [
  'uuid',
  'utilization.gpu',
  'memory.used',
  'temperature.gpu',
  'power.draw',
  'ecc.errors.uncorrected.volatile.total',
] as const

const MIB = 1024 * 1024
/** The driver's own words for a device that work cannot go on with. */
const LOST = /gpu is lost|requires reset|fallen off the bus|no devices were found|reboot the system/i
/** It talks of no device, because there is no driver to ask. */
const NO_DRIVER =
  /couldn't communicate with the nvidia driver|driver\/library version mismatch|driver not loaded/i
const NO_DRIVER_STATUS = 9
/** Its exit statuses for no such device, no driver, and a device that cannot be reached any more. */
const LOST_STATUS: readonly Answer['ended'][] = [6, NO_DRIVER_STATUS, 15]

/** What a row says of its device. */
type Row = Partial<GpuHealth> | 'lost' | 'nonsense'

/** Reads a table of {@link HEALTH_FIELDS}, by UUID; lines that are no rows are passed over. */
export function parseNvidiaHealth(table: string): Map<string, Row> {
  const rows = table.split('\n').flatMap((line): [string, Row][] => {
    const [uuid = '', ...fields] = line.split(',').map((field) => field.trim())
    if (!/^GPU-[\w-]+$/.test(uuid)) return []
    return [[uuid, readRow(fields)]]
  })
  return new Map(rows)
}

function readRow(fields: readonly string[]): Row {
  if (fields.some((field) => LOST.test(field))) return 'lost'
  const numbers = fields.map(number)
  if (fields.length !== HEALTH_FIELDS.length - 1 || numbers.includes('nonsense')) return 'nonsense'
  const [busy, used, celsius, watts, memoryErrors] = numbers.map((one) => (one === 'nonsense' ? null : one))
  return {
    busy: within(busy, 10, 1_000),
    usedBytes: within(used, MIB, Number.MAX_SAFE_INTEGER),
    celsius: within(celsius, 1, 1_000),
    watts: within(watts, 1, 10_000),
    memoryErrors: within(memoryErrors, 1, Number.MAX_SAFE_INTEGER),
  }
}

/** Returns a field's number, or null for one of the ways in which the tool says that there is none. */
function number(field: string): number | null | 'nonsense' {
  if (/error|err!/i.test(field)) return 'nonsense'
  const text = known(field)
  if (text === undefined) return null
  return /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : 'nonsense'
}

function within(value: number | null | undefined, unit: number, most: number): number | null {
  const whole = value === null || value === undefined ? -1 : Math.round(value * unit)
  return whole >= 0 && whole <= most ? whole : null
}

/**
 * Looks at NVIDIA's GPUs by one call of their tool. One that cannot be reached can keep it from answering for the others:
 * those that it said nothing of are then asked for one by one.
 */
export async function readNvidiaHealth(devices: readonly GpuDevice[], root: string): Promise<GpuReading[]> {
  const answer = await query([])
  if (answer.ended === 'missing') return readWithoutTool(devices, root)
  const rows = parseNvidiaHealth(answer.text)
  const hasParts = devices.some(({ sharing }) => sharing === 'mig')
  const wholes = wholesOf(hasParts ? (await askNvidia(['-L'])).text : '')
  return Promise.all(
    devices.map(async (device) => {
      const whole = device.sharing === 'mig' ? wholes.get(device.id) : device.id
      const row = rows.get(whole ?? '')
      if (row !== undefined) return readingOf(device, row)
      if (answer.ended === 'late') return silent(device, 'its tool does not answer')
      if (hasNoDriver(answer)) return gone(device, words(answer))
      return whole === undefined ? gone(device, 'it is no part of a GPU any more') : readAlone(device, whole)
    }),
  )
}

/** Returns the UUID of the whole GPU for each part in a listing. */
function wholesOf(listing: string): Map<string, string> {
  let whole = ''
  return new Map(
    listing.split('\n').flatMap((line): [string, string][] => {
      const [, uuid = ''] = /\(UUID: ([^)]+)\)/.exec(line) ?? []
      if (line.startsWith('GPU ')) whole = uuid
      return line.startsWith('GPU ') || uuid === '' ? [] : [[uuid, whole]]
    }),
  )
}

function query(which: readonly string[]): Promise<Answer> {
  return askNvidia([...which, `--query-gpu=${HEALTH_FIELDS.join(',')}`, '--format=csv,noheader,nounits'])
}

/** Tells whether the tool said that there is no driver, and so no device. */
function hasNoDriver({ text, complaint, ended }: Answer): boolean {
  return ended === NO_DRIVER_STATUS || NO_DRIVER.test(text + complaint)
}

async function readAlone(device: GpuDevice, whole: string): Promise<GpuReading> {
  const answer = await query(['-i', whole])
  const row = parseNvidiaHealth(answer.text).get(whole)
  if (row !== undefined) return readingOf(device, row)
  const said = answer.text + answer.complaint
  if (LOST.test(said) || LOST_STATUS.includes(answer.ended)) return gone(device, words(answer))
  return silent(device, words(answer))
}

function readingOf(device: GpuDevice, row: Row): GpuReading {
  if (row === 'lost') return gone(device, 'its driver says that it is lost')
  if (row === 'nonsense') return silent(device, 'its driver answers nonsense')
  // Load and memory are those of all parts together.
  const own = device.sharing === 'mig' ? { ...row, busy: null, usedBytes: null } : row
  return well(device.id, own)
}

/** Where the tool is not installed, the driver's files at least say which devices are there. */
async function readWithoutTool(devices: readonly GpuDevice[], root: string): Promise<GpuReading[]> {
  const isLoaded = await stat(join(root, 'proc/driver/nvidia')).then(
    () => true,
    () => false,
  )
  const there = new Set((await listDriverFiles(root)).map(({ id }) => id))
  return devices.map((device) => {
    if (there.has(device.id)) return well(device.id)
    const why = isLoaded ? 'its driver does not list it' : 'its driver is not loaded'
    return gone(device, why)
  })
}

/** Returns the beginning of what a tool said, for people. */
function words({ text, complaint, ended }: Answer): string {
  const said = `${text} ${complaint}`.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return said === '' ? `nvidia-smi ended with ${ended}` : said.slice(0, 200)
}
