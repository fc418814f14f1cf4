import { z } from 'zod'
import { compareBytewise } from './bytes.ts'
import { LIMITS } from './limits.ts'
import { bytes } from './schema.ts'
import { isFilePath, type Task } from './task.ts'

/**
 * Environment entry of a task that reads secrets (PROTOCOL §9.2). It stands in the task, so that everybody sees that
 * its output depends on what no juror has; the secrets themselves never do.
 */
export const SECRETS_ENTRY = 'SOUK_SECRETS=/run/secrets'

/** Tells whether a name can be a secret's. */
export function isSecretName(name: string): boolean {
  return name.length <= LIMITS.secretName && /^[A-Za-z0-9_.-]+$/.test(name) && isFilePath(name)
}

/** Name of a secret, and of the file with it. */
export const secretName = z
  .string()
  .refine(isSecretName, { error: `expected 1 to ${LIMITS.secretName} letters, digits, dots, dashes or _` })

/** The files below `/run/secrets`, each name once; held in memory alone. */
export const secretFiles = z
  .array(z.strictObject({ name: secretName, bytes: bytes(LIMITS.secretsBytes) }))
  .max(LIMITS.secrets)
  .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, {
    error: 'expected each name once',
  })
  .refine((files) => files.reduce((sum, file) => sum + file.bytes.byteLength, 0) <= LIMITS.secretsBytes, {
    error: `expected at most ${LIMITS.secretsBytes} bytes together`,
  })
export type SecretFiles = z.output<typeof secretFiles>

/** Tells whether a task reads the secrets of its lease. */
export function readsSecrets({ env }: Pick<Task, 'env'>): boolean {
  return env.includes(SECRETS_ENTRY)
}

/** Returns a task's environment, sorted, with the entry that gives it its lease's secrets. */
export function withSecrets(env: readonly string[]): string[] {
  return [...new Set([...env, SECRETS_ENTRY])].sort(compareBytewise)
}
