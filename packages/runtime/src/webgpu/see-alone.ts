import { totalmem } from 'node:os'
import { RuntimeError } from '../errors.ts'
import type { GpuDevice } from '../gpu/inventory.ts'
import { listGpus } from '../gpu/list-gpus.ts'
import { namespaceWrapper } from '../runner-namespaces.ts'
import { chooseAdapter } from './choose-adapter.ts'
import type { Adapter } from './guest/messages.ts'
import { hidingWrapper } from './hide-devices.ts'
import { isPart } from './refuse-parts.ts'

/** A device with what names and reaches it. */
type Reached = Pick<GpuDevice, 'id' | 'family' | 'model' | 'vramBytes' | 'sharing' | 'files'>

/**
 * Returns the command before a process that opens a device's adapter by name and must get this one: `null` where no
 * other answers to that name. Throws {@link RuntimeError} `NOT_OFFERED` where others do and cannot be hidden.
 */
export async function seeAlone(
  device: GpuDevice,
  adapters: readonly Adapter[],
): Promise<readonly string[] | null> {
  return aloneBy(await namespaceWrapper(), device, adapters, await listGpus(totalmem()))
}

/** As {@link seeAlone}, with the command of `namespaceWrapper` and the devices of this machine given. */
export function aloneBy(
  wrapper: readonly string[] | null,
  device: Reached,
  adapters: readonly Adapter[],
  devices: readonly Reached[],
): readonly string[] | null {
  const { name, isSoftware } = chooseAdapter(device, adapters)
  const others = devices.filter(({ id }) => id !== device.id)
  // Dawn takes the first adapter that has the name in its own.
  const rivals = others.filter((other) => nameOf(other, adapters).includes(name))
  if (isSoftware || (rivals.length === 0 && !isPart(device))) return null
  const apart = ({ files }: Reached) => files.filter((file) => !device.files.includes(file))
  const canHide = device.files.length > 0 && rivals.every((rival) => apart(rival).length > 0)
  if (wrapper !== null && canHide && !isPart(device)) return hidingWrapper(wrapper, others.flatMap(apart))
  throw new RuntimeError(
    `expected to reach the GPU ${device.id} alone, got ${rivals.length + 1} of the name ${name}; let users make namespaces, so that the others can be hidden, and sell whole GPUs`,
    { code: 'NOT_OFFERED', id: device.id, name },
  )
}

/** Returns the name of a device's adapter; of one that cannot be told, its model. */
function nameOf(device: Reached, adapters: readonly Adapter[]): string {
  try {
    return chooseAdapter(device, adapters).name
  } catch {
    return device.model
  }
}
