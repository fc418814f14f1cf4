import { open } from 'node:fs/promises'
import { CHAIN_LIMITS } from '../limits.ts'

/** Returns a small file's text, cut at the bound on files; undefined where there is no such file. */
export async function readBoundedText(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (handle === undefined) return undefined
  try {
    const buffer = Buffer.alloc(CHAIN_LIMITS.fileBytes)
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
