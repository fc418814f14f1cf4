import type { ByteReader } from './byte-reader.ts'
import { unsupported } from './det-error.ts'
import { readValueType, VALUE } from './value-types.ts'

/** Bits of the kind of an element segment (core 2.0 §5.5.12). */
const ELEMENTS = { passive: 1, explicit: 2, expressions: 4 } as const
/** Kinds of data segments: at an address of the memory, passive, and at an address with the memory's index. */
const DATA = { active: 0, passive: 1, indexed: 2 } as const
/** Functions, as elements that are listed by their indices. */
const FUNCTIONS = 0

/** A global that a module defines. */
export interface GlobalType {
  readonly type: number
  readonly isMutable: boolean
}

/**
 * Reads the types of the globals of a valid module. Throws `DetError`, as do the others here, for what is newer than core
 * 2.0: one machine's engine would take it and another's not.
 */
export function readGlobals(reader: ByteReader): GlobalType[] {
  return Array.from({ length: reader.uint() }, () => {
    const type = readValueType(reader)
    const isMutable = reader.byte() === 1
    skipConstant(reader)
    return { type, isMutable }
  })
}

/** Passes over the element segments. */
export function checkElements(reader: ByteReader): void {
  for (let left = reader.uint(); left > 0; left -= 1) checkSegment(reader, reader.uint())
}

/** Passes over the data segments. */
export function checkData(reader: ByteReader): void {
  for (let left = reader.uint(); left > 0; left -= 1) {
    const kind = reader.uint()
    if (kind > DATA.indexed) throw unsupported('data for the memory', `data of kind ${kind}`)
    if (kind === DATA.indexed) reader.skipLeb()
    if (kind !== DATA.passive) skipConstant(reader)
    reader.skip(reader.uint())
  }
}

function checkSegment(reader: ByteReader, kind: number): void {
  const isActive = (kind & ELEMENTS.passive) === 0
  const areExpressions = (kind & ELEMENTS.expressions) !== 0
  if (isActive && (kind & ELEMENTS.explicit) !== 0) reader.skipLeb()
  if (isActive) skipConstant(reader)
  if ((kind & (ELEMENTS.passive | ELEMENTS.explicit)) !== 0) {
    if (reader.byte() !== (areExpressions ? VALUE.funcref : FUNCTIONS))
      throw unsupported('functions as elements', 'others')
  }
  for (let left = reader.uint(); left > 0; left -= 1) {
    if (areExpressions) skipConstant(reader)
    else reader.skipLeb()
  }
}

const [I32_CONST, I64_CONST, F32_CONST, F64_CONST] = [0x41, 0x42, 0x43, 0x44]
const [REF_NULL, REF_FUNC, VECTOR, V128_CONST, END] = [0xd0, 0xd2, 0xfd, 0x0c, 0x0b]

/** Passes over an expression of one constant. */
function skipConstant(reader: ByteReader): void {
  const code = reader.byte()
  if (code === I32_CONST || code === I64_CONST || code === REF_FUNC) reader.skipLeb()
  else if (code === F32_CONST) reader.skip(4)
  else if (code === F64_CONST) reader.skip(8)
  else if (code === VECTOR && reader.uint() === V128_CONST) reader.skip(16)
  else if (code !== REF_NULL || reader.byte() !== VALUE.funcref) throw notConstant(code)
  const next = reader.byte()
  if (next !== END) throw notConstant(next)
}

function notConstant(code: number): Error {
  return unsupported('single constants as initial values', `the instruction 0x${code.toString(16)} in one`)
}
