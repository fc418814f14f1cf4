import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { errorMessage, LIMITS } from '@souk/protocol'
import { CliError } from '../errors.ts'
import { askHidden } from '../wallet/passphrase.ts'
import { MOST_TYPED } from '../wallet/typed-line.ts'

/**
 * Reads the value of a secret: the bytes of a file, or those of standard input; on a terminal a line that is asked for
 * without showing it.
 *
 * Throws {@link CliError} `FILE_MISSING` or `BAD_OPTION`, the latter for more than a secret may have.
 */
export async function readValue(name: string, file: string | undefined): Promise<Uint8Array> {
  if (file !== undefined) return readFileValue(file)
  if (!process.stdin.isTTY) return readAll(process.stdin)
  const text = await askHidden(`Value of the secret ${name}: `)
  if (text.length < MOST_TYPED) return new Uint8Array(Buffer.from(text))
  throw badValue(`fewer than ${MOST_TYPED} characters on a terminal; take --from-file`)
}

async function readFileValue(file: string): Promise<Uint8Array> {
  const handle = await open(file).catch((error) => {
    throw new CliError(`--from-file: expected a file that can be read: ${errorMessage(error)}`, {
      code: 'FILE_MISSING',
      file,
    })
  })
  return readAll(handle.createReadStream())
}

async function readAll(stream: Readable): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.byteLength
    if (length > LIMITS.secretsBytes)
      throw badValue(`at most ${LIMITS.secretsBytes} bytes; take an --input for more`)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function badValue(expected: string): CliError {
  return new CliError(`expected a secret of ${expected}`, { code: 'BAD_OPTION', option: '--from-file' })
}
