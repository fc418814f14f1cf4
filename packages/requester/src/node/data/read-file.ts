import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LIMITS } from '@souk/protocol'
import { InputError } from './input-error.ts'
import type { InputFile } from './input-file.ts'

/** Bytes read at once: a block, so that nothing is copied together. */
const READ_BYTES = 1024 * 1024

/** Returns a file of this machine; throws {@link InputError} `FILE_MISSING`, `FILE_UNREADABLE`, `NOT_A_FILE`, `FILE_TOO_LARGE`. */
export async function localFile(file: string, path = ''): Promise<InputFile> {
  const found = await stat(file).catch((cause) => {
    throw cannotRead(file, cause)
  })
  if (!found.isFile()) throw notAFile(file)
  if (found.size > LIMITS.fileBytes) throw tooLarge(file, found.size)
  return {
    path,
    name: basename(file),
    from: file,
    bytes: found.size,
    open: () => readWhole(file, found.size),
  }
}

/** Reads a file and holds it to its size: one that is written meanwhile is neither what it was nor what it will be. */
async function* readWhole(file: string, expectedBytes: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r').catch((cause) => {
    throw cannotRead(file, cause)
  })
  try {
    const before = await handle.stat()
    let bytes = 0
    for await (const chunk of chunksOf(handle, file)) {
      bytes += chunk.byteLength
      if (bytes > expectedBytes) break
      yield chunk
    }
    const after = await handle.stat()
    const isSame = bytes === expectedBytes && after.mtimeMs === before.mtimeMs && after.size === bytes
    if (!isSame) throw changed(file, expectedBytes, bytes)
  } finally {
    await handle.close()
  }
}

async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = new Uint8Array(READ_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES).catch((cause) => {
      throw cannotRead(file, cause)
    })
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** Returns the error of a file or folder that the system does not give. */
export function cannotRead(file: string, cause: NodeJS.ErrnoException): InputError {
  const isMissing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
  return isMissing
    ? new InputError(
        `expected a file that can be read at ${file}, there is none; check the path`,
        { code: 'FILE_MISSING', file },
        { cause },
      )
    : new InputError(
        `expected to be able to read ${file}, got ${cause.code ?? cause.message}; check its permissions`,
        { code: 'FILE_UNREADABLE', file },
        { cause },
      )
}

/** Returns the error of something that is no file. */
export function notAFile(file: string): InputError {
  return new InputError(`expected a file at ${file}, it is none; name the files or folders meant`, {
    code: 'NOT_A_FILE',
    file,
  })
}

/** Returns the error of a file beyond what one content can have. */
export function tooLarge(file: string, bytes: number): InputError {
  return new InputError(
    `expected ${file} to have at most ${LIMITS.fileBytes} bytes, it has ${bytes}; split it`,
    { code: 'FILE_TOO_LARGE', file, bytes },
  )
}

function changed(file: string, expected: number, got: number): InputError {
  return new InputError(
    `expected ${file} to stay as it is while it is read, with ${expected} bytes; it was written meanwhile ` +
      `(${got} bytes read); run again once it is complete`,
    { code: 'FILE_CHANGED', file },
  )
}
