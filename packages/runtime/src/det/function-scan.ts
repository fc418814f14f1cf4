import type { ByteReader } from './byte-reader.ts'
import { unsupported } from './det-error.ts'
import { FloatSites, OTHER } from './float-sites.ts'
import { readImmediate } from './immediates.ts'
import { FORMAT, IMMEDIATE, SHAPES, type Shape } from './opcodes.ts'
import { OperandStack } from './operand-stack.ts'
import type { FunctionType, Outline } from './outline.ts'
import { HELPER, PATCH, type Patch } from './patches.ts'
import { readValueType, VALUE } from './value-types.ts'

/** A function as it was read. */
export interface FunctionScan {
  readonly type: FunctionType
  /** Where its instructions begin and end, the last `end` excluded. */
  readonly start: number
  readonly end: number
  /** Declared locals: number of groups, their bytes, and how many locals there are with the parameters. */
  readonly localGroups: number
  readonly localsStart: number
  readonly locals: number
  /** In the order of their places. */
  readonly patches: readonly Patch[]
  readonly sites: FloatSites
  /** Whether it calls functions of the module. */
  readonly calls: boolean
}

const [NOP, BLOCK, LOOP, IF, ELSE, END] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x0b]
const [BR, BR_IF, BR_TABLE, RETURN, CALL, CALL_INDIRECT] = [0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]

/** Reads the body of one function of a valid module. Throws `DetError` for instructions that are not of the engine. */
export function scanFunction(reader: ByteReader, type: FunctionType, outline: Outline): FunctionScan {
  return new Scan(reader, type, outline).run()
}

class Scan {
  readonly #reader: ByteReader
  readonly #type: FunctionType
  readonly #outline: Outline
  readonly #sites = new FloatSites()
  readonly #patches: Patch[] = []
  readonly #stack = new OperandStack(this.#sites)
  readonly #locals: number[]
  /** The charge of the segment that is being read; `undefined` where it cannot be reached. */
  #segment: Patch | undefined
  #calls = false

  constructor(reader: ByteReader, type: FunctionType, outline: Outline) {
    this.#reader = reader
    this.#type = type
    this.#outline = outline
    this.#locals = [...type.parameters]
  }

  run(): FunctionScan {
    const reader = this.#reader
    const localGroups = reader.uint()
    const localsStart = reader.at
    for (let i = 0; i < localGroups; i += 1) this.#declare(reader.uint())
    const start = reader.at
    this.#stack.open({ opcode: BLOCK, parameters: 0, results: this.#type.results.length })
    this.#beginSegment()
    while (this.#stack.depth > 0) this.#instruction()
    return {
      ...{ type: this.#type, start, end: reader.at - 1, localGroups, localsStart },
      ...{ locals: this.#locals.length, patches: this.#patches, sites: this.#sites, calls: this.#calls },
    }
  }

  #declare(count: number): void {
    const type = readValueType(this.#reader)
    if (this.#locals.length + count > MOST_LOCALS) throw unsupported(`at most ${MOST_LOCALS} locals`, 'more')
    for (let i = 0; i < count; i += 1) this.#locals.push(type)
  }

  #instruction(): void {
    const { at } = this.#reader
    const code = this.#reader.byte()
    const shape = SHAPES.plain[code]
    if (shape?.immediate === IMMEDIATE.special) this.#special(code, at)
    else if (code === 0xfc) this.#bulk(at, this.#reader.uint())
    else if (code === 0xfd) this.#plain(SHAPES.simd[this.#reader.uint()], at, code)
    else if (code === 0x40) this.#growMemory(at)
    else this.#plain(shape, at, code)
  }

  #plain(shape: Shape | undefined, at: number, code: number): void {
    if (shape === undefined) throw notOfTheEngine(this.#reader.bytes, at)
    this.#count()
    const value = readImmediate(this.#reader, shape, code)
    for (let i = 0; i < shape.pops; i += 1) this.#consume(shape, code)
    if (shape.makes !== FORMAT.none) this.#pushSite(this.#sites.arithmetic(shape.makes))
    else if (shape.pushes > 0) this.#stack.push(value)
  }

  #consume({ reads }: Shape, code: number): void {
    const value = this.#stack.pop()
    if (code === DROP || value <= 0) return
    if (reads === FORMAT.none) this.#sites.see(value)
    else this.#sites.use(value, reads)
  }

  #bulk(at: number, code: number): void {
    const shape = SHAPES.bulk[code]
    const length = LENGTHS.get(code)
    if (length !== undefined) this.#patches.push({ at, replaces: 0, kind: PATCH.chargeLength, value: length })
    this.#plain(shape, at, -1)
    if (code === TABLE_GROW)
      this.#patches.push({ at, replaces: this.#reader.at - at, kind: PATCH.call, value: HELPER.growTable })
  }

  #growMemory(at: number): void {
    this.#reader.skipLeb()
    this.#count()
    this.#patches.push({ at, replaces: this.#reader.at - at, kind: PATCH.call, value: HELPER.growMemory })
  }

  #special(code: number, at: number): void {
    if (code === BLOCK || code === LOOP || code === IF) this.#enter(code)
    else if (code === ELSE) this.#else()
    else if (code === END) this.#end()
    else if (code === CALL) this.#call(this.#reader.uint())
    else if (code === CALL_INDIRECT) this.#callIndirect()
    else {
      this.#count()
      if (code >= LOCAL_GET) this.#local(code, this.#reader.uint())
      else if (code !== NOP) this.#jump(code, at)
    }
  }

