import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import { z } from 'zod'
import type { OutputFile } from '../executor.ts'
import { ImageError } from './image-error.ts'
import { asBuffer, entryBytes, foldersOf, packFiles, type TarEntry, tarEntries } from './tar.ts'

/** Bytes of the description of an image inside of its archive: a list of layers and a configuration. */
const DESCRIPTION_BYTES = 1_048_576

const manifest = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })])

/** What {@link imageArchive} makes an image of. */
export interface ImageParts {
  readonly architecture: string
  readonly files: readonly OutputFile[]
  readonly folders: string[]
  readonly config: Readonly<Record<string, unknown>>
}

/** An image as `docker load` takes it, and its id. Equal parts give equal bytes. */
export interface ImageArchive {
  readonly id: string
  readonly bytes: Uint8Array
}

/** Makes an image of one layer: files of mode 0755 that belong to root. */
export async function imageArchive(parts: ImageParts, tags: readonly string[] = []): Promise<ImageArchive> {
  const layer = await buffer(packFiles(parts.files, { uid: 0, mode: 0o755 }, parts.folders))
  const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] }
  const { architecture, config } = parts
  const described = Buffer.from(JSON.stringify({ architecture, os: 'linux', config, rootfs }))
  const id = sha256(described)
  const list = [{ Config: `${id}.json`, RepoTags: tags, Layers: ['layer.tar'] }]
  const files = [
    { path: `${id}.json`, bytes: described },
    { path: 'layer.tar', bytes: layer },
    { path: 'manifest.json', bytes: Buffer.from(JSON.stringify(list)) },
  ]
  return { id: `sha256:${id}`, bytes: await buffer(packFiles(files, { uid: 0, mode: 0o644 })) }
}

/**
 * Returns an archive as a stream to load, once it is sure that it holds the image `id` and nothing else.
 *
 * Names are left out: loading an archive that names other people's images would put itself in their place.
 * Throws {@link ImageError} `IMAGE_MISMATCH` for an archive of several images or of another one.
 */
export async function checkedArchive(archive: Uint8Array, id: string): Promise<Readable> {
  const parsed = manifest.safeParse(parse(await smallFile(archive, 'manifest.json')))
  if (!parsed.success) throw mismatch(id, 'no manifest.json of exactly one image')
  const [image] = parsed.data
  const config = await smallFile(archive, image.Config)
  const found = config === null ? 'no image' : `sha256:${sha256(config)}`
  if (found !== id) throw mismatch(id, found)
  return withoutNames(archive, JSON.stringify([{ ...image, RepoTags: [] }]))
}

/** What daemons read names from, besides the manifest. */
const NAMING = ['manifest.json', 'repositories', 'index.json', 'oci-layout']

/**
 * Copies an archive with another manifest; of several entries with one name the first counts, as it was checked. What
 * leads elsewhere than its name says is left out: it could put something else in the place of what was checked.
 */
function withoutNames(archive: Uint8Array, list: string): Readable {
  const tar = pack()
  copyEntries(archive, tar)
    .then(() => {
      tar.entry({ name: 'manifest.json' }, list)
      tar.finalize()
    })
    .catch((error) => tar.destroy(error))
  return tar
}

async function copyEntries(archive: Uint8Array, tar: Pack): Promise<void> {
  const seen = new Set(NAMING)
  const links = new Set<string>()
  for await (const entry of entriesOf(archive)) {
    const { type, size, linkname } = entry.header
    const name = plain(entry)
    const isFile = type === 'file'
    if (seen.has(name) || posix.normalize(name) !== name || foldersOf(name).some((each) => links.has(each)))
      continue
    if (type === 'symlink') links.add(name)
    if (isFile) await pipeline(entry.content, tar.entry({ name, size }))
    else if (type === 'directory' || type === 'symlink') tar.entry({ name, type, linkname })
    seen.add(name)
  }
}

/** Returns the first file of that name, or null where there is none of a reasonable size. */
async function smallFile(archive: Uint8Array, wanted: string): Promise<Uint8Array | null> {
  for await (const entry of entriesOf(archive)) {
    if (plain(entry) === wanted) return entryBytes(entry, DESCRIPTION_BYTES)
  }
  return null
}

/** Reads an archive that lies in memory. Throws {@link ImageError} where it is no tar. */
async function* entriesOf(archive: Uint8Array): AsyncGenerator<TarEntry> {
  try {
    yield* tarEntries(Readable.from([asBuffer(archive)]))
  } catch (cause) {
    throw mismatch('a tar archive', 'something else', cause)
  }
}

function plain({ header }: TarEntry): string {
  return header.name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')
}

function parse(bytes: Uint8Array | null): unknown {
  try {
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function mismatch(expected: string, got: string, cause?: unknown): ImageError {
  return new ImageError(
    `expected an archive of the image ${expected} alone, got ${got}; make it by: docker save ${expected}`,
    { code: 'IMAGE_MISMATCH', expected, got },
    { cause },
  )
}
