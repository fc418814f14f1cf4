import { CborWriter } from './cbor-writer.ts'
import { LEFT, type QuickForm } from './quick-form.ts'
import type { Test } from './quick-values.ts'

interface Field {
  readonly name: string
  /** The name as it stands before its value. */
  readonly head: Uint8Array
  readonly form: QuickForm
  /** Its place in the schema, which is that in objects. */
  readonly place: number
  readonly mayLack: boolean
}

/** Objects with exactly these fields, of which `lackable` may be absent. `listener` hears of each that is read, with its bytes. */
export function objectForm(
  shape: Readonly<Record<string, QuickForm | undefined>>,
  test: Test,
  lackable: ReadonlySet<string>,
  listener?: (value: object, bytes: Uint8Array) => void,
): QuickForm | undefined {
  const names = Object.keys(shape)
  const fields = names.flatMap((name, place) => fieldOf(name, shape[name], place, lackable.has(name)) ?? [])
  if (fields.length < names.length) return undefined
  const least = names.length - lackable.size
  // Canonical order: the shorter name first.
  fields.sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
  return {
    write(value, out) {
      if (typeof value !== 'object' || value === null) return false
      const from = value as Record<string, unknown>
      let present = least
      if (lackable.size > 0) for (const name of lackable) if (name in from) present++
      if (!hasOnly(value, present)) return false
      out.head(5, present)
      for (const { name, head, form, mayLack } of fields) {
        if (mayLack && !(name in from)) continue
        out.raw(head)
        if (!form.write(from[name], out)) return false
      }
      return test(value as never)
    },
    read(input) {
      const start = input.at
      const present = input.head(5)
      const values = new Array<unknown>(fields.length)
      let found = 0
      for (const { head, form, place, mayLack } of fields) {
        if (!input.skip(head)) {
          if (!mayLack) return LEFT
          values[place] = LEFT
          continue
        }
        const value = form.read(input)
        if (value === LEFT) return LEFT
        values[place] = value
        found++
      }
      if (found !== present) return LEFT
      const made: Record<string, unknown> = {}
      for (let i = 0; i < names.length; i++) if (values[i] !== LEFT) made[names[i] ?? ''] = values[i]
      if (!test(made as never)) return LEFT
      listener?.(made, input.bytes.subarray(start, input.at))
      return made
    },
  }
}

function fieldOf(
  name: string,
  form: QuickForm | undefined,
  place: number,
  mayLack: boolean,
): Field | undefined {
  const plain = new CborWriter()
  if (form === undefined || !plain.text(name)) return undefined
  return { name, head: plain.bytes.slice(0, plain.at), form, place, mayLack }
}

function hasOnly(value: object, count: number): boolean {
  let found = 0
  for (const _ in value) found++
  return found === count
}

/** What one of `forms` takes; where `chosen` is given, a field of that name says which. */
export function unionForm(
  forms: readonly (QuickForm | undefined)[],
  chosen?: { readonly field: string; readonly by: ReadonlyMap<unknown, QuickForm> },
): QuickForm | undefined {
  const parts = forms.filter((form) => form !== undefined)
  if (parts.length < forms.length) return undefined
  return {
    write(value, out) {
      if (chosen !== undefined) {
        const from = value as Record<string, unknown> | null | undefined
        return chosen.by.get(from?.[chosen.field])?.write(value, out) ?? false
      }
      const start = out.at
      for (const part of parts) {
        if (part.write(value, out)) return true
        out.at = start
      }
      return false
    },
    read(input) {
      const start = input.at
      for (const part of parts) {
        const value = part.read(input)
        if (value !== LEFT) return value
        input.at = start
      }
      return LEFT
    },
  }
}
