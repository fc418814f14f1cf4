import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LIMITS, rawCid } from '@souk/protocol'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type DiskBlocks, type DiskBlocksPaths, openDiskBlocks } from './disk-blocks.ts'

const KIB = 1024
const LARGE = 256 * KIB

const root = mkdtempSync(join(tmpdir(), 'souk-disk-blocks-'))
let places = 0
afterAll(() => rmSync(root, { recursive: true }))

function place(): DiskBlocksPaths {
  const name = join(root, `${places++}`)
  return { rows: `${name}.sqlite`, files: name }
}

/** A block that differs by number: half of them are files, half rows. */
function numbered(n: number) {
  const bytes = new Uint8Array(n % 2 === 0 ? LARGE : LARGE / 2).fill(n + 1)
  return { n, bytes, cid: rawCid(bytes) }
}
const EIGHT = Array.from({ length: 8 }, (_, n) => numbered(n))

function blockOf(n: number) {
  const block = EIGHT[n]
  if (block === undefined) throw new Error(`expected one of eight, got ${n}`)
  return block
}

/** Returns the numbers of the blocks that are here, each of which must be what its address names. */
async function present(blocks: DiskBlocks): Promise<number[]> {
  const here: number[] = []
  for (const { n, cid, bytes } of EIGHT) {
    if (!(await blocks.has(cid))) continue
    expect(Buffer.compare((await blocks.get(cid)) ?? new Uint8Array(), bytes)).toBe(0)
    here.push(n)
  }
  return here
}

/** Returns a copy of what a store has on the disk, as it is for whoever comes after a kill. */
function copyOf(paths: DiskBlocksPaths): DiskBlocksPaths {
  const copy = place()
  for (const end of ['', '-wal']) {
    if (existsSync(paths.rows + end)) copyFileSync(paths.rows + end, copy.rows + end)
  }
  mkdirSync(copy.files)
  for (const name of readdirSync(paths.files)) {
    try {
      copyFileSync(join(paths.files, name), join(copy.files, name))
    } catch (error) {
      // It was given its name just now.
      expect((error as NodeJS.ErrnoException).code).toBe('ENOENT')
    }
  }
  return copy
}

describe('a large block', () => {
  test('is a file from 256 KiB on, and a row below', async () => {
    const paths = place()
    const blocks = openDiskBlocks(paths)
    const [small, large] = [new Uint8Array(LARGE - 1), new Uint8Array(LARGE)]
    for (const bytes of [small, large]) await blocks.put(rawCid(bytes), bytes)
    expect(readdirSync(paths.files)).toEqual([rawCid(large)])
    expect(await blocks.get(rawCid(small))).toEqual(small)
    await blocks.delete(rawCid(large))
    expect(readdirSync(paths.files)).toEqual([])
    await blocks.close()
  })

  test('put twenty times at once is one, and twenty are twenty', async () => {
    const paths = place()
    const blocks = openDiskBlocks(paths)
    const { cid, bytes } = blockOf(0)
    await Promise.all(Array.from({ length: 20 }, () => blocks.put(cid, bytes)))
    const twenty = Array.from({ length: 20 }, (_, n) => new Uint8Array(LARGE).fill(100 + n))
    await Promise.all(twenty.map((each) => blocks.put(rawCid(each), each)))
    expect(readdirSync(paths.files).sort()).toEqual([cid, ...twenty.map(rawCid)].sort())
    for (const each of twenty)
      expect(Buffer.compare((await blocks.get(rawCid(each))) ?? each.slice(1), each)).toBe(0)
    await blocks.close()
  })

  test('that pins leave no room for leaves no file', async () => {
    const paths = place()
    const blocks = openDiskBlocks(paths, { maxBytes: LARGE + 1 })
    const [first, second] = [blockOf(0), blockOf(2)]
    await blocks.pin('job', [first.cid])
    await blocks.put(first.cid, first.bytes)
    await expect(blocks.put(second.cid, second.bytes)).rejects.toMatchObject({ code: 'STORE_FULL' })
    await blocks.unpin('job')
    await blocks.put(second.cid, second.bytes)
    expect(readdirSync(paths.files)).toEqual([second.cid])
    await blocks.close()
  })

  test('that is being put when the store closes is there afterwards', async () => {
    const paths = place()
    const blocks = openDiskBlocks(paths)
    const { cid, bytes } = blockOf(0)
    const putting = blocks.put(cid, bytes)
    await blocks.close()
    await putting
    await expect(blocks.get(cid)).rejects.toMatchObject({ code: 'CLOSED' })
    const again = openDiskBlocks(paths)
    expect(await present(again)).toEqual([0])
    await again.close()
  })

  test.each(['before a start', 'meanwhile'])('whose file somebody took %s is not here', async (when) => {
    const paths = place()
    const [whole, gone, short] = [blockOf(0), blockOf(2), blockOf(4)]
    const blocks = openDiskBlocks(paths)
    for (const { cid, bytes } of [whole, gone, short]) await blocks.put(cid, bytes)
    rmSync(join(paths.files, gone.cid))
    truncateSync(join(paths.files, short.cid), LARGE - 1)
    if (when === 'before a start') await blocks.close()
    const now = when === 'before a start' ? openDiskBlocks(paths) : blocks
    for (const { cid } of [gone, short]) expect(await now.get(cid)).toBeUndefined()
    expect(await present(now)).toEqual([0])
    await now.put(short.cid, short.bytes)
    expect(await present(now)).toEqual([0, 4])
    await now.close()
  })

  test('without a row is removed at the next start, whole or not', async () => {
    const paths = place()
    await openDiskBlocks(paths).close()
    const { cid, bytes } = blockOf(0)
    writeFileSync(join(paths.files, cid), bytes)
    writeFileSync(join(paths.files, `${blockOf(2).cid}.part`), bytes.subarray(1))
    const blocks = openDiskBlocks(paths)
    expect(await present(blocks)).toEqual([])
    expect(readdirSync(paths.files)).toEqual([])
    await blocks.close()
  })
})

