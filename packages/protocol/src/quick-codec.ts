import type { z } from 'zod'
import { CborReader } from './cbor-reader.ts'
import { CborWriter } from './cbor-writer.ts'
import { givenForm, LEFT, listenerOf, type QuickForm } from './quick-form.ts'
import { objectForm, unionForm } from './quick-objects.ts'
import {
  arrayForm,
  booleanForm,
  constantsForm,
  intForm,
  nullableForm,
  type Test,
  textForm,
  tupleForm,
} from './quick-values.ts'

/** The definition of a schema, as far as it is read here. */
interface Def {
  readonly type: string
  readonly format?: string
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDef } }[]
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly element?: z.ZodType
  readonly items?: readonly z.ZodType[]
  readonly rest?: z.ZodType | null
  readonly innerType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly discriminator?: string
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, string | number>>
}

interface CheckDef {
  readonly check: string
  readonly value?: number
  readonly inclusive?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly fn?: (value: unknown) => unknown
}

/** Encodes and decodes without the schema what that would take for sure; `undefined` and `LEFT` for all else. */
export interface QuickCodec {
  encode(value: unknown): Uint8Array | undefined
  decode(bytes: Uint8Array): unknown
}

/** One writer for all: an encoding is over before the next begins. */
const writer = new CborWriter()

/** Makes the quick codec of a schema; `undefined` where it has a part that is not known here. */
export function quickCodec(schema: z.ZodType): QuickCodec | undefined {
  const form = formOf(schema)
  if (form === undefined) return undefined
  return {
    encode(value) {
      writer.at = 0
      return form.write(value, writer) ? writer.bytes.slice(0, writer.at) : undefined
    },
    decode(bytes) {
      const input = new CborReader(bytes)
      const value = form.read(input)
      return input.at === bytes.byteLength ? value : LEFT
    },
  }
}

function defOf(schema: z.ZodType): Def {
  return schema._zod.def as unknown as Def
}

const forms = new WeakMap<z.ZodType, { readonly form: QuickForm | undefined }>()

function formOf(schema: z.ZodType): QuickForm | undefined {
  const before = forms.get(schema)
  if (before !== undefined) return before.form
  const form = givenForm(schema) ?? makeForm(schema)
  forms.set(schema, { form })
  return form
}

function makeForm(schema: z.ZodType): QuickForm | undefined {
  const def = defOf(schema)
  const test = testOf(def)
  if (test === undefined) return undefined
  switch (def.type) {
    case 'number':
      return def.format === 'safeint' ? intForm(test) : undefined
    case 'string':
      return textForm(test)
    case 'boolean':
      return booleanForm
    case 'literal':
      return def.values === undefined ? undefined : constantsForm(def.values)
    case 'enum':
      return def.entries === undefined ? undefined : constantsForm(Object.values(def.entries))
    case 'nullable':
      return def.innerType && nullableForm(formOf(def.innerType))
    case 'array':
      return def.element && arrayForm(formOf(def.element), test)
    case 'tuple':
      return def.rest === null && def.items !== undefined ? tupleForm(def.items.map(formOf), test) : undefined
    case 'object':
      return strictObjectForm(schema, def, test)
    case 'union':
      return unionOf(def)
    default:
      return undefined
  }
}

/** Returns the test that all checks of a schema come to; `undefined` where one is not known here. */
function testOf({ checks = [] }: Def): Test | undefined {
  const tests = checks.map(({ _zod }) => checkTest(_zod.def))
  if (tests.some((test) => test === undefined)) return undefined
  const [first, ...more] = tests as Test[]
  if (first === undefined) return () => true
  return more.length === 0 ? first : (value) => first(value) && more.every((test) => test(value))
}

function checkTest({
  check,
  value = 0,
  inclusive,
  minimum = 0,
  maximum = 0,
  fn,
}: CheckDef): Test | undefined {
  switch (check) {
    case 'greater_than':
      return inclusive === true ? (number: number) => number >= value : (number: number) => number > value
    case 'less_than':
      return inclusive === true ? (number: number) => number <= value : (number: number) => number < value
    case 'min_length':
      return (list: { length: number }) => list.length >= minimum
    case 'max_length':
      return (list: { length: number }) => list.length <= maximum
    case 'custom':
      return fn === undefined ? undefined : (of: never) => fn(of) === true
    default:
      return undefined
  }
}

function strictObjectForm(schema: z.ZodType, { shape, catchall }: Def, test: Test): QuickForm | undefined {
  if (shape === undefined || catchall === undefined || defOf(catchall).type !== 'never') return undefined
  const inner = (field: z.ZodType) => (isOptional(field) ? (defOf(field).innerType ?? field) : field)
  const fields = Object.entries(shape).map(([name, field]) => [name, formOf(inner(field))] as const)
  const lackable = new Set(Object.keys(shape).filter((name) => isOptional(shape[name])))
  return objectForm(Object.fromEntries(fields), test, lackable, listenerOf(schema))
}

function isOptional(field: z.ZodType | undefined): boolean {
  return field !== undefined && defOf(field).type === 'optional'
}

function unionOf({ options = [], discriminator }: Def): QuickForm | undefined {
  const forms = options.map(formOf)
  if (discriminator === undefined) return unionForm(forms)
  const by = new Map<unknown, QuickForm>()
  for (const [i, option] of options.entries()) {
    const [form, constant] = [forms[i], defOf(option).shape?.[discriminator]]
    const values = constant === undefined ? [] : (defOf(constant).values ?? [])
    if (form !== undefined) for (const value of values) by.set(value, form)
  }
  return unionForm(forms, { field: discriminator, by })
}
