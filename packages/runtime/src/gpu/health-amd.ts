import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GpuDevice } from './inventory.ts'
import { PCI } from './list-files.ts'
import { listGpus } from './list-gpus.ts'
import { type GpuReading, gone, silent, well } from './reading.ts'

/**
 * Looks at AMD's GPUs by the files of their kernel driver, which cost no process. Those whose address is unknown are
 * looked for by the vendor's tool, which says no more than that they are there.
 */
export async function readAmdHealth(devices: readonly GpuDevice[], root: string): Promise<GpuReading[]> {
  const listed = devices.every(({ bus }) => bus !== null) ? [] : await listGpus(0, root)
  const ids = new Set(listed.map(({ id }) => id))
  return Promise.all(
    devices.map(async ({ id, bus }) => {
      if (bus !== null) return readFiles(id, join(root, PCI, bus))
      return ids.has(id) ? well(id) : gone({ id }, 'no tool of its vendor lists it')
    }),
  )
}

async function readFiles(id: string, folder: string): Promise<GpuReading> {
  const names: string[] = await readdir(folder).catch(() => [])
  if (names.length === 0) return gone({ id }, 'the kernel has no such device')
  if (!names.includes('mem_info_vram_used')) return gone({ id }, 'its driver is not bound to it')
  const usedBytes = await readCount(join(folder, 'mem_info_vram_used'))
  if (usedBytes === null) return silent({ id }, 'its driver does not say how much memory is used')
  const [busy, sensors, memoryErrors] = await Promise.all([
    readCount(join(folder, 'gpu_busy_percent')),
    readSensors(join(folder, 'hwmon')),
    readErrors(join(folder, 'ras', 'umc_err_count')),
  ])
  return well(id, { usedBytes, busy: scaled(busy, 10, 1_000), memoryErrors, ...sensors })
}

async function readSensors(folder: string): Promise<{ celsius: number | null; watts: number | null }> {
  const [name] = await readdir(folder).catch(() => [])
  if (name === undefined) return { celsius: null, watts: null }
  const first = async (...files: string[]) => {
    const read = await Promise.all(files.map((file) => readCount(join(folder, name, file))))
    return read.find((value) => value !== null) ?? null
  }
  // Edge and junction, in thousandths of a degree; microwatts.
  const [celsius, watts] = await Promise.all([
    first('temp1_input', 'temp2_input'),
    first('power1_average', 'power1_input'),
  ])
  return { celsius: scaled(celsius, 1e-3, 1_000), watts: scaled(watts, 1e-6, 10_000) }
}

/** Reads the uncorrected errors out of `ue: 0` and `ce: 0`. */
async function readErrors(file: string): Promise<number | null> {
  const [, errors] = /^ue:\s*(\d{1,12})$/m.exec(await readFile(file, 'latin1').catch(() => '')) ?? []
  return errors === undefined ? null : Number(errors)
}

async function readCount(file: string): Promise<number | null> {
  const text = await readFile(file, 'latin1').catch(() => '')
  return /^\d{1,15}\s*$/.test(text) ? Number(text) : null
}

function scaled(value: number | null, factor: number, most: number): number | null {
  const whole = value === null ? -1 : Math.round(value * factor)
  return whole >= 0 && whole <= most ? whole : null
}
