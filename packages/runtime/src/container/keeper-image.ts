import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RuntimeError } from '../errors.ts'
import { type Docker, daemon, daemonStatus, progressOf } from './docker.ts'
import { imageArchive } from './docker-archive.ts'
import { asBuffer } from './tar.ts'

/** Our names for the machines that Docker names so. */
const BINARIES: Readonly<Record<string, string>> = { amd64: 'keeper.x64', arm64: 'keeper.arm64' }
/** Where volumes and memory file systems are mounted: a read-only root needs the folders beforehand. */
const FOLDERS = ['dev', 'proc', 'run', 'run/secrets', 'sys', 'tmp', 'work']

/**
 * Loads the image of the keeper (`keeper/keeper.c`) into the daemon unless it is there, and returns its name.
 *
 * Throws {@link RuntimeError} `NOT_STARTED` for a machine of a kind that it was not built for.
 */
export async function keeperImage(docker: Docker): Promise<string> {
  const { Arch } = await daemon('say its version', docker.version())
  const file = BINARIES[Arch]
  if (file === undefined) throw otherMachine(Arch)
  const bytes = await readFile(new URL(`../../keeper/${file}`, import.meta.url))
  const name = `souk-keeper:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`
  if (await isThere(docker, name)) return name
  const parts = {
    architecture: Arch,
    files: [{ path: 'keeper', bytes }],
    folders: FOLDERS,
    config: { Entrypoint: ['/keeper'] },
  }
  const { bytes: archive } = await imageArchive(parts, [name])
  await progressOf(docker, await docker.loadImage(Readable.from([asBuffer(archive)])))
  return name
}

async function isThere(docker: Docker, name: string): Promise<boolean> {
  try {
    await daemon('look at an image', docker.getImage(name).inspect())
    return true
  } catch (error) {
    if (daemonStatus(error) === 404) return false
    throw error
  }
}

function otherMachine(architecture: string): RuntimeError {
  const known = Object.keys(BINARIES)
  return new RuntimeError(
    `expected a container daemon on ${known.join(' or ')}, got ${architecture}; offer another runtime there`,
    { code: 'NOT_STARTED', architecture, known },
  )
}
