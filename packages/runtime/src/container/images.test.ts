import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type ContainerImage, containerImageCodec, toBlocks } from '@souk/protocol'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Executor } from '../executor.ts'
import { type DockerDaemon, noDockerReason, startDocker } from '../testing/docker-daemon.ts'
import { underway } from '../testing/executor-compliance.ts'
import { expectOutput, failureCode, stdoutText } from '../testing/task-bench.ts'
import { imageBench, shellImage } from '../testing/test-image.ts'
import type { ImageArchive } from './docker-archive.ts'
import { containerEngine } from './engine.ts'
import {
  DEFAULT_POLICY,
  type ImagePolicy,
  matches,
  refuseBringing,
  refuseName,
  refuseSize,
} from './image-policy.ts'
import { entryBytes, tarEntries } from './tar.ts'

const MIB = 1024 * 1024
const missing = noDockerReason()

describe.skipIf(missing !== null)(`images${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let daemon: DockerDaemon
  let image: ImageArchive
  let registry: Registry
  beforeAll(async () => {
    daemon = await startDocker()
    image = await shellImage()
    registry = await startRegistry(image)
  }, 120_000)
  afterAll(async () => {
    // Also where one of them did not come up: what did must end.
    registry?.server.close()
    await daemon?.stop()
  }, 60_000)
  const withExecutor = async (policy: Partial<ImagePolicy>, use: (executor: Executor) => Promise<void>) => {
    const share = { memoryBytes: 64 * MIB, cores: 1, diskBytes: 0, gpus: [] }
    const executor = await containerEngine({ policy }).start({ runtime: 'container/1', ...share })
    try {
      await use(executor)
    } finally {
      await executor.stop()
    }
  }
  const codeOf = async (
    change: Partial<ContainerImage>,
    policy: Partial<ImagePolicy> = {},
    archive = image,
  ) => {
    let code = ''
    await withExecutor(policy, async (executor) => {
      code = failureCode(await imageBench(archive, change).run(executor, ['echo ran']))
    })
    return code
  }
  const pulled = (): Partial<ContainerImage> => ({ reference: registry.reference, archive: null })

  test('an image is pulled by its digest, with news of its progress, and taken away afterwards', async () => {
    await withExecutor({}, async (executor) => {
      const bench = imageBench(image, pulled())
      const running = underway(executor, bench, bench.task(['echo pulled']))
      expect(stdoutText(await running.outcome)).toBe('pulled\n')
      const news = running.news.flatMap((each) => (each.kind === 'preparing' ? [each] : []))
      expect(news.at(-1)).toMatchObject({ what: registry.reference, totalBytes: registry.layerBytes })
      const again = underway(executor, bench, bench.task(['echo again']))
      expect(stdoutText(await again.outcome)).toBe('again\n')
      expect(again.news.some(({ kind }) => kind === 'preparing')).toBe(false)
    })
    const names = (await daemon.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])
    expect(names.every((name) => name.startsWith('souk-keeper:'))).toBe(true)
  })

  test('an image that no registry has, or whose bytes are others, is missing', async () => {
    const other = registry.reference.replace(/sha256:.*/, `sha256:${'0'.repeat(64)}`)
    expect(await codeOf({ reference: other, archive: null })).toBe('missing-input')
    registry.lies = true
    expect(await codeOf(pulled())).toBe('missing-input')
    registry.lies = false
    expect(await codeOf({ archive: null })).toBe('missing-input')
  })

  test('a provider says which images it takes', async () => {
    expect(await codeOf(pulled(), { allow: ['docker.io/*'] })).toBe('refused')
    expect(await codeOf(pulled(), { pull: false })).toBe('refused')
    expect(await codeOf(pulled(), { imageBytes: 1000 })).toBe('refused')
    expect(await codeOf({}, { imageBytes: 1000 })).toBe('refused')
    expect(await codeOf({}, { archives: false })).toBe('refused')
    expect(await codeOf(pulled(), { archives: false })).toBe('output exit')
    expect(await codeOf({}, { allow: ['sha256:*'], pull: false })).toBe('output exit')
  })

  test('an archive of another image than it says is no program, and nothing of it stays', async () => {
    const reference = `sha256:${'1'.repeat(64)}`
    expect(await codeOf({ reference })).toBe('bad-program')
    const noise = { id: image.id, bytes: new TextEncoder().encode('no tar at all') }
    expect(await codeOf({}, {}, noise)).toBe('bad-program')
    const two = { id: image.id, bytes: await twice(image) }
    expect(await codeOf({}, {}, two)).toBe('bad-program')
    expect(await daemon.docker.listImages()).toHaveLength(1)
  })

  test('an archive holds what was checked, whatever its entries are named and linked to', async () => {
    const other = await shellImage({ Labels: { other: 'yes' } })
    for (const prefix of ['x/../', './y//../', 'link/']) {
      const bytes = await overwritten(image, other, prefix)
      expect(await codeOf({}, {}, { id: image.id, bytes }), prefix).toBe('output exit')
    }
    expect(await daemon.docker.listImages()).toHaveLength(1)
  })

  test('an archive with the name of an allowed image is loaded under no policy', async () => {
    const reference = `docker.io/library/busybox@${image.id}`
    expect(await codeOf({ reference }, { allow: ['docker.io/library/*'] })).toBe('bad-program')
    expect(await daemon.docker.listImages()).toHaveLength(1)
  })

  test("names in an archive do not take the place of anybody's image", async () => {
    const [before] = await daemon.docker.listImages()
    const name = before?.RepoTags?.[0] ?? ''
    const tagged = await shellImage({ Labels: { other: 'yes' } }, [name])
    expect(await codeOf({}, {}, tagged)).toBe('output exit')
    expect((await daemon.docker.getImage(name).inspect()).Id).toBe(before?.Id)
  })

  test('a command that is not there, and an entry point of the task', async () => {
    expect(await codeOf({ entrypoint: ['/bin/nothing'] })).toBe('bad-program')
    await withExecutor({}, async (executor) => {
      const bench = imageBench(image, { entrypoint: ['/bin/busybox', 'echo', 'instead'] })
      expect(stdoutText(await bench.run(executor, ['of it']))).toBe('instead of it\n')
    })
  })

  test('an image that wants too many volumes is refused', async () => {
    const paths = Array.from({ length: 17 }, (_, i) => [`/data${i}`, {}])
    const greedy = await shellImage({ Volumes: Object.fromEntries(paths) })
    expect(await codeOf({}, {}, greedy)).toBe('refused')
  })

  test('what comes twice at a time is brought once', async () => {
    const asked: string[] = []
    const share = { memoryBytes: 128 * MIB, cores: 2, diskBytes: 0, gpus: [] }
    const executor = await containerEngine().start({ runtime: 'container/1', ...share })
    const bench = imageBench(image)
    const { content } = bench.execution(bench.task([]))
    const counted = async (cid: string) => {
      asked.push(cid)
      return content(cid)
    }
    const both = [1, 2].map((id) =>
      executor.run(
        bench.execution(bench.task(['echo x']), { id: String(id), content: counted }),
        new AbortController().signal,
      ),
    )
    for (const outcome of await Promise.all(both)) expect(expectOutput(outcome).status.kind).toBe('exit')
    const { cid } = toBlocks(image.bytes).content
    expect(asked.filter((each) => each === cid)).toHaveLength(1)
    await executor.stop()
  })
})

test('a refusal says which rule it is', () => {
  const named: ContainerImage = {
    ...{ v: 1, archive: null, entrypoint: null },
    reference: `docker.io/library/alpine@sha256:${'a'.repeat(64)}`,
  }
  const sent = { ...named, reference: `sha256:${'a'.repeat(64)}`, archive: { cid: 'bafy', bytes: 1 } }
  const policy = { ...DEFAULT_POLICY, imageBytes: 10 }
  expect(refuseName(named, policy)).toBeNull()
  expect(refuseName(named, { ...policy, allow: ['docker.io/library/*'] })).toBeNull()
  expect(refuseName(named, { ...policy, allow: [named.reference] })).toBeNull()
  expect(refuseName(named, { ...policy, allow: ['ghcr.io/*'] })?.data).toMatchObject({ rule: 'allow' })
  expect(refuseName(named, { ...policy, allow: [] })?.data).toMatchObject({ rule: 'allow' })
  expect(refuseBringing(named, { ...policy, archives: false })).toBeNull()
  expect(refuseBringing(named, { ...policy, pull: false })?.data).toMatchObject({ rule: 'pull' })
  expect(refuseBringing(sent, { ...policy, pull: false })).toBeNull()
  expect(refuseBringing(sent, { ...policy, archives: false })?.data).toMatchObject({ rule: 'archives' })
  expect(refuseSize(named.reference, 10, policy)).toBeNull()
  expect(refuseSize(named.reference, 11, policy)?.data).toMatchObject({ rule: 'size', most: 10 })
})

test('globs stand for whole names', () => {
  expect(matches('*', 'docker.io/library/alpine@sha256:00')).toBe(true)
  expect(matches('docker.io/library/*', 'docker.io/library/alpine@sha256:00')).toBe(true)
  expect(matches('docker.io/library/*', 'evil.example/docker.io/library/x')).toBe(false)
  expect(matches('a.b/*', 'axb/c')).toBe(false)
})

test('an image has the same name in a task and out of it', () => {
  const program: ContainerImage = {
    v: 1,
    reference: `sha256:${'a'.repeat(64)}`,
    archive: null,
    entrypoint: null,
  }
  expect(containerImageCodec.decode(containerImageCodec.encode(program))).toEqual(program)
})

interface Registry {
  readonly server: Server
  readonly reference: string
  readonly layerBytes: number
  /** Whether it gives another image than its digest says. */
  lies: boolean
}

/** Serves one image as registries do (OCI distribution specification, pull). */
async function startRegistry(image: ImageArchive): Promise<Registry> {
  const files = new Map<string, Uint8Array>()
  for await (const entry of tarEntries(Readable.from([Buffer.from(image.bytes)]))) {
    const bytes = await entryBytes(entry, Number.MAX_SAFE_INTEGER)
    if (bytes !== null) files.set(entry.header.name, bytes)
  }
  const config = Buffer.from(files.get(`${image.id.slice(7)}.json`) ?? [])
  const layer = gzipSync(files.get('layer.tar') ?? new Uint8Array())
  expect(gunzipSync(layer).length).toBeGreaterThan(0)
  const described = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    size: bytes.length,
    digest: digest(bytes),
  })
  const type = 'application/vnd.docker.distribution.manifest.v2+json'
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: type },
      config: described('application/vnd.docker.container.image.v1+json', config),
      layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  )
  const blobs = new Map([config, layer].map((bytes) => [digest(bytes), bytes]))
  const server = createServer((request, response) => {
    const last = (request.url ?? '').split('/').at(-1) ?? ''
    const isManifest = /\/manifests\//.test(request.url ?? '')
    const honest = isManifest && last === digest(manifest) ? manifest : blobs.get(last)
    const body = registry.lies && isManifest ? Buffer.concat([manifest, Buffer.from(' ')]) : honest
    if (request.url === '/v2/') response.end('{}')
    else if (body === undefined) response.writeHead(404).end()
    else {
      const headers = {
        'content-type': isManifest ? type : 'application/octet-stream',
        'content-length': body.length,
      }
      response.writeHead(200, { ...headers, 'docker-content-digest': last })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const reference = `127.0.0.1:${port}/tests/shell@${digest(manifest)}`
  const registry: Registry = { server, reference, layerBytes: layer.length, lies: false }
  return registry
}

function digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** Returns an archive of an image, followed by another's under names that lead to the first one's files. */
async function overwritten(image: ImageArchive, other: ImageArchive, prefix: string): Promise<Uint8Array> {
  const tar = pack()
  const copy = async ({ bytes, id }: ImageArchive, before: string) => {
    for await (const entry of tarEntries(Readable.from([Buffer.from(bytes)]))) {
      const content = Buffer.from((await entryBytes(entry, Number.MAX_SAFE_INTEGER)) ?? [])
      tar.entry({ name: before + entry.header.name.replace(id.slice(7), image.id.slice(7)) }, content)
    }
  }
  await copy(image, '')
  tar.entry({ name: 'link', type: 'symlink', linkname: '.' })
  await copy(other, prefix)
  tar.finalize()
  return buffer(tar)
}

/** Returns an archive that lists its image twice. */
async function twice(image: ImageArchive): Promise<Uint8Array> {
  const tar = pack()
  for await (const entry of tarEntries(Readable.from([Buffer.from(image.bytes)]))) {
    const bytes = Buffer.from((await entryBytes(entry, Number.MAX_SAFE_INTEGER)) ?? [])
    const { name } = entry.header
    const list = () => JSON.stringify([...JSON.parse(String(bytes)), ...JSON.parse(String(bytes))])
    tar.entry({ name }, name === 'manifest.json' ? list() : bytes)
  }
  tar.finalize()
  return buffer(tar)
}
