import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '@souk/protocol'
import { type GpuDevice, isLocal } from '@souk/runtime'
import { lockFolder } from '@souk/storage/node'
import { OperatorError } from './operator-error.ts'

/** Folder of a device's lock: one for all processes of a user on this machine. */
function folderOf(id: string): string {
  const { uid, username } = userInfo()
  const name = createHash('sha256').update(id).digest('hex').slice(0, 32)
  return join(tmpdir(), `souk-gpus-${uid < 0 ? username : uid}`, name)
}

/**
 * Claims GPUs for this process alone, by a lock of the operating system that goes with the process however that dies:
 * two providers on one machine can never lease the same device. Software adapters are nobody's, and a cluster gives out its own. Returns a function that
 * lets go of them. Throws {@link OperatorError} `GPU_TAKEN`.
 */
export function claimGpus(gpus: readonly Pick<GpuDevice, 'id' | 'family' | 'sharing'>[]): () => void {
  const locks: { release(): void }[] = []
  const release = () => {
    for (const lock of locks.splice(0)) lock.release()
  }
  try {
    for (const gpu of gpus.filter(isLocal)) locks.push(claim(gpu.id))
    return release
  } catch (error) {
    release()
    throw error
  }
}

function claim(id: string): { release(): void } {
  const folder = folderOf(id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    return lockFolder(folder)
  } catch (error) {
    if (errorCode(error) !== 'FOLDER_LOCKED') throw error
    throw new OperatorError(
      `expected the GPU ${id} to be sold by nobody else, another provider of this machine has it; stop that one, or name other GPUs by --gpu`,
      { code: 'GPU_TAKEN', id },
    )
  }
}
