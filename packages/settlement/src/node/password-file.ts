import { readFile } from 'node:fs/promises'
import { KeystoreError } from './keystore-error.ts'

/** Reads the password of a process that nobody sits at; throws {@link KeystoreError} `PASSWORD_FILE_MISSING`. */
export async function readPasswordFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new KeystoreError(
      `${file}: expected the password of this home's keys, it cannot be read; put it back, for this user to read`,
      { code: 'PASSWORD_FILE_MISSING', where: file },
      { cause },
    )
  }
}
