import { basename, posix, resolve, sep } from 'node:path'
import { errorCode } from '@souk/protocol'
import { bytesOf, type SessionTarget, sendBytes } from '@souk/requester'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'
import { type CopyEnds, readEnds } from '../inside/copy-ends.ts'
import { packTree } from '../inside/pack.ts'
import { type Copied, copyProgress } from '../inside/progress.ts'
import { tarEntries } from '../inside/tar-entries.ts'
import { addTarget, readTarget, type TargetOptions } from '../inside/target.ts'
import { unpack } from '../inside/unpack.ts'
import { untilInterrupted } from '../interrupt.ts'
import type { Owner } from '../owner.ts'
import { printJson, withSession } from './shared.ts'

interface Options extends TargetOptions {
  force: boolean
}

/** Adds `souk cp`. */
export function addCp(program: Command): void {
  const command = program
    .command('cp')
    .description('copy a file or folder out of a running program, or into it')
    .argument('<from>', 'LEASE:PATH, or a path on this machine; PATH is relative to /work')
    .argument('<to>', 'the other of the two')
    .option('--force', 'replace files that are there', false)
  addTarget(command).action(copy)
}

async function copy(from: string, to: string, options: Options): Promise<void> {
  const ends = readEnds(from, to)
  await withSession(options, async ({ owner }) => {
    const signal = untilInterrupted()
    const progress = copyProgress(!options.json)
    try {
      const copied = await run(owner, ends, readTarget(ends.name, options), options, progress.show, signal)
      progress.clear()
      if (options.json) printJson(copied)
      else process.stdout.write(`${progress.words(copied)}\n`)
      return 0
    } catch (error) {
      progress.clear()
      if (!signal.aborted) throw error
      return EXIT.interrupted
    }
  })
}

async function run(
  owner: Owner,
  ends: CopyEnds,
  target: SessionTarget,
  options: Options,
  onProgress: (copied: Copied) => void,
  signal: AbortSignal,
): Promise<Copied> {
  if (ends.direction === 'out') {
    const session = await owner.session({ target, purpose: { kind: 'read', path: ends.remote } })
    signal.addEventListener('abort', () => session.hangUp())
    return unpack(bytesOf(session), localTarget(ends.local), { force: options.force, onProgress })
  }
  const path = await remoteTarget(owner, target, ends, options.force)
  let copied: Copied = { files: 0, bytes: 0, skipped: 0 }
  const tar = packTree(resolve(ends.local), posix.basename(path), (packed) => {
    copied = { ...packed }
    onProgress(copied)
  })
  const session = await owner.session({ target, purpose: { kind: 'write', path: posix.dirname(path) } })
  signal.addEventListener('abort', () => session.hangUp())
  await sendBytes(session, tar)
  return copied
}

/** Keeps a separator at the end, which says that a folder is meant. */
function localTarget(local: string): string {
  return local.endsWith('/') || local.endsWith(sep) ? `${resolve(local)}${sep}` : resolve(local)
}

/** Returns the path that something copied into a program gets there: beneath a folder, or by a new name. */
async function remoteTarget(
  owner: Owner,
  target: SessionTarget,
  { local, remote }: CopyEnds,
  force: boolean,
): Promise<string> {
  const kind = await kindOf(owner, target, remote)
  if (kind !== 'directory') return requireFree(remote, kind, force)
  const path = posix.join(remote, basename(resolve(local)))
  return requireFree(path, await kindOf(owner, target, path), force)
}

function requireFree(path: string, kind: string | null, force: boolean): string {
  if (kind === null || force) return path
  throw new CliError(`expected ${path} not to exist yet in the program; give another name, or --force`, {
    code: 'OUT_EXISTS',
    file: path,
  })
}

/** Returns the type of what lies at a path in a program; `null` where nothing does. */
async function kindOf(owner: Owner, target: SessionTarget, path: string): Promise<string | null> {
  const session = await owner.session({ target, purpose: { kind: 'read', path } })
  try {
    for await (const { header } of tarEntries(bytesOf(session))) return header.type ?? 'file'
    return null
  } catch (error) {
    if (errorCode(error) === 'NO_SUCH_PATH') return null
    throw error
  } finally {
    session.hangUp()
  }
}
