import { posix } from 'node:path'
import type { ContainerImage } from '@souk/protocol'
import { type Docker, daemon, daemonStatus, progressOf } from './docker.ts'
import { checkedArchive } from './docker-archive.ts'
import { ImageError } from './image-error.ts'
import { type ImagePolicy, refuseBringing, refuseName, refuseSize } from './image-policy.ts'
import { fetchImage, type Hear, type Pull } from './pull.ts'
import { IMAGE_VOLUMES } from './settings.ts'

/** Images that one executor keeps for further tasks. */
const IMAGES_KEPT = 16

/** An image that is in the daemon. */
export interface Image {
  readonly name: string
  /** Folders for which it declares volumes. */
  readonly volumes: readonly string[]
  readonly bytes: number
}

/** What an executor brought into the daemon; it takes that away again. */
export class ImageStore {
  readonly #docker: Docker
  readonly #policy: ImagePolicy
  readonly #coming = new Map<string, Promise<Image>>()
  /** Oldest use first. */
  readonly #brought = new Map<string, Image>()

  constructor(docker: Docker, policy: ImagePolicy) {
    this.#docker = docker
    this.#policy = policy
  }

  /**
   * Returns the image, brought here if it is not; whoever asks for what is on its way waits for that.
   * Throws {@link ImageError}, and what `content` throws.
   */
  async have(
    image: ContainerImage,
    content: (cid: string) => Promise<Uint8Array>,
    hear: Hear,
  ): Promise<Image> {
    const { reference } = image
    raise(refuseName(image, this.#policy))
    const coming = this.#coming.get(reference) ?? this.#find(image, content, hear)
    this.#coming.set(reference, coming)
    try {
      const found = await coming
      if (this.#brought.delete(reference)) this.#brought.set(reference, found)
      return found
    } finally {
      this.#coming.delete(reference)
    }
  }

  /** Takes away what was brought, but for what others use. */
  async stop(): Promise<void> {
    await Promise.all([...this.#brought.keys()].map((name) => this.#drop(name)))
  }

  async #find(image: ContainerImage, content: (cid: string) => Promise<Uint8Array>, hear: Hear) {
    const present = await inspect(this.#docker, image.reference)
    if (present !== null) return present
    await this.#bring(image, content, hear)
    const found = await inspect(this.#docker, image.reference)
    if (found === null) throw missing(image.reference, 'another image than was asked for')
    this.#brought.set(image.reference, found)
    const tooLarge = refuseSize(image.reference, found.bytes, this.#policy)
    if (tooLarge !== null) await this.#drop(image.reference)
    raise(tooLarge)
    await this.#makeRoom()
    return found
  }

  async #bring(image: ContainerImage, content: (cid: string) => Promise<Uint8Array>, hear: Hear) {
    const { reference, archive } = image
    const { imageBytes } = this.#policy
    if (archive !== null && reference.includes('@')) throw named(reference)
    if (archive === null && !reference.includes('@'))
      throw missing(reference, 'no archive of it, and no name')
    raise(refuseBringing(image, this.#policy))
    if (archive === null) {
      await fetchImage({ docker: this.#docker, reference, imageBytes, hear } satisfies Pull)
      return
    }
    raise(refuseSize(reference, archive.bytes, this.#policy))
    hear(0, archive.bytes)
    await this.#load(await content(archive.cid), reference)
    hear(archive.bytes, archive.bytes)
  }

  /** Loads an archive that holds the wanted image and nothing else. */
  async #load(archive: Uint8Array, reference: string): Promise<void> {
    const answer = await this.#docker.loadImage(await checkedArchive(archive, reference))
    await progressOf(this.#docker, answer)
  }

  /** Drops what was not used for longest while there is too much. */
  async #makeRoom(): Promise<void> {
    const tooMuch = () => {
      const bytes = [...this.#brought.values()].reduce((sum, image) => sum + image.bytes, 0)
      return this.#brought.size > 1 && (this.#brought.size > IMAGES_KEPT || bytes > this.#policy.imageBytes)
    }
    for (const name of [...this.#brought.keys()]) {
      if (!tooMuch()) return
      await this.#drop(name)
    }
  }

  async #drop(name: string): Promise<void> {
    this.#brought.delete(name)
    // Refused while a container uses it or another name leads to it: then it is not ours alone.
    await daemon('remove an image', this.#docker.getImage(name).remove()).catch(() => undefined)
  }
}

/**
 * Returns the image behind a reference as the daemon has it, or null. One with a name must be known to come from
 * there; one without is its own name. Throws {@link ImageError} `IMAGE_REFUSED` for one that wants too many volumes.
 */
export async function inspect(docker: Docker, reference: string): Promise<Image | null> {
  try {
    const { Id, RepoDigests, Size, Config } = await daemon(
      'look at an image',
      docker.getImage(reference).inspect(),
    )
    const digest = reference.slice(reference.indexOf('@') + 1)
    const fits = reference.includes('@')
      ? Id === digest || (RepoDigests ?? []).some((known) => known.endsWith(`@${digest}`))
      : Id === reference
    const volumes = volumesOf(Config?.Volumes ?? {})
    if (volumes.length > IMAGE_VOLUMES) throw manyVolumes(volumes.length)
    return fits ? { name: reference, volumes, bytes: Size } : null
  } catch (error) {
    if (daemonStatus(error) === 404) return null
    throw error
  }
}

/** Returns the paths as the daemon compares them: it makes a folder of the host for one that is mounted as `/data/`. */
function volumesOf(declared: Readonly<Record<string, unknown>>): string[] {
  return [...new Set(Object.keys(declared).map((path) => posix.resolve('/', path)))]
}

function raise(refusal: ImageError | null): void {
  if (refusal !== null) throw refusal
}

function manyVolumes(count: number): ImageError {
  return new ImageError(
    `expected an image of at most ${IMAGE_VOLUMES} volumes, got ${count}; build it without VOLUME`,
    { code: 'IMAGE_REFUSED', count },
  )
}

/** An archive says nothing of names: a policy about them must not be passed by writing one beside it. */
function named(reference: string): ImageError {
  return new ImageError(
    `expected the id of an image (sha256:…) with its archive, got the name ${reference}; leave out one of both`,
    { code: 'IMAGE_MISMATCH', reference },
  )
}

function missing(reference: string, got: string): ImageError {
  return new ImageError(
    `expected the image ${reference}, got ${got}; give its name in a registry or its archive`,
    { code: 'IMAGE_MISSING', reference },
  )
}
