import { ByteWriter } from './byte-writer.ts'
import { COUNTER_NAMES } from './counter-names.ts'
import { instrument } from './instrument.ts'

/** Value types and some opcodes, for modules written by hand. */
export const T = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const

export interface TestFunction {
  readonly parameters?: readonly number[]
  readonly results?: readonly number[]
  readonly locals?: readonly number[]
  /** Instructions without the last `end`. */
  readonly body: readonly number[]
}

/** A program that was run to its end. */
export interface Ran {
  readonly trapped: boolean
  readonly fuelLeft: bigint
  readonly memory: Uint8Array
}

export interface ModuleParts {
  /** Appended as they are: id and content of more sections, to be merged in order of ids. */
  readonly sections?: readonly (readonly [id: number, content: readonly number[]])[]
  readonly pages?: readonly [least: number, most: number]
  readonly exports?: readonly string[]
}

/** Assembles a program of which the first function is `_start`; each function has a type of its own. */
export function assemble(functions: readonly TestFunction[], parts: ModuleParts = {}): Uint8Array {
  const [least, most] = parts.pages ?? [1, 4]
  const sections = new Map<number, readonly number[]>([
    [
      1,
      vector(
        functions.map(({ parameters = [], results = [] }) => [
          0x60,
          ...vector(parameters.map((t) => [t])),
          ...vector(results.map((t) => [t])),
        ]),
      ),
    ],
    [3, vector(functions.map((_, i) => leb(i)))],
    [5, [1, 1, ...leb(least), ...leb(most)]],
    [
      7,
      vector([
        [...name('_start'), 0, 0],
        [...name('memory'), 2, 0],
        ...(parts.exports ?? []).map((each) => [...name(each), 0, 0]),
      ]),
    ],
    [10, vector(functions.map(codeOf))],
    ...(parts.sections ?? []),
  ])
  const out = new ByteWriter().raw(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
  for (const id of order) {
    const content = sections.get(id)
    if (content !== undefined) out.section(id, Uint8Array.from(content))
  }
  return out.bytes().slice()
}

/** Runs a program as it is. */
export function runPlain(program: Uint8Array): Pick<Ran, 'trapped' | 'memory'> {
  return call(new WebAssembly.Instance(new WebAssembly.Module(program), {}))
}

/** Runs an instrumented program with so much fuel and depth. */
export function runMetered(program: Uint8Array, fuel: bigint, depth = 1000): Ran {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(instrument(program)), {})
  const counter = (name: string) => instance.exports[name] as { value: bigint | number }
  counter(COUNTER_NAMES.fuel).value = fuel
  counter(COUNTER_NAMES.depth).value = depth
  return { ...call(instance), fuelLeft: counter(COUNTER_NAMES.fuel).value as bigint }
}

function call({ exports }: WebAssembly.Instance): Pick<Ran, 'trapped' | 'memory'> {
  const memory = exports.memory as WebAssembly.Memory
  let trapped = false
  try {
    ;(exports._start as () => void)()
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error
    trapped = true
  }
  return { trapped, memory: new Uint8Array(memory.buffer) }
}

export function leb(value: number): number[] {
  return [...new ByteWriter(8).uint(value).bytes()]
}

/** Returns `i32.const value`. */
export function i32(value: number): number[] {
  const bytes = [0x41]
  let left = value | 0
  for (;;) {
    const byte = left & 0x7f
    left >>= 7
    if ((left === 0 && (byte & 0x40) === 0) || (left === -1 && (byte & 0x40) !== 0)) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

export function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)]
}

export function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()]
}

function codeOf({ locals = [], body }: TestFunction): number[] {
  const code = [...vector(locals.map((type) => [1, type])), ...body, 0x0b]
  return [...leb(code.length), ...code]
}
