/** What a device says of some work on it: what it throws is not all of it. */
export interface Watched<T> {
  readonly result: PromiseSettledResult<T>
  /** What there was not enough memory for; `null` where there was. */
  readonly exhausted: GPUError | null
  /** What the device did not take; `null` where it took all. */
  readonly invalid: GPUError | null
}

/**
 * Does work on a device and returns how it ended. A device throws nothing where it has no memory for a buffer or where
 * a command does not fit: it goes on without, and what is read back is zeros. One at a time for each device.
 */
export async function watched<T>(device: GPUDevice, work: () => Promise<T>): Promise<Watched<T>> {
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const [result] = await Promise.allSettled([work()])
  const [exhausted, invalid] = [await device.popErrorScope(), await device.popErrorScope()]
  return { result, exhausted, invalid }
}

/** Returns what work on a device came to. Throws an `Error` with what the device says against it. */
export async function sound<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  const { result, exhausted, invalid } = await watched(device, work)
  if (exhausted) throw new Error(`expected the device to have enough memory, got: ${exhausted.message}`)
  if (invalid) throw new Error(`expected work that the device takes, got: ${invalid.message}`)
  if (result.status === 'rejected') throw result.reason
  return result.value
}
