import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ContainerImage, containerImageCodec, toBlocks } from '@souk/protocol'
import { type ImageArchive, type ImageParts, imageArchive } from '../container/docker-archive.ts'
import { TaskBench } from './task-bench.ts'

/** Docker's name of this machine's kind. */
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch
/** Folders that a read-only root must have. */
const FOLDERS = ['dev', 'proc', 'run/secrets', 'sys', 'tmp', 'work']

/** An image of one static program. */
export async function programImage(
  name: string,
  bytes: Uint8Array,
  config: ImageParts['config'],
  tags: readonly string[] = [],
): Promise<ImageArchive> {
  const files = [{ path: `bin/${name}`, bytes }]
  return imageArchive({ architecture: ARCHITECTURE, files, folders: FOLDERS, config }, tags)
}

/** An image in which a task's first argument is a script of Debian's static busybox. */
export async function shellImage(config: ImageParts['config'] = {}, tags: readonly string[] = []) {
  const path = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
  const entry = { Entrypoint: ['/bin/busybox', 'sh', '-c'], Env: ['PATH=/bin'] }
  return programImage('busybox', await readFile(path), { ...entry, ...config }, tags)
}

/** An image whose program is `programs/conduct.c`, built by the machine's own compiler. */
export async function conductImage(): Promise<ImageArchive> {
  const source = await readFile(new URL('../../programs/conduct.c', import.meta.url), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'souk-conduct-'))
  try {
    // Times of files are real in a container.
    await writeFile(join(folder, 'conduct.c'), source.replace(' || status.st_mtime != 0', ''))
    execFileSync('gcc', ['-O1', '-w', '-static', '-o', 'conduct', 'conduct.c'], { cwd: folder })
    return await programImage('conduct', await readFile(join(folder, 'conduct')), {
      Entrypoint: ['/bin/conduct'],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns a bench whose tasks run an image that comes as an archive. */
export function imageBench(image: ImageArchive, change: Partial<ContainerImage> = {}): TaskBench {
  const { cid } = toBlocks(image.bytes).content
  const archive = { cid, bytes: image.bytes.byteLength }
  const program: ContainerImage = { v: 1, reference: image.id, archive, entrypoint: null, ...change }
  const bench = new TaskBench({ engine: 'container/1', program: containerImageCodec.encode(program) })
  bench.put(image.bytes)
  return bench
}
