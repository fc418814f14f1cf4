import type { ContainerImage } from '@souk/protocol'
import { ImageError } from './image-error.ts'

/** What a provider lets into its daemon. */
export interface ImagePolicy {
  /** Globs over the reference, `*` for anything: `docker.io/library/*`, `sha256:*`; one of them must fit. */
  readonly allow: readonly string[]
  /** Bytes of one image, and of all that one executor brought. */
  readonly imageBytes: number
  /** Whether images are pulled from registries at all. */
  readonly pull: boolean
  /** Whether images are loaded from archives that come with tasks. */
  readonly archives: boolean
}

/** Everything of up to 16 GiB. */
export const DEFAULT_POLICY: ImagePolicy = {
  allow: ['*'],
  imageBytes: 16 * 1024 ** 3,
  pull: true,
  archives: true,
}

/** The part of a policy that an image offends. */
type Rule = 'allow' | 'pull' | 'archives' | 'size'

/** Returns which rule an image offends by its name, whether it is here or not; null for none. */
export function refuseName({ reference }: ContainerImage, { allow }: ImagePolicy): ImageError | null {
  if (allow.some((glob) => matches(glob, reference))) return null
  const names = allow.length === 0 ? 'none at all' : allow.slice(0, NAMES_TOLD).join(' or ')
  const more = allow.length > NAMES_TOLD ? `, or ${allow.length - NAMES_TOLD} more` : ''
  return refused('allow', `one that matches ${names}${more}`, reference, 'use such an image')
}

/** Returns which rule keeps an image from being brought here, that is not here; null for none. */
export function refuseBringing(
  { reference, archive }: ContainerImage,
  { pull, archives }: ImagePolicy,
): ImageError | null {
  if (archive !== null) {
    const wanted = 'one by its name in a registry, for it takes no archives'
    return archives ? null : refused('archives', wanted, reference, 'push the image to a registry')
  }
  const wanted = archives ? 'one with its archive, or that is here already' : 'one that is here already'
  return pull ? null : refused('pull', `${wanted}, for it pulls none`, reference, 'send the image along')
}

/** Returns the refusal of an image that is too large, or null. */
export function refuseSize(reference: string, bytes: number, { imageBytes }: ImagePolicy): ImageError | null {
  if (bytes <= imageBytes) return null
  return new ImageError(
    `expected an image of at most ${imageBytes} bytes, this provider's rule on size, ${reference} has ${bytes}; use a smaller one, or lease elsewhere`,
    { code: 'IMAGE_TOO_LARGE', rule: 'size' satisfies Rule, reference, bytes, most: imageBytes },
  )
}

/** Names that a refusal tells: a list may have thousands. */
const NAMES_TOLD = 4

function refused(rule: Rule, wanted: string, reference: string, remedy: string): ImageError {
  return new ImageError(
    `expected an image that this provider takes, by its rule on ${rule} ${wanted}, got ${reference}; ${remedy}, or lease elsewhere`,
    { code: 'IMAGE_REFUSED', rule, reference },
  )
}

/** Tells whether a name fits a glob, in which `*` stands for any characters. */
export function matches(glob: string, name: string): boolean {
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