test('a file that a loss of power tore is no block, whatever its size', async () => {
  const paths = place()
  const { cid, bytes } = blockOf(0)
  const before = openDiskBlocks(paths)
  await before.put(cid, bytes)
  await before.close()
  writeFileSync(join(paths.files, cid), new Uint8Array(bytes.byteLength))
  const torn = openDiskBlocks(paths)
  expect(await torn.get(cid)).toBeUndefined()
  expect(await torn.has(cid)).toBe(false)
  await torn.put(cid, bytes)
  expect(await torn.get(cid)).toEqual(bytes)
  await torn.close()
  truncateSync(join(paths.files, cid), 1_000)
  const short = openDiskBlocks(paths)
  expect(await short.has(cid)).toBe(false)
  await short.close()
})

test('large blocks that an older version kept in rows are read, and counted', async () => {
  const paths = place()
  const old = new Uint8Array(LIMITS.blockBytes).fill(7)
  const db = new DatabaseSync(paths.rows)
  db.exec(`CREATE TABLE blocks (
      cid TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL
    ); PRAGMA user_version = 1`)
  db.prepare('INSERT INTO blocks VALUES (?, 1, ?, ?)').run(rawCid(old), old.byteLength, old)
  db.close()
  const blocks = openDiskBlocks(paths, { maxBytes: LIMITS.blockBytes + LARGE })
  expect(Buffer.compare((await blocks.get(rawCid(old))) ?? new Uint8Array(), old)).toBe(0)
  for (const n of [0, 2]) await blocks.put(blockOf(n).cid, blockOf(n).bytes)
  expect(await blocks.has(rawCid(old))).toBe(false)
  expect(await present(blocks)).toEqual([0, 2])
  await blocks.close()
})

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), n: fc.nat(7) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('get', 'pin', 'unpin', 'delete', 'take'), n: fc.nat(7) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('reopen', 'kill', 'kill while putting'), n: fc.nat(7) }),
  },
)

test('a store on disk agrees with a map through puts, uses, pins, evictions, restarts and kills', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const maxBytes = 4 * LARGE
      let paths = place()
      let blocks = openDiskBlocks(paths, { maxBytes })
      const model = new Model(maxBytes)
      const afterKill = async () => {
        const copy = copyOf(paths)
        await blocks.close()
        paths = copy
        blocks = openDiskBlocks(paths, { maxBytes })
        model.killed()
      }
      for (const { kind, n } of steps) {
        const { cid, bytes } = blockOf(n)
        if (kind === 'put') {
          const isKept = blocks.put(cid, bytes).then(
            () => true,
            () => false,
          )
          expect(await isKept).toBe(model.put(n))
        }
        if (kind === 'get') expect((await blocks.get(cid)) !== undefined).toBe(model.use(n))
        if (kind === 'pin') await blocks.pin('owner', [cid]).then(() => model.pinned.add(n))
        if (kind === 'unpin') await blocks.unpin('owner').then(() => model.pinned.clear())
        if (kind === 'delete') await blocks.delete(cid).then(() => model.drop(n))
        if (kind === 'take' && existsSync(join(paths.files, cid))) {
          rmSync(join(paths.files, cid))
          expect(await blocks.get(cid)).toBeUndefined()
          model.drop(n)
        }
        if (kind === 'reopen') {
          await blocks.close()
          blocks = openDiskBlocks(paths, { maxBytes })
          model.restarted()
        }
        if (kind === 'kill') await afterKill()
        if (kind === 'kill while putting') {
          const putting = blocks.put(cid, bytes).catch(() => undefined)
          for (let turns = n; turns > 0; turns--) await new Promise(setImmediate)
          const before = model.order()
          await afterKill()
          await putting
          model.adopt(n, before, await hereOf(blocks))
        }
        expect(await hereOf(blocks)).toEqual(model.here())
        expect(readdirSync(paths.files).sort()).toEqual(model.files())
      }
      expect(await present(blocks)).toEqual(model.here())
      await blocks.close()
    }),
    { numRuns: 25, interruptAfterTimeLimit: 20_000 },
  )
})

