import { readFile } from 'node:fs/promises'
import { errorMessage } from '@souk/protocol'
import { DEFAULT_POLICY, type ImagePolicy } from '@souk/runtime'
import { InvalidArgumentError } from 'commander'
import { badImageList } from './operator-error.ts'

/** What an operator says about images; nothing means that every one may run. */
export interface ImageOptions {
  imageAllow?: readonly string[]
  imageList?: string
  imageSize?: number
  imagePull: boolean
  imageArchives: boolean
}

/** What a pattern of image names consists of. */
const PATTERN = /^[a-z0-9*][a-z0-9*._:/@-]*$/

/** Adds a pattern of image names to those that were given before. Throws commander's error. */
export function addImages(text: string, before: readonly string[] = []): string[] {
  if (PATTERN.test(text)) return [...before, text]
  throw new InvalidArgumentError(
    'expected a name with * for anything, such as docker.io/library/* or sha256:*',
  )
}

/**
 * Returns which images a provider takes: those that a pattern or a line of the list allows, where there are any.
 * Throws `OperatorError` `BAD_IMAGE_LIST`.
 */
export async function readImagePolicy(options: ImageOptions): Promise<ImagePolicy> {
  const { imageAllow, imageList, imageSize, imagePull, imageArchives } = options
  const listed = imageList === undefined ? [] : await readList(imageList)
  const isLimited = imageAllow !== undefined || imageList !== undefined
  return {
    allow: isLimited ? [...(imageAllow ?? []), ...listed] : DEFAULT_POLICY.allow,
    imageBytes: imageSize ?? DEFAULT_POLICY.imageBytes,
    pull: imagePull,
    archives: imageArchives,
  }
}

/** Reads one pattern a line; empty lines and those that begin with # say nothing. */
async function readList(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw badImageList(file, errorMessage(cause), cause)
  })
  const lines = text.split('\n').map((line) => line.trim())
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const wrong = patterns.find((line) => !PATTERN.test(line))
  if (wrong !== undefined) throw badImageList(file, wrong)
  return patterns
}
