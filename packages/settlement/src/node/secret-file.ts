import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { SecretError } from './secret-error.ts'

/** One secret as it lies on disk: AES-256-GCM, with its name as what is authenticated beside it. */
interface SealedSecret {
  readonly v: 1
  readonly name: string
  /** Each in base64. */
  readonly iv: string
  readonly tag: string
  readonly ciphertext: string
}

const CIPHER = 'aes-256-gcm'
/** Bytes of a nonce and of a tag of GCM. */
const IV_SIZE = 12
const TAG_SIZE = 16

/** Encrypts a secret with a 32-byte key. */
export function sealSecret(key: Uint8Array, name: string, bytes: Uint8Array): string {
  const iv = randomBytes(IV_SIZE)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_SIZE }).setAAD(Buffer.from(name))
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()])
  const sealed: SealedSecret = {
    v: 1,
    name,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  }
  return `${JSON.stringify(sealed)}\n`
}

/** Decrypts what {@link sealSecret} wrote; throws {@link SecretError} `SECRET_DAMAGED` for all else. */
export function unsealSecret(key: Uint8Array, name: string, text: string, file: string): Uint8Array {
  const { iv, tag, ciphertext } = readSealed(text, file)
  try {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_SIZE })
    decipher.setAAD(Buffer.from(name)).setAuthTag(tag)
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  } catch {
    throw damaged(file)
  }
}

/** Returns the name and the length in bytes of a sealed secret, which its file tells without the key. */
export function describeSealed(text: string, file: string): { name: string; bytes: number } {
  const { name, ciphertext } = readSealed(text, file)
  return { name, bytes: ciphertext.byteLength }
}

function readSealed(text: string, file: string) {
  let value: Partial<Record<keyof SealedSecret, unknown>> | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    throw damaged(file)
  }
  const { v, name, iv, tag, ciphertext } = value ?? {}
  if (v !== 1 || typeof name !== 'string') throw damaged(file)
  return { name, iv: base64(iv, file), tag: base64(tag, file), ciphertext: base64(ciphertext, file) }
}

function base64(value: unknown, file: string): Buffer {
  if (typeof value !== 'string') throw damaged(file)
  return Buffer.from(value, 'base64')
}

function damaged(file: string): SecretError {
  return new SecretError(
    `${file}: expected a secret as souk secret set wrote it, got something else; set it again`,
    { code: 'SECRET_DAMAGED', file },
  )
}
