import { errorMessage, LIMITS } from '@souk/protocol'
import { exporter, type UnixFSEntry } from 'ipfs-unixfs-exporter'
import { InputError } from './input-error.ts'
import type { InputFile } from './input-file.ts'
import { type IpfsBlocks, ipfsBlocks } from './ipfs-blocks.ts'
import { tooMany } from './local-files.ts'
import { tooLarge } from './read-file.ts'

/** Folders and files looked at for one address: a folder can name itself without end. */
const MOST_ENTRIES = 4_096

/** What is behind an address, and how to read on from it. */
interface Tree {
  readonly address: string
  readonly name: string
  readonly blocks: IpfsBlocks
  readonly signal: AbortSignal
  readonly files: InputFile[]
  entries: number
}

/**
 * Returns the files at `ipfs://CID/path`: one file, or all of a folder and its folders.
 *
 * Throws {@link InputError} `BAD_SOURCE`, `NOT_IN_IPFS`, `TOO_MANY_FILES` and `FILE_TOO_LARGE`.
 */
export async function ipfsFiles(
  address: string,
  gateways: readonly string[],
  signal: AbortSignal,
): Promise<InputFile[]> {
  const path = decodeURI(address.slice('ipfs://'.length)).replace(/\/+$/, '')
  if (path === '') throw badSource(address, 'it names nothing')
  const blocks = ipfsBlocks(gateways, address)
  const name = path.split('/').at(-1) ?? path
  const tree: Tree = { address, name, blocks, signal, files: [], entries: 0 }
  await collect(tree, '', await entryOf(tree, path))
  if (tree.files.length > 0) return tree.files
  throw new InputError(`expected ${address} to name at least one file, it names none; check the address`, {
    code: 'NO_FILES',
    file: address,
  })
}

async function entryOf({ address, blocks, signal }: Tree, path: Parameters<typeof exporter>[0]) {
  try {
    return await exporter(path, blocks, { signal })
  } catch (cause) {
    if (cause instanceof InputError || signal.aborted) throw cause
    throw badSource(address, errorMessage(cause), cause)
  }
}

async function collect(tree: Tree, path: string, entry: UnixFSEntry): Promise<void> {
  if (entry.type === 'directory') return collectFolder(tree, path, entry)
  if (entry.type === 'object') throw badSource(tree.address, 'it is neither file nor folder')
  const bytes = Number(entry.size)
  const from = path === '' ? tree.address : `${tree.address}/${path}`
  if (bytes > LIMITS.fileBytes) throw tooLarge(from, bytes)
  const open = (signal: AbortSignal) => contentOf(entry, from, signal)
  tree.files.push({ path, name: tree.name, from, bytes, open })
  if (tree.files.length > LIMITS.taskFiles) throw tooMany(tree.address, tree.files.length)
}

async function collectFolder(
  tree: Tree,
  path: string,
  folder: Extract<UnixFSEntry, { type: 'directory' }>,
): Promise<void> {
  for await (const { cid, name } of folder.entries({ signal: tree.signal })) {
    tree.entries += 1
    if (tree.entries > MOST_ENTRIES) throw tooMany(tree.address, tree.entries)
    await collect(tree, path === '' ? name : `${path}/${name}`, await entryOf(tree, cid))
  }
}

async function* contentOf(
  entry: Exclude<UnixFSEntry, { type: 'directory' | 'object' }>,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* entry.content({ signal })
  } catch (cause) {
    if (cause instanceof InputError || signal.aborted) throw cause
    throw badSource(from, errorMessage(cause), cause)
  }
}

function badSource(file: string, why: string, cause?: unknown): InputError {
  return new InputError(
    `expected a file or folder at ${file}, but ${why}; an address looks like ipfs://CID/path`,
    { code: 'BAD_SOURCE', file },
    { cause },
  )
}
