import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { busOf } from './gpu-list.ts'
import type { GpuDevice } from './inventory.ts'
import { parseAmdFiles } from './parse-amd.ts'
import { parseNvidiaInformation, parseNvidiaVersion } from './parse-nvidia.ts'

/** Folder of PCI devices of the kernel's tree, each named by its address. */
export const PCI = 'sys/bus/pci/devices'
const NVIDIA = 'proc/driver/nvidia'
/** libdrm's table of AMD's marketing names. */
const AMD_NAMES = 'usr/share/libdrm/amdgpu.ids'
const AMD_VENDOR = '0x1002'
/** Characters of one of these files. */
const FILE_CHARS = 65_536

/** Lists NVIDIA's GPUs as their driver's own files name them, with their device files. */
export async function listDriverFiles(root: string): Promise<GpuDevice[]> {
  const driver = parseNvidiaVersion(await readText(join(root, NVIDIA, 'version')))
  const names = await readFolder(join(root, NVIDIA, 'gpus'))
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await readText(join(root, NVIDIA, 'gpus', name, 'information'))
      return parseNvidiaInformation(text, driver)
    }),
  )
  return found.filter((one) => one !== null)
}

/** Returns the render nodes of a PCI device, such as `/dev/dri/renderD128`: each computes on that device alone. */
export async function renderNodes(root: string, bus: string | null): Promise<string[]> {
  if (bus === null) return []
  const names = await readFolder(join(root, PCI, bus, 'drm'))
  return names.filter((name) => /^renderD\d+$/.test(name)).map((name) => `/dev/dri/${name}`)
}

/** Lists AMD's GPUs as the kernel's driver names them, for machines without AMD's tools. */
export async function sysfsAmd(root: string): Promise<GpuDevice[]> {
  const buses = (await readFolder(join(root, PCI))).filter((name) => busOf(name) !== null)
  const names = await readText(join(root, AMD_NAMES), 4 * FILE_CHARS)
  const driver = (await readText(join(root, 'sys/module/amdgpu/version'))).trim() || null
  const found = await Promise.all(buses.map((bus) => readAmd(root, bus, names, driver)))
  return found.filter((one) => one !== null)
}

async function readAmd(
  root: string,
  bus: string,
  names: string,
  driver: string | null,
): Promise<GpuDevice | null> {
  const read = (name: string) => readText(join(root, PCI, bus, name))
  if ((await read('vendor')).trim() !== AMD_VENDOR) return null
  const vramTotal = await read('mem_info_vram_total')
  // Only amdgpu writes it: bridges, sound and USB of the same vendor do not.
  if (vramTotal === '') return null
  const [deviceId, revision, productName, uniqueId] = await Promise.all(
    ['device', 'revision', 'product_name', 'unique_id'].map(read),
  )
  const found = parseAmdFiles(
    {
      ...{ bus, vramTotal, deviceId: deviceId ?? '', revision: revision ?? '' },
      ...{ productName: productName ?? '', uniqueId: uniqueId ?? '' },
    },
    names,
    driver,
  )
  return found === null ? null : { ...found, files: await renderNodes(root, bus) }
}

async function readFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort()
  } catch {
    return []
  }
}

async function readText(path: string, chars = FILE_CHARS): Promise<string> {
  try {
    return (await readFile(path, 'latin1')).slice(0, chars)
  } catch {
    return ''
  }
}
