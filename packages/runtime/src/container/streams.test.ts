import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { Capture } from './capture.ts'
import { type Piece, pieces } from './frames.ts'
import { knownFile, takeFiles } from './outputs.ts'
import { packFiles } from './tar.ts'

const streams = fc.constantFrom('stdout' as const, 'stderr' as const)
const written = fc.array(
  fc.record({ stream: streams, bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
)

/** Frames what was written, and cuts it anywhere. */
function framed(parts: readonly { stream: Piece['stream']; bytes: Uint8Array }[], cut: number): Readable {
  const all = Buffer.concat(
    parts.flatMap(({ stream, bytes }) => {
      const header = Buffer.alloc(8)
      header[0] = stream === 'stdout' ? 1 : 2
      header.writeUInt32BE(bytes.length, 4)
      return [header, bytes]
    }),
  )
  const chunks = Array.from({ length: Math.ceil(all.length / cut) }, (_, i) =>
    all.subarray(i * cut, (i + 1) * cut),
  )
  return Readable.from(chunks)
}

function joined(parts: readonly { stream: string; bytes: Uint8Array }[], wanted: string): string {
  return Buffer.concat(parts.filter(({ stream }) => stream === wanted).map(({ bytes }) => bytes)).toString(
    'hex',
  )
}

test('the two streams come apart wherever they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(written, fc.integer({ min: 1, max: 30 }), async (parts, cut) => {
      const got: Piece[] = []
      for await (const piece of pieces(framed(parts, cut))) got.push(piece)
      for (const stream of ['stdout', 'stderr']) expect(joined(got, stream)).toBe(joined(parts, stream))
    }),
  )
})

test('standard output is kept up to its limit, and not a byte beyond', async () => {
  await fc.assert(
    fc.asyncProperty(written, fc.nat(100), async (parts, limit) => {
      const heard: Uint8Array[] = []
      const capture = new Capture(limit, (news) => {
        if (news.kind === 'log' && news.stream === 'stdout') heard.push(news.bytes)
      })
      await capture.read(framed(parts, 7))
      const all = joined(parts, 'stdout')
      expect(Buffer.from(capture.stdout).toString('hex')).toBe(all.slice(0, 2 * limit))
      expect(Buffer.concat(heard).toString('hex')).toBe(all.slice(0, 2 * limit))
      const isFull = capture.full.then(() => true)
      expect(await Promise.race([isFull, setImmediate(false)])).toBe(all.length > 2 * limit)
    }),
  )
})

const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text) })
const same = (name: string) => name.replace(/\/$/, '')

test('files that are as they were are not taken, however large', async () => {
  const input = file('in', 'as it was')
  const known = new Map([['in', knownFile(input.bytes)]])
  const tar = () => packFiles([input, file('made/out', 'new')], { uid: 0, mode: 0o644 })
  const { files } = await takeFiles(tar(), { bytes: 3, files: 1 }, same, known)
  expect(files?.map(({ path }) => path)).toEqual(['made/out'])
  expect((await takeFiles(tar(), { bytes: 2, files: 1 }, same, known)).files).toBe(null)
  expect((await takeFiles(tar(), { bytes: 3, files: 0 }, same, known)).files).toBe(null)
  expect((await takeFiles(tar(), { bytes: 9, files: 2 }, same)).files).toBe(null)
})

test('an input that was replaced by something larger counts', async () => {
  const known = new Map([['in', knownFile(Buffer.from('x'))]])
  const tar = packFiles([file('in', 'y'.repeat(100))], { uid: 0, mode: 0o644 })
  expect((await takeFiles(tar, { bytes: 99, files: 8 }, same, known)).files).toBe(null)
})

test('links lead to files of the same stream alone', async () => {
  const tar = pack()
  tar.entry({ name: 'a' }, 'text')
  tar.entry({ name: 'b', type: 'link', linkname: 'a' })
  tar.entry({ name: 'c', type: 'link', linkname: '/etc/shadow' })
  tar.entry({ name: 'd', type: 'symlink', linkname: 'a' })
  tar.entry({ name: 'e', type: 'fifo' })
  tar.finalize()
  const { files } = await takeFiles(tar, { bytes: 100, files: 8 }, same)
  expect(files?.map(({ path, bytes }) => [path, String(Buffer.from(bytes))])).toEqual([
    ['a', 'text'],
    ['b', 'text'],
  ])
})

test('names that are no UTF-8 are left out: several would become one', async () => {
  const tar = await buffer(
    packFiles([file('a#', '1'), file('b#/c', '2'), file('d', '3')], { uid: 0, mode: 0o644 }),
  )
  for (let at = tar.indexOf('#'); at >= 0; at = tar.indexOf('#', at)) {
    const header = tar.subarray(at - (at % 512), at - (at % 512) + 512)
    header[at % 512] = 0xff
    // The checksum of a header is over all its bytes, its own as spaces.
    header.fill(' ', 148, 156)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  const { files, unnameable } = await takeFiles(Readable.from([tar]), { bytes: 100, files: 8 }, same)
  expect(files?.map(({ path }) => path)).toEqual(['d'])
  expect(unnameable).toEqual(['a\u{fffd}', 'b\u{fffd}/c'])
})

test('a stream that is no tar, or breaks off, is an error', async () => {
  const bounds = { bytes: 100, files: 8 }
  await expect(takeFiles(Readable.from([Buffer.alloc(1024, 1)]), bounds, same)).rejects.toThrow()
  const broken = new Readable({
    read() {
      this.destroy(new Error('the daemon is gone'))
    },
  })
  await expect(takeFiles(broken, bounds, same)).rejects.toThrow('the daemon is gone')
})
