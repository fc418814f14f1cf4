import { type Docker, daemonMessage, type ProgressLine, progressOf } from './docker.ts'
import { ImageError } from './image-error.ts'

/** Milliseconds for one image to come from its registry. */
export const PULL_MS = 1_800_000

/** Hears how much of an image is here; the whole is 0 while it is not known. */
export type Hear = (haveBytes: number, totalBytes: number) => void

export interface Pull {
  readonly docker: Docker
  /** A name with a digest. */
  readonly reference: string
  /** Bytes of its layers as they are sent, at most. */
  readonly imageBytes: number
  readonly hear: Hear
}

/**
 * Pulls an image by its digest; the daemon holds what comes against that.
 * Throws {@link ImageError} `IMAGE_MISSING` or `IMAGE_TOO_LARGE`.
 */
export async function fetchImage({ docker, reference, imageBytes, hear }: Pull): Promise<void> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(new Error(`took longer than ${PULL_MS} ms`)), PULL_MS)
  const layers = new Layers()
  try {
    const answer = await docker.pull(reference, { abortSignal: abort.signal })
    await progressOf(docker, answer, (line) => {
      if (!layers.take(line)) return
      hear(layers.haveBytes, layers.totalBytes)
      if (layers.totalBytes > imageBytes) abort.abort(tooLarge(layers.totalBytes, imageBytes))
    })
  } catch (cause) {
    throw abort.signal.reason ?? notPulled(reference, cause)
  } finally {
    clearTimeout(timer)
  }
}

/** Sums up what the daemon tells of each layer. */
class Layers {
  readonly #layers = new Map<string, { have: number; total: number }>()

  get haveBytes(): number {
    return this.#sum(({ have }) => have)
  }

  get totalBytes(): number {
    return this.#sum(({ total }) => total)
  }

  /** Tells whether the line changed anything. Layers are unpacked after they came; that tells the same again. */
  take({ id, status, progressDetail }: ProgressLine): boolean {
    const { current, total } = progressDetail ?? {}
    if (id === undefined || status !== 'Downloading' || current === undefined) return false
    this.#layers.set(id, { have: current, total: total ?? current })
    return true
  }

  #sum(part: (layer: { have: number; total: number }) => number): number {
    return [...this.#layers.values()].reduce((sum, layer) => sum + part(layer), 0)
  }
}

function tooLarge(bytes: number, most: number): ImageError {
  return new ImageError(
    `expected an image of at most ${most} bytes, got ${bytes} or more; use a smaller one`,
    {
      code: 'IMAGE_TOO_LARGE',
      bytes,
      most,
    },
  )
}

function notPulled(reference: string, cause: unknown): ImageError {
  return new ImageError(
    `expected to pull the image ${reference}, got: ${daemonMessage(cause)}; see that its registry has this digest`,
    { code: 'IMAGE_MISSING', reference },
    { cause },
  )
}