async function hereOf(blocks: DiskBlocks): Promise<number[]> {
  const here = await Promise.all(EIGHT.map(async ({ n, cid }) => ((await blocks.has(cid)) ? [n] : [])))
  return here.flat()
}

const act = fc.record({
  kind: fc.constantFrom('put', 'put', 'put', 'get', 'delete', 'turn'),
  n: fc.nat(7),
})

test('whatever overlaps, each file has its row, each row its file, and what is read is right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const paths = place()
      const maxBytes = 2 * LARGE
      const blocks = openDiskBlocks(paths, { maxBytes })
      const all: Promise<unknown>[] = []
      for (const { kind, n } of acts) {
        const { cid, bytes } = blockOf(n)
        if (kind === 'put')
          all.push(
            blocks
              .put(cid, bytes)
              .catch((error) => expect((error as { code: string }).code).toBe('STORE_FULL')),
          )
        if (kind === 'delete') all.push(blocks.delete(cid))
        if (kind === 'get')
          all.push(
            blocks
              .get(cid)
              .then((got) => expect(got === undefined || Buffer.compare(got, bytes) === 0).toBe(true)),
          )
        if (kind === 'turn') await new Promise(setImmediate)
      }
      await Promise.all(all)
      const here = await present(blocks)
      expect(sizeOf(here)).toBeLessThanOrEqual(maxBytes)
      expect(readdirSync(paths.files).sort()).toEqual(filesOf(here))
      await blocks.close()
      const again = openDiskBlocks(paths, { maxBytes })
      expect(await present(again)).toEqual(here)
      await again.close()
    }),
    { numRuns: 25, interruptAfterTimeLimit: 20_000 },
  )
})

/** Returns the names of the files of those blocks that are large. */
function filesOf(numbers: readonly number[]): string[] {
  return numbers
    .map(blockOf)
    .filter(({ bytes }) => bytes.byteLength >= LARGE)
    .map(({ cid }) => cid)
    .sort()
}

function sizeOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + blockOf(n).bytes.byteLength, 0)
}

/** Numbers of blocks in order of use. */
class Model {
  readonly pinned = new Set<number>()
  #order: number[] = []
  /** The order as the disk knows it: uses are written with the next block. */
  #written: number[] = []
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  put(n: number): boolean {
    if (this.use(n)) return true
    const size = blockOf(n).bytes.byteLength
    const victims: number[] = []
    for (const each of this.#order) {
      if (this.#bytes(victims) + size <= this.#maxBytes) break
      if (!this.pinned.has(each)) victims.push(each)
    }
    if (this.#bytes(victims) + size > this.#maxBytes) {
      this.#written = [...this.#order]
      return false
    }
    for (const each of victims) this.drop(each)
    this.#order.push(n)
    this.#written = [...this.#order]
    return true
  }

  use(n: number): boolean {
    if (!this.#order.includes(n)) return false
    this.#order = [...this.#order.filter((each) => each !== n), n]
    return true
  }

  drop(n: number): void {
    this.#order = this.#order.filter((each) => each !== n)
    this.#written = this.#written.filter((each) => each !== n)
  }

  restarted(): void {
    this.#written = [...this.#order]
  }

  killed(): void {
    this.#order = [...this.#written]
  }

  /**
   * Takes over what a put left that was cut off after `n` turns: itself or not, and perhaps less of what had to go for
   * it. Uses were written where it came to look for room, or to its row.
   */
  adopt(n: number, before: readonly number[], here: readonly number[]): void {
    const isNew = !before.includes(n)
    const lost = before.filter((each) => !here.includes(each))
    expect(lost.filter((each) => this.pinned.has(each) || !isNew)).toEqual([])
    expect(here.filter((each) => !before.includes(each) && each !== n)).toEqual([])
    const isFull = sizeOf(before) + sizeOf([n]) > this.#maxBytes
    const isWritten = isNew && (here.includes(n) || (isFull && n > 0))
    const order = (isWritten ? before : this.#written).filter((each) => here.includes(each))
    this.#order = isNew && here.includes(n) ? [...order, n] : order
    this.#written = [...this.#order]
  }

  order(): readonly number[] {
    return [...this.#order]
  }

  here(): number[] {
    return [...this.#order].sort((a, b) => a - b)
  }

  files(): string[] {
    return filesOf(this.#order)
  }

  #bytes(without: readonly number[]): number {
    return sizeOf(this.#order.filter((n) => !without.includes(n)))
  }
}
