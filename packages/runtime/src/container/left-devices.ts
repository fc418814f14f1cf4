import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** Milliseconds for `losetup`. */
const TOOL_MS = 10_000
/** Where work folders' file systems are made: the file within is named for the process that makes it. */
const FOLDER = /^souk-work-/
/** Its path as the kernel tells it of a loop device: the file has no name any more. */
const BACKING = /\/souk-work-[^/]+\/(\d+)(?: \(deleted\))?$/

/** Lets go of loop devices whose makers were killed before they could, and returns their names; needs root on Linux. */
export async function detachLeft(): Promise<string[]> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return []
  const listed = await losetup(['--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE']).catch(
    () => '',
  )
  const left = listed.split('\n').flatMap((line) => {
    const [device = '', ...path] = line.split(' ')
    const [, maker] = BACKING.exec(path.join(' ').replaceAll('\\x20', ' ')) ?? []
    return maker !== undefined && isGone(Number(maker)) ? [device] : []
  })
  for (const device of left) await losetup(['--detach', device]).catch(() => undefined)
  return left
}

/** Removes the folders in which dead processes were making a file system, and returns them. */
export function removeFolders(): string[] {
  const left = readdirSync(tmpdir())
    .filter((name) => FOLDER.test(name))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => isAbandoned(folder))
  for (const folder of left) rmSync(folder, { recursive: true, force: true })
  return left
}

function isAbandoned(folder: string): boolean {
  try {
    const files = readdirSync(folder)
    return files.length > 0 && files.every((file) => isGone(Number(basename(file))))
  } catch {
    return false
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

async function losetup(args: readonly string[]): Promise<string> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  return (await promisify(execFile)('losetup', args, { timeout: TOOL_MS, env: { PATH: path } })).stdout
}
