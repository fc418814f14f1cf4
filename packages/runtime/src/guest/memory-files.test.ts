import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryDirectory, MemoryFile, MemoryFiles } from './memory-files.ts'
import { OutputBudget, OutputLimitReached } from './output-budget.ts'

const MANY = 1 << 30

type Step =
  | { kind: 'write'; at: number; data: Uint8Array }
  | { kind: 'resize'; size: number }
  | { kind: 'read'; at: number; length: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    at: fc.nat(9000),
    data: fc.uint8Array({ maxLength: 300 }),
  }),
  fc.record({ kind: fc.constant('resize' as const), size: fc.nat(9000) }),
  fc.record({ kind: fc.constant('read' as const), at: fc.nat(9000), length: fc.nat(300) }),
)

/** The same file as a plain list of numbers. */
function applyToList(list: number[], step: Step): number[] {
  if (step.kind === 'read') return list
  const size = step.kind === 'resize' ? step.size : grownSize(list, step)
  const next = Array.from({ length: size }, (_, i) => list[i] ?? 0)
  if (step.kind === 'write') next.splice(step.at, step.data.length, ...step.data)
  return next
}

function grownSize(list: number[], { at, data }: { at: number; data: Uint8Array }): number {
  return data.length === 0 ? list.length : Math.max(list.length, at + data.length)
}

test('a file behaves as a list of bytes does, and never changes the input it came from', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(step, { maxLength: 12 }), (input, steps) => {
      const original = input.slice()
      const file = new MemoryFile(1n, new OutputBudget(MANY, 1), input)
      let list = [...input]
      for (const each of steps) {
        if (each.kind === 'write') file.write(each.at, each.data)
        if (each.kind === 'resize') file.resize(each.size)
        if (each.kind === 'read') {
          expect([...file.read(each.at, each.length)]).toEqual(list.slice(each.at, each.at + each.length))
        }
        list = applyToList(list, each)
      }
      expect([...file.bytes()]).toEqual(list)
      expect(input).toEqual(original)
    }),
  )
})

test('what is charged is what changed files hold, until the last descriptor of a removed file closes', () => {
  const budget = new OutputBudget(10, 2)
  const files = new MemoryFiles([{ path: 'in', bytes: new Uint8Array(8) }], budget)
  const input = files.root.entries.get('in')
  const made = files.createFile(files.root, 'made')
  if (!(input instanceof MemoryFile) || !(made instanceof MemoryFile)) throw new Error('expected two files')
  made.write(0, new Uint8Array(4))
  expect(() => input.write(0, new Uint8Array(1))).toThrow(OutputLimitReached)
  expect(input.changed).toBe(false)
  made.opened()
  files.root.entries.delete('made')
  made.unlinked()
  expect(() => input.write(0, new Uint8Array(1))).toThrow(OutputLimitReached)
  made.closed()
  input.write(0, new Uint8Array(1))
  expect(files.outputs().map((file) => [file.path, file.bytes.byteLength])).toEqual([['in', 8]])
})

test('names that the wire cannot carry are refused', () => {
  const files = new MemoryFiles([], new OutputBudget(MANY, MANY))
  for (const name of ['', 'a\\b', 'a\0b', 'x'.repeat(4097)]) {
    expect(files.createFile(files.root, name)).toBeTypeOf('number')
    expect(files.createDirectory(files.root, name)).not.toBe(0)
  }
  expect(files.createDirectory(files.root, 'deep')).toBe(0)
  const deep = files.root.entries.get('deep')
  expect(deep).toBeInstanceOf(MemoryDirectory)
  if (deep instanceof MemoryDirectory) expect(files.createFile(deep, 'x'.repeat(4092))).toBeTypeOf('number')
})

test('an input inside another input is no file system', () => {
  const bytes = new Uint8Array()
  const inputs = [
    { path: 'a', bytes },
    { path: 'a/b', bytes },
  ]
  expect(() => new MemoryFiles(inputs, new OutputBudget(MANY, MANY))).toThrow(/inside another/)
})

test('nothing below the folders of checkpoints and secrets is output, and all of it counts', () => {
  const budget = new OutputBudget(10, 3)
  const given = [
    { path: 'run/secrets/token', bytes: new Uint8Array(4) },
    { path: 'checkpoint/latest/state', bytes: new Uint8Array(4) },
  ]
  const files = new MemoryFiles(given, budget)
  for (const path of ['run/secrets', 'checkpoint/latest']) {
    const folder = path.split('/').reduce<MemoryDirectory>((at, name) => {
      const next = at.entries.get(name)
      if (!(next instanceof MemoryDirectory)) throw new Error(`expected a folder ${name}`)
      return next
    }, files.root)
    const [file] = folder.entries.values()
    if (file instanceof MemoryFile) file.write(0, new Uint8Array(4))
  }
  expect(files.outputs()).toEqual([])
  expect(() => budget.charge(3)).toThrow(OutputLimitReached)
})

test('whatever is written, finished and removed in the checkpoint folder, its files and bytes are given back', () => {
  const names = fc.constantFrom('a', 'b', 'a.part', 'b.part', 'c.part')
  const step = fc.record({ from: names, to: names, folder: fc.boolean(), bytes: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const budget = new OutputBudget(MANY, MANY)
      const files = new MemoryFiles([], budget)
      files.createDirectory(files.root, 'checkpoint')
      const folder = files.root.entries.get('checkpoint')
      if (!(folder instanceof MemoryDirectory)) throw new Error('expected a folder')
      const place = (name: string) => ({ parent: folder, name, node: folder.entries.get(name) })
      for (const { from, to, folder: asFolder, bytes } of steps) {
        if (folder.entries.has(from)) files.rename(place(from), place(to))
        else if (!asFolder) write(files.createFile(folder, from), bytes)
        else if (files.createDirectory(folder, from) === 0) {
          const made = folder.entries.get(from)
          if (made instanceof MemoryDirectory) write(files.createFile(made, 'inside'), bytes)
        }
      }
      files.removeDirectory(folder)
      // Everything can be taken again exactly once.
      budget.charge(MANY)
      expect(() => budget.charge(1)).toThrow(OutputLimitReached)
      expect(files.createDirectory(folder, 'late')).not.toBe(0)
    }),
  )
})

function write(file: MemoryFile | number, bytes: number): void {
  if (file instanceof MemoryFile) file.write(0, new Uint8Array(bytes))
}
