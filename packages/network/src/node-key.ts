import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { NetworkError } from './errors.ts'

/**
 * Loads the Ed25519 node key in `file`, or creates it with mode 0600.
 *
 * Throws {@link NetworkError} `BAD_KEY` when the file holds anything else.
 */
export async function loadNodeKey(file: string): Promise<Ed25519PrivateKey> {
  const existing = await readKey(file)
  if (existing !== undefined) return existing
  const key = await generateKeyPair('Ed25519')
  if (await writeNew(file, privateKeyToProtobuf(key))) return key
  return await loadNodeKey(file)
}

async function readKey(file: string): Promise<Ed25519PrivateKey | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return bytes && parseKey(file, bytes)
}

function parseKey(file: string, bytes: Uint8Array): Ed25519PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch (cause) {
    throw badKey(file, cause)
  }
  throw badKey(file)
}

/** Writes a whole file or none: a crash between creating and writing would leave an unreadable key. */
async function writeNew(file: string, bytes: Uint8Array): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

function badKey(file: string, cause?: unknown): NetworkError {
  return new NetworkError(
    `expected an Ed25519 node key in ${file}, got something else; restore the file, or remove it for a new identity`,
    { code: 'BAD_KEY' },
    { cause },
  )
}
