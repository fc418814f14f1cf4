import type { Docker } from './docker.ts'
import { Keeper } from './keeper.ts'
import type { WorkSpace } from './work-device.ts'

/** What every keeper of an executor is made of. */
export interface KeeperParts {
  readonly docker: Docker
  readonly image: string
  readonly owner: string
  makeSpace(): Promise<WorkSpace>
}

/** The right to one execution at a time, and the keeper that stands ready for it. */
export class ContainerSlot {
  readonly #parts: KeeperParts
  #ready: Promise<Keeper> | undefined

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Begins to start a keeper, unless one stands ready; whether it did shows when it is taken. */
  prepare(): Promise<unknown> {
    this.#ready ??= startKeeper(this.#parts)
    return this.#ready.catch(() => undefined)
  }

  /** Returns a keeper of the caller's own. Throws {@link RuntimeError} `NOT_STARTED`, and what making room throws. */
  async take(): Promise<Keeper> {
    const ready = this.#ready ?? startKeeper(this.#parts)
    this.#ready = undefined
    return ready
  }

  async stop(): Promise<void> {
    const ready = this.#ready
    this.#ready = undefined
    const keeper = await ready?.catch(() => undefined)
    await keeper?.stop()
  }
}

async function startKeeper({ docker, image, owner, makeSpace }: KeeperParts): Promise<Keeper> {
  const space = await makeSpace()
  try {
    return await Keeper.start(docker, image, owner, space.device)
  } finally {
    await space.letGo()
  }
}
