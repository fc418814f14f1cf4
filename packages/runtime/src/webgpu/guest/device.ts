import { describeAdapter, openAdapter } from './dawn.ts'
import type { Adapter } from './messages.ts'

/** One adapter, and a device of it for each set of features that kernels ask for. */
export class Devices {
  readonly adapter: Adapter
  /** Resolves with why, once a device is gone. */
  readonly lost: Promise<string>
  readonly #tellLost: (message: string) => void
  readonly #devices = new Map<string, Promise<GPUDevice>>()

  private constructor(adapter: Adapter) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.adapter = adapter
    this.lost = promise
    this.#tellLost = resolve
  }

  /** Opens the adapter with this in its name, and a plain device; `null` where there is none. */
  static async open(name: string): Promise<Devices | null> {
    const adapter = await openAdapter(name)
    if (adapter === null) return null
    const devices = new Devices(describeAdapter(name, adapter))
    await devices.with([])
    return devices
  }

  /**
   * Returns the device with these features and no others, and the standard limits but for the size of buffers: so
   * that whether a kernel is valid does not depend on the machine.
   */
  with(features: readonly GPUFeatureName[]): Promise<GPUDevice> {
    const key = [...features].sort().join()
    const known = this.#devices.get(key)
    if (known !== undefined) return known
    const opening = this.#openDevice(features)
    this.#devices.set(key, opening)
    return opening
  }

  async #openDevice(features: readonly GPUFeatureName[]): Promise<GPUDevice> {
    // An adapter gives one device.
    const adapter = await openAdapter(this.adapter.name)
    if (adapter === null) throw new Error(`expected the adapter ${this.adapter.name} to be there, it is gone`)
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
    const device = await adapter.requestDevice({
      requiredFeatures: features,
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    })
    void device.lost.then(({ message }) => this.#tellLost(message))
    return device
  }
}
