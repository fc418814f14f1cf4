import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSecretName, LIMITS } from '@souk/protocol'
import type { EncryptOptions } from './keystore.ts'
import { KeystoreError } from './keystore-error.ts'
import { createKeystore, readKeystore } from './keystore-file.ts'
import { SecretError } from './secret-error.ts'
import { describeSealed, sealSecret, unsealSecret } from './secret-file.ts'

/** A kept secret as lists show it. */
export interface SecretEntry {
  readonly name: string
  /** Its length. */
  readonly bytes: number
  /** Milliseconds since the epoch at which it was set. */
  readonly setAtMs: number
}

/** Bytes of one secret's file: its longest value in base64, and what stands around it. */
const SECRET_FILE_BYTES = 2 * LIMITS.secretsBytes
/** Secrets of one user that are listed. */
const MOST_SECRETS = 4_096
/** Returns where the secrets of a data folder's owner lie. */
export function secretFolder(dataFolder: string): string {
  return join(dataFolder, 'secrets')
}

/** The key of all secrets of a folder, encrypted as keystores are. */
const KEY_FILE = 'key.json'

/**
 * Keeps a secret in a folder: in a file of mode 0600, encrypted with a random key of the folder, which lies there as
 * a keystore that `password` opens. A secret of the same name is replaced, whole or not at all.
 *
 * Throws {@link SecretError} `BAD_SECRET`, and `KeystoreError` where the password is not the folder's.
 */
export async function writeSecret(
  folder: string,
  password: string,
  name: string,
  bytes: Uint8Array,
  options: EncryptOptions = {},
): Promise<void> {
  requireSecret(name, bytes)
  const sealed = sealSecret(await ensureKey(folder, password, options), name, bytes)
  const draft = `${fileOf(folder, name)}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(sealed)
    await handle.sync()
    await handle.close()
    await rename(draft, fileOf(folder, name))
  } finally {
    await handle.close()
    await rm(draft, { force: true })
  }
}

/**
 * Returns secrets by name, each once.
 *
 * Throws {@link SecretError} `SECRET_MISSING` or `SECRET_DAMAGED`, and `KeystoreError` where the password is not the
 * folder's.
 */
export async function readSecrets(
  folder: string,
  password: string,
  names: Iterable<string>,
): Promise<Map<string, Uint8Array>> {
  const sealed = new Map<string, string>()
  for (const name of new Set(names)) {
    const text = await readSecretFile(fileOf(folder, name))
    if (text === undefined) throw missing(name)
    sealed.set(name, text)
  }
  const { key } = await readKeystore(join(folder, KEY_FILE), password)
  return new Map(
    [...sealed].map(([name, text]) => [name, unsealSecret(key, name, text, fileOf(folder, name))]),
  )
}

/** Lists the secrets of a folder by name; needs no password. Throws {@link SecretError} `SECRET_DAMAGED`. */
export async function listSecrets(folder: string): Promise<SecretEntry[]> {
  const found = await readdir(folder).catch(ifThere([] as string[]))
  const files = found.filter((one) => SECRET_FILE.test(one)).map((one) => join(folder, one))
  const entries = []
  for (const file of files.slice(0, MOST_SECRETS)) {
    const text = await readSecretFile(file)
    if (text === undefined) continue
    entries.push({ ...describeSealed(text, file), setAtMs: (await stat(file)).mtimeMs })
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Forgets a secret; throws {@link SecretError} `SECRET_MISSING`. */
export async function removeSecret(folder: string, name: string): Promise<void> {
  try {
    await rm(fileOf(folder, name))
  } catch (error) {
    throw isNotThere(error) ? missing(name) : error
  }
}

/** Makes the key of a folder where it has none; of two that do at once, both get the same. */
async function ensureKey(folder: string, password: string, options: EncryptOptions): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, KEY_FILE)
  try {
    return (await readKeystore(file, password)).key
  } catch (error) {
    if (!(error instanceof KeystoreError) || error.code !== 'KEYSTORE_MISSING') throw error
  }
  await createKeystore(file, new Uint8Array(randomBytes(32)), password, options).catch((error) => {
    if (!(error instanceof KeystoreError) || error.code !== 'KEYSTORE_EXISTS') throw error
  })
  return (await readKeystore(file, password)).key
}

function requireSecret(name: string, bytes: Uint8Array): void {
  if (!isSecretName(name)) throw badName()
  if (bytes.byteLength > 0 && bytes.byteLength <= LIMITS.secretsBytes) return
  const expected = `1 to ${LIMITS.secretsBytes} bytes`
  throw new SecretError(
    `expected a secret of ${expected}, got ${bytes.byteLength}; keep larger things in files`,
    {
      code: 'BAD_SECRET',
      expected,
    },
  )
}

/** Hex, because not every file system tells `A` from `a`. */
function fileOf(folder: string, name: string): string {
  if (!isSecretName(name)) throw badName()
  return join(folder, `${Buffer.from(name).toString('hex')}.json`)
}

const SECRET_FILE = /^([0-9a-f]{2})+\.json$/

async function readSecretFile(file: string): Promise<string | undefined> {
  const size = await stat(file).then(({ size }) => size, ifThere(undefined))
  if (size === undefined) return undefined
  if (size <= SECRET_FILE_BYTES) return readFile(file, 'utf8')
  throw new SecretError(
    `${file}: expected at most ${SECRET_FILE_BYTES} bytes, got ${size}; set the secret again`,
    {
      code: 'SECRET_DAMAGED',
      file,
    },
  )
}

/** Stands in for what is not there; throws everything else. */
function ifThere<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (isNotThere(error)) return instead
    throw error
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function missing(name: string): SecretError {
  return new SecretError(`expected a secret ${name}, there is none; keep one with: souk secret set ${name}`, {
    code: 'SECRET_MISSING',
    name,
  })
}

function badName(): SecretError {
  const expected = `a name of 1 to ${LIMITS.secretName} letters, digits, dots, dashes or _`
  return new SecretError(`expected ${expected} for a secret, got another; choose one`, {
    code: 'BAD_SECRET',
    expected,
  })
}
