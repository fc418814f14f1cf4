import { SoukError } from '@souk/protocol'

/** Why an image does not run here. */
export class ImageError extends SoukError<{
  code: 'IMAGE_REFUSED' | 'IMAGE_MISSING' | 'IMAGE_MISMATCH' | 'IMAGE_TOO_LARGE'
  [fact: string]: unknown
}> {}
