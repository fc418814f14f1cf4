import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { errorMessage } from '@souk/protocol'
import type { ImageFiles } from '@souk/requester/node'
import { containerEngine, imageArchive, openRuntimes } from '@souk/runtime'
import { failed } from './stage.ts'

/** Milliseconds for gcc to build the program. */
const BUILD_MS = 60_000
const SOURCE = fileURLToPath(new URL('../../programs/wordcount.c', import.meta.url))
/** Docker's name of this machine's kind. */
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch
/** Folders that a read-only root must have. */
const FOLDERS = ['dev', 'proc', 'run/secrets', 'sys', 'tmp', 'work']

const run = promisify(execFile)

/** Throws `CliError` `DEMO_FAILED` unless containers run here and gcc is there to build their program. */
export async function requireContainers(): Promise<void> {
  const { refused } = await openRuntimes([containerEngine()])
  const [no] = refused
  if (no !== undefined) throw failed(`containers do not run here: ${no.why}`)
  await run('gcc', ['--version'], { timeout: BUILD_MS }).catch(() => {
    throw failed('there is no gcc to build the program of the container; install it')
  })
}

/** Builds the same program for this machine, static, as the only file of an image. */
export async function buildImage(folder: string): Promise<ImageFiles> {
  const program = join(folder, 'wordcount')
  await run('gcc', ['-O2', '-static', '-o', program, SOURCE], { timeout: BUILD_MS }).catch((error) => {
    throw failed(`gcc did not build ${SOURCE}: ${errorMessage(error)}`)
  })
  const files = [{ path: 'bin/wordcount', bytes: new Uint8Array(readFileSync(program)) }]
  const config = { Entrypoint: ['/bin/wordcount'] }
  const image = await imageArchive({ architecture: ARCHITECTURE, files, folders: FOLDERS, config })
  const archive = join(folder, 'image.tar')
  writeFileSync(archive, image.bytes)
  return { reference: image.id, archive, entrypoint: null }
}