  #jump(code: number, at: number): void {
    const reader = this.#reader
    if (code === BR_IF || code === BR_TABLE) this.#stack.pop()
    if (code === BR_TABLE) this.#branchAny(reader.uint() + 1)
    if (code === BR || code === BR_IF) this.#branch(reader.uint())
    if (code === RETURN) {
      this.#stack.seeTop(this.#type.results.length)
      this.#patches.push({ at, replaces: 1, kind: PATCH.leave, value: this.#stack.depth - 1 })
    }
    if (code === BR_IF) this.#beginSegment()
    else this.#die()
  }

  #local(code: number, index: number): void {
    const isParameter = index < this.#type.parameters.length
    const isFloat = FLOATS.has(this.#locals[index] ?? 0)
    if (code !== LOCAL_GET) {
      const value = this.#stack.pop()
      if (isFloat) this.#sites.write(value, index, isParameter)
    }
    if (code === LOCAL_SET) return
    if (isFloat && !isParameter) this.#pushSite(this.#sites.reading(index))
    else this.#stack.push(OTHER)
  }

  #call(index: number): void {
    if (index >= this.#outline.importedFunctions) this.#calls = true
    this.#callType(this.#outline.types[this.#outline.functions[index] ?? -1])
  }

  #callIndirect(): void {
    const type = this.#outline.types[this.#reader.uint()]
    this.#reader.skipLeb()
    this.#stack.pop()
    this.#calls = true
    this.#callType(type)
  }

  #callType(type: FunctionType | undefined): void {
    if (type === undefined) throw new RangeError('a call of a function without a type')
    this.#count()
    this.#stack.giveAway(type.parameters.length)
    this.#stack.pushOthers(type.results.length)
    // The program may end in there: what follows is charged only if it comes to that.
    this.#beginSegment()
  }

  #enter(code: number): void {
    const { parameters, results } = this.#blockType()
    if (code === IF) this.#stack.pop()
    if (code !== LOOP) this.#count()
    this.#stack.giveAway(parameters)
    this.#stack.open({ opcode: code, parameters, results })
    if (code === BLOCK || this.#stack.top.isDead) return
    this.#beginSegment()
    if (code === LOOP) this.#count()
  }

  #else(): void {
    const { parameters, results, wasDead } = this.#stack.close()
    this.#stack.open({ opcode: BLOCK, parameters, results }, wasDead)
    this.#stack.top.isTarget = true
    this.#beginSegment()
  }

  #end(): void {
    const frame = this.#stack.close()
    if (this.#stack.depth === 0) return
    this.#stack.pushOthers(frame.results)
    const isJoin = frame.opcode === IF || frame.isTarget
    const outer = this.#stack.top
    outer.isDead = frame.wasDead || (frame.isDead && !isJoin)
    if (outer.isDead) this.#segment = undefined
    else if (isJoin) this.#beginSegment()
  }

  /** Reads the labels of a table, of which many may be the same. */
  #branchAny(count: number): void {
    const labels = new Set<number>()
    for (let left = count; left > 0; left -= 1) labels.add(this.#reader.uint())
    for (const label of labels) this.#branch(label)
  }

  #branch(label: number): void {
    const frame = this.#stack.labelled(label)
    this.#stack.seeTop(frame.opcode === LOOP ? frame.parameters : frame.results)
    if (frame.opcode !== LOOP && !this.#stack.top.isDead) frame.isTarget = true
  }

  #blockType(): { parameters: number; results: number } {
    const reader = this.#reader
    const first = reader.bytes[reader.at] ?? 0
    if (first === 0x40) {
      reader.skip(1)
      return { parameters: 0, results: 0 }
    }
    if (first < 0x80 && first >= 0x40) {
      readValueType(reader)
      return { parameters: 0, results: 1 }
    }
    const type = this.#outline.types[reader.uint()]
    // A longer way to write a code: read as a number it would name a type that the block does not have.
    if (((reader.bytes[reader.at - 1] ?? 0) & SIGN_BIT) !== 0)
      throw unsupported('block types in their shortest form', 'a longer one')
    return { parameters: type?.parameters.length ?? 0, results: type?.results.length ?? 0 }
  }

  /** Counts one instruction of the segment. */
  #count(): void {
    if (this.#segment) this.#segment.value += 1
  }

  #beginSegment(): void {
    if (this.#stack.top.isDead) {
      this.#segment = undefined
      return
    }
    this.#segment = { at: this.#reader.at, replaces: 0, kind: PATCH.charge, value: 0 }
    this.#patches.push(this.#segment)
  }

  #die(): void {
    this.#stack.die()
    this.#segment = undefined
  }

  #pushSite(site: number): void {
    this.#stack.push(site)
    this.#patches.push({ at: this.#reader.at, replaces: 0, kind: PATCH.canonical, value: site })
  }
}

const DROP = 0x1a
/** The sign of a signed LEB128 integer, in its last byte. */
const SIGN_BIT = 0x40
const [LOCAL_GET, LOCAL_SET] = [0x20, 0x21]
const TABLE_GROW = 0x0f
/** Bulk instructions that are charged by their length, which lies on top of the stack. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [0x08, HELPER.chargeBytes],
  [0x0a, HELPER.chargeBytes],
  [0x0b, HELPER.chargeBytes],
  [0x0c, HELPER.chargeElements],
  [0x0e, HELPER.chargeElements],
  [0x11, HELPER.chargeElements],
])
/** Locals of one function, parameters included; V8's own bound, less what the engine adds. */
const MOST_LOCALS = 49_000
const FLOATS: ReadonlySet<number> = new Set([VALUE.f32, VALUE.f64, VALUE.v128])

function notOfTheEngine(bytes: Uint8Array, at: number): Error {
  const name = [...bytes.subarray(at, at + 3)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return unsupported(
    'no threads, relaxed SIMD, tail calls, exceptions or garbage-collected values',
    `an instruction that begins with the bytes ${name}`,
  )
}
