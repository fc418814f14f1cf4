import { CborWriter } from './cbor-writer.ts'
import { LEFT, type QuickForm } from './quick-form.ts'

/** Tells whether a value passes what a schema asks beyond its type. */
export type Test = (value: never) => boolean

/** Unsigned integers that a number holds. */
export function intForm(test: Test): QuickForm {
  return {
    write(value, out) {
      if (!Number.isSafeInteger(value) || Object.is(value, -0) || (value as number) < 0) return false
      if (!test(value as never)) return false
      out.head(0, value as number)
      return true
    },
    read(input) {
      const value = input.head(0)
      return value >= 0 && test(value as never) ? value : LEFT
    },
  }
}

/** Texts of plain ASCII; all others are left. */
export function textForm(test: Test): QuickForm {
  return {
    write: (value, out) => typeof value === 'string' && test(value as never) && out.text(value),
    read(input) {
      const value = input.text()
      return value !== undefined && test(value as never) ? value : LEFT
    },
  }
}

const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6

/** True or false. */
export const booleanForm: QuickForm = {
  write(value, out) {
    if (typeof value !== 'boolean') return false
    out.reserve(1)
    out.bytes[out.at++] = value ? TRUE : FALSE
    return true
  },
  read(input) {
    const byte = input.next
    if (byte !== TRUE && byte !== FALSE) return LEFT
    input.at += 1
    return byte === TRUE
  },
}

/** What `inner` takes, or null. */
export function nullableForm(inner: QuickForm | undefined): QuickForm | undefined {
  if (inner === undefined) return undefined
  return {
    write(value, out) {
      if (value !== null) return inner.write(value, out)
      out.reserve(1)
      out.bytes[out.at++] = NULL
      return true
    },
    read(input) {
      if (input.next !== NULL) return inner.read(input)
      input.at += 1
      return null
    },
  }
}

/** Texts, booleans and small numbers that are one of a few. */
export function constantsForm(values: readonly unknown[]): QuickForm | undefined {
  const known = new Map<unknown, Uint8Array>()
  for (const value of values) {
    const plain = new CborWriter()
    if (typeof value === 'boolean') booleanForm.write(value, plain)
    else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) plain.head(0, value)
    else if (typeof value !== 'string' || !plain.text(value)) return undefined
    known.set(value, plain.bytes.slice(0, plain.at))
  }
  const entries = [...known]
  return {
    write(value, out) {
      const bytes = known.get(value)
      if (bytes === undefined || Object.is(value, -0)) return false
      out.raw(bytes)
      return true
    },
    read(input) {
      for (const [value, bytes] of entries) if (input.skip(bytes)) return value
      return LEFT
    },
  }
}

/** Lists of what `element` takes. */
export function arrayForm(element: QuickForm | undefined, test: Test): QuickForm | undefined {
  if (element === undefined) return undefined
  return {
    write(value, out) {
      if (!Array.isArray(value) || !test(value as never)) return false
      out.head(4, value.length)
      for (let i = 0; i < value.length; i++) if (!element.write(value[i], out)) return false
      return true
    },
    read(input) {
      const length = input.head(4)
      if (length < 0 || length > input.bytes.byteLength) return LEFT
      const list: unknown[] = []
      for (let i = 0; i < length; i++) {
        const value = element.read(input)
        if (value === LEFT) return LEFT
        list.push(value)
      }
      return test(list as never) ? list : LEFT
    },
  }
}

/** Lists of fixed length. */
export function tupleForm(items: readonly (QuickForm | undefined)[], test: Test): QuickForm | undefined {
  const parts = items.filter((item) => item !== undefined)
  if (parts.length < items.length) return undefined
  return {
    write(value, out) {
      if (!Array.isArray(value) || value.length !== parts.length || !test(value as never)) return false
      out.head(4, parts.length)
      return parts.every((part, i) => part.write(value[i], out))
    },
    read(input) {
      if (input.head(4) !== parts.length) return LEFT
      const list: unknown[] = []
      for (const part of parts) {
        const value = part.read(input)
        if (value === LEFT) return LEFT
        list.push(value)
      }
      return test(list as never) ? list : LEFT
    },
  }
}
