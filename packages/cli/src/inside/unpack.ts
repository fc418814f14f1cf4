import {
  copyFileSync,
  createWriteStream,
  lstatSync,
  mkdirSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join, normalize, posix, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Headers } from 'tar-stream'
import { CliError } from '../errors.ts'
import { type TarEntry, tarEntries } from './tar-entries.ts'

/** What was unpacked. */
export interface Unpacked {
  files: number
  bytes: number
  /** Entries that are neither file, folder nor link, and were left out. */
  skipped: number
}

export interface UnpackOptions {
  /** Replace files that are there. */
  readonly force: boolean
  readonly onProgress?: (unpacked: Readonly<Unpacked>) => void
}

/** Permissions that a file keeps: nobody's else than the stranger's program asked for set-user-id. */
const MODE_MASK = 0o777
/** What its owner may always do, or the next entry could not be written. */
const OWNER_MODE = { file: 0o600, folder: 0o700 } as const

/**
 * Unpacks a tar stream of one file or folder as `target`, or into `target` under its own name where that is a folder.
 *
 * What a stranger packed stays below the target: names that lead out of it, links that do, and entries beneath a link
 * are refused. Throws {@link CliError} `BAD_ARCHIVE`, and `OUT_EXISTS` for a file that is there, unless `force`.
 */
export async function unpack(
  tar: AsyncIterable<Uint8Array>,
  target: string,
  options: UnpackOptions,
): Promise<Unpacked> {
  const done: Unpacked = { files: 0, bytes: 0, skipped: 0 }
  let place: Place | undefined
  for await (const entry of tarEntries(tar)) {
    const path = safePath(entry.header.name)
    place ??= placeOf(path, target)
    await unpackEntry(entry, place, path, done, options)
    options.onProgress?.(done)
  }
  return done
}

/** Where the one thing in an archive goes. */
interface Place {
  /** Its name in the archive, and where that lies here. */
  readonly name: string
  readonly root: string
}

function placeOf(path: string, target: string): Place {
  const [name = ''] = path.split('/')
  const stat = statSync(target, { throwIfNoEntry: false })
  const isFolder = stat?.isDirectory() === true || target.endsWith(sep)
  return { name, root: isFolder ? join(target, name === '.' ? '' : name) : resolve(target) }
}

async function unpackEntry(
  { header, content }: TarEntry,
  place: Place,
  path: string,
  done: Unpacked,
  options: UnpackOptions,
): Promise<void> {
  const file = fileOf(place, path)
  requireRealParents(place.root, file)
  switch (header.type) {
    case 'directory':
      return makeFolder(file, header)
    case 'symlink':
      makeRoom(file, options)
      symlinkSync(requireInside(place, file, header.linkname ?? ''), file)
      break
    case 'link':
      makeRoom(file, options)
      copyLinked(fileOf(place, safePath(header.linkname ?? '')), place, file)
      break
    case undefined:
    case 'file': {
      makeRoom(file, options)
      const mode = ((header.mode ?? 0) & MODE_MASK) | OWNER_MODE.file
      // Fails for whatever is there, links above all.
      await pipeline(content, createWriteStream(file, { flags: 'wx', mode }))
      done.bytes += header.size ?? 0
      break
    }
    default:
      done.skipped += 1
      return
  }
  done.files += 1
}

/** Returns where an entry of the archive's one thing lies here. */
function fileOf({ name, root }: Place, path: string): string {
  if (path === name) return root
  if (path.startsWith(`${name}/`)) return join(root, path.slice(name.length + 1))
  throw badArchive(`expected everything to lie below ${name}, got ${JSON.stringify(path)}`)
}

/** Returns a name in an archive as a relative path without `..`. */
function safePath(name: string): string {
  const path = posix.normalize(name).replace(/\/+$/, '')
  const isSafe = path !== '' && !path.startsWith('/') && !path.split('/').includes('..')
  if (isSafe && !path.includes('\\') && !path.includes('\0') && !/^[A-Za-z]:/.test(path)) return path
  throw badArchive(`expected names that stay inside, got ${JSON.stringify(name.slice(0, 256))}`)
}

/** Makes the folders above a file, none of which may be a link: it could lead anywhere by now. */
function requireRealParents(root: string, file: string): void {
  mkdirSync(dirname(root), { recursive: true })
  if (file === root) return
  const between = file
    .slice(root.length + 1)
    .split(sep)
    .slice(0, -1)
  for (let folder = root, i = -1; i < between.length; i++, folder = join(folder, between[i] ?? '')) {
    const stat = statOf(folder)
    if (stat === undefined) mkdirSync(folder)
    else if (!stat.isDirectory())
      throw badArchive(`expected ${folder} to be a folder, it is a link or a file`)
  }
}

function makeFolder(folder: string, { mode = 0 }: Headers): void {
  const stat = statOf(folder)
  if (stat === undefined) mkdirSync(folder, { mode: (mode & MODE_MASK) | OWNER_MODE.folder })
  else if (!stat.isDirectory()) throw outExists(folder)
}

/** Makes sure that nothing is where a file goes. */
function makeRoom(file: string, { force }: UnpackOptions): void {
  const stat = statOf(file)
  if (stat === undefined) return
  if (!force || stat.isDirectory()) throw outExists(file)
  rmSync(file)
}

/** Returns a link's target when that stays inside, by name; links on the way were refused before. */
function requireInside({ root }: Place, file: string, linkname: string): string {
  const lies = resolve(dirname(file), linkname)
  const isInside = lies === root || lies.startsWith(root + sep)
  if (linkname !== '' && isInside && file !== root && !linkname.startsWith('/')) return normalize(linkname)
  throw badArchive(
    `expected links that stay inside, got ${basename(file)} → ${JSON.stringify(linkname.slice(0, 256))}`,
  )
}

/** A second name of a file becomes a copy: a name for something outside would otherwise be a way to it. */
function copyLinked(from: string, { root }: Place, to: string): void {
  requireRealParents(root, from)
  if (statOf(from)?.isFile() !== true) throw badArchive(`expected ${from} to be a file of the archive`)
  copyFileSync(from, to)
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

function badArchive(message: string): CliError {
  return new CliError(`${message}; nothing more was unpacked`, { code: 'BAD_ARCHIVE' })
}

function outExists(file: string): CliError {
  return new CliError(`expected ${file} not to exist yet; give another name, or --force`, {
    code: 'OUT_EXISTS',
    file,
  })
}
