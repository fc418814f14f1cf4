import type { Gpu } from '@souk/protocol'

/**
 * Who else computes on a device: `exclusive` = nobody, it is leased whole; `mig` and `partition` = others have other
 * parts of the same chip, with memory and units of their own; `time-sliced` = a hypervisor gives us a share of its
 * time; `scheduled` = it is another machine's, and a scheduler gives it to one lease at a time.
 */
export type GpuSharing = 'exclusive' | 'mig' | 'partition' | 'time-sliced' | 'scheduled'

/** A GPU as this machine has it: what is offered of it, and how to reach and to watch it. */
export interface GpuDevice extends Gpu {
  /** Version of its driver; `null` where the tools do not say. */
  readonly driver: string | null
  /** Name and version of its compute interface, such as `CUDA 12.4`. */
  readonly api: string | null
  readonly sharing: GpuSharing
  /** How it is connected, such as `PCIe 4.0 x16` or `NVLink x18`. */
  readonly link: string | null
  /** Device files that are this one's alone, such as `/dev/dri/renderD128`. */
  readonly files: readonly string[]
  /** Its place in its vendor's numbering. */
  readonly index: number | null
  /** PCI address as Linux writes it, such as `0000:01:00.0`; of a part, that of the whole. */
  readonly bus: string | null
}

/** Tells whether this machine's own tools and files say how a device is. */
export function isLocal({ family, sharing }: Pick<GpuDevice, 'family' | 'sharing'>): boolean {
  return family !== 'software' && sharing !== 'scheduled'
}

/** Returns what an offer and a lease say of a device. */
export function gpuOf({ id, family, model, vramBytes }: Gpu): Gpu {
  return { id, family, model, vramBytes }
}

/** Makes a device of which nothing is known but what `known` says. */
export function device(known: Gpu & Partial<GpuDevice>): GpuDevice {
  const unknown = { driver: null, api: null, link: null, index: null, bus: null } as const
  return { ...unknown, sharing: 'exclusive', files: [], ...known }
}
