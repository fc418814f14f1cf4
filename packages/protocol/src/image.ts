import { z } from 'zod'
import { type Codec, codec } from './codec.ts'
import { LIMITS } from './limits.ts'
import { cid, count, text } from './schema.ts'

/** `NAME@sha256:DIGEST` in a registry, or `sha256:ID` of an image that came as an archive or is there already. */
export const imageReference = text(512).regex(/^(?:[a-z0-9][a-z0-9._:/-]*@)?sha256:[0-9a-f]{64}$/, {
  error: 'expected an image pinned by digest, NAME@sha256:… or sha256:…',
})

/**
 * The program of a `container/1` task: its bytes are what `program` names (PROTOCOL §8). The task's arguments are the
 * image's command, in place of its own where there are any.
 */
export const containerImage = z.strictObject({
  v: z.literal(1),
  reference: imageReference,
  /** The image as `docker save` writes it, for one that no registry has; its id must be that of `reference`. */
  archive: z.strictObject({ cid, bytes: count(LIMITS.fileBytes) }).nullable(),
  /** Takes the place of the image's own; `null` leaves it. */
  entrypoint: z.array(text(LIMITS.stringLength)).max(16).nullable(),
})
export type ContainerImage = z.output<typeof containerImage>

export const containerImageCodec: Codec<ContainerImage> = codec(
  'container image',
  containerImage,
  LIMITS.objectBytes,
)
