import { askTool } from './ask-tool.ts'
import type { GpuDevice } from './inventory.ts'
import { type GpuReading, gone, silent, well } from './reading.ts'

/**
 * Looks at a Mac's GPU by the registry of its drivers. It says neither temperature nor power to a user, and of several
 * accelerators not which is which: those are only known to be there.
 */
export async function readAppleHealth(devices: readonly GpuDevice[]): Promise<GpuReading[]> {
  const { text, ended } = await askTool('ioreg', ['-r', '-d', '1', '-c', 'IOAccelerator'])
  if (ended !== 0) return devices.map((one) => silent(one, `ioreg ended with ${ended}`))
  return parseAccelerators(text, devices)
}

/** Reads `ioreg -r -d 1 -c IOAccelerator`. */
export function parseAccelerators(text: string, devices: readonly GpuDevice[]): GpuReading[] {
  const entries = text.match(/^\+-o /gm)?.length ?? 0
  if (entries === 0) return devices.map((one) => gone(one, 'no accelerator is registered'))
  if (entries > 1 || devices.length > 1) return devices.map(({ id }) => well(id))
  const busy = count(text, 'Device Utilization %')
  const usedBytes = count(text, 'In use system memory')
  return devices.map(({ id }) =>
    well(id, { busy: busy !== null && busy <= 100 ? busy * 10 : null, usedBytes }),
  )
}

function count(text: string, name: string): number | null {
  const [, value] = new RegExp(`"${name}"=(\\d{1,15})`).exec(text) ?? []
  return value === undefined ? null : Number(value)
}
