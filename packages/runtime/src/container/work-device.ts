import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROGRAM_UID, type WorkDevice } from './settings.ts'

const run = promisify(execFile)
/** Milliseconds for making a file system in a sparse file. */
const TOOL_MS = 30_000
/** Bytes below which a file system has no room for anything. */
export const LEAST_DISK_BYTES = 1_048_576

/** A file system of a fixed size that exists until it is mounted nowhere, and whoever made it has let go of it. */
export interface WorkSpace {
  readonly device: WorkDevice
  /** To be called once it is mounted, or not wanted. */
  letGo(): Promise<void>
}

/** Returns a work folder's file system in memory, which counts as the program's. */
export function memorySpace(memoryBytes: number): WorkSpace {
  return { device: { memoryBytes }, letGo: async () => undefined }
}

/**
 * Makes a file system in a sparse file without a name, behind a loop device: its size is all that a program can
 * write. The kernel frees both when the last mount ends, whoever is killed meanwhile. Needs root on the daemon's
 * machine; throws what `mkfs.ext4` or `losetup` say.
 */
export async function diskSpace(bytes: number): Promise<WorkSpace> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-work-'))
  const file = await open(join(folder, String(process.pid)), 'w+')
  try {
    await rm(folder, { recursive: true })
    await file.truncate(bytes)
    const path = `/proc/${process.pid}/fd/${file.fd}`
    const owner = `root_owner=${PROGRAM_UID}:${PROGRAM_UID},nodiscard,lazy_itable_init=1`
    await tool('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', '-E', owner, path])
    await tool('debugfs', ['-w', '-R', 'rmdir lost+found', path])
    const device = (await tool('losetup', ['--find', '--show', path])).trim()
    // Detaching a device that is mounted takes place when it no longer is.
    return { device: { device }, letGo: async () => void (await tool('losetup', ['--detach', device])) }
  } finally {
    await file.close()
  }
}

async function tool(name: string, args: readonly string[]): Promise<string> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  return (await run(name, args, { timeout: TOOL_MS, env: { PATH: path } })).stdout
}
