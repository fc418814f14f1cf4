import { resolve } from 'node:path'
import { imageReference } from '@souk/protocol'
import type { ImageFiles } from '@souk/requester/node'
import { SourceError } from './errors.ts'
import { IMAGE_SCHEME } from './program-kind.ts'

/** Options of a program that is an image. */
export interface ImageOptions {
  imageArchive?: string
  entrypoint: readonly string[]
}

/** Reads `docker://NAME@sha256:…`. Throws {@link SourceError} `IMAGE_NOT_PINNED` where no digest fixes what it names. */
export function readImage(program: string, { imageArchive, entrypoint }: ImageOptions): ImageFiles {
  const reference = program.slice(IMAGE_SCHEME.length)
  if (!imageReference.safeParse(reference).success) throw notPinned(reference)
  return {
    reference,
    archive: imageArchive === undefined ? null : resolve(imageArchive),
    entrypoint: entrypoint.length === 0 ? null : [...entrypoint],
  }
}

function notPinned(image: string): SourceError {
  const name = image.replace(/@.*$/, '') || 'NAME'
  return new SourceError(
    `expected an image pinned by digest, ${IMAGE_SCHEME}NAME@sha256:… or ${IMAGE_SCHEME}sha256:… with --image-archive, got ${image}; ` +
      `its digest says: docker buildx imagetools inspect ${name}, or docker inspect --format '{{.RepoDigests}} {{.Id}}' ${name} where it was pulled`,
    { code: 'IMAGE_NOT_PINNED', image },
  )
}
