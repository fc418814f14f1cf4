import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Entry, Manifest } from './manifest.ts'

const home = mkdtempSync(join(tmpdir(), 'souk-manifest-'))
afterAll(() => rmSync(home, { recursive: true }))
const fresh = () => mkdtempSync(join(home, 'm-'))

const DONE: Entry = {
  ...{ kind: 'done', digest: '0x01', job: 'j1', assurance: 'none', status: 'exit 0', bytes: 3, files: 0 },
}
const job = (id: string, ...names: string[]) => ({
  ...{ id, names, digests: names.map((): `0x${string}` => '0x01'), assurance: 'none' },
})

const step = fc.oneof(
  fc.record({ begin: fc.constantFrom('a', 'b'), names: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')) }),
  fc.constant({ over: true as const }),
  fc.record({ name: fc.constantFrom('x', 'y', 'z'), isDone: fc.boolean() }),
  fc.constant({ again: true as const }),
)

describe('the manifest of a folder of results', () => {
  it('says after any crash what it said before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const out = fresh()
        let manifest = Manifest.open(out)
        const model = Manifest.inMemory()
        for (const one of steps) {
          if ('again' in one) {
            manifest.close()
            manifest = Manifest.open(out)
            continue
          }
          for (const each of [manifest, model]) {
            if ('begin' in one) each.begin(job(one.begin, ...one.names))
            else if ('over' in one) each.over()
            else each.note(one.name, one.isDone ? DONE : null)
          }
        }
        manifest.close()
        manifest = Manifest.open(out)
        expect(manifest.entries).toEqual(model.entries)
        expect(manifest.known).toEqual(model.known)
        expect(manifest.job).toEqual(model.job)
        manifest.close()
      }),
      { numRuns: 30 },
    )
  })

  it('forgets a line that a crash tore, and goes on behind it', () => {
    const out = fresh()
    const first = Manifest.open(out)
    first.note('x', DONE)
    first.close()
    appendFileSync(join(out, '.souk-map', 'manifest.jsonl'), '{"name":"y","ent')
    const second = Manifest.open(out)
    expect([...second.entries.keys()]).toEqual(['x'])
    second.note('z', DONE)
    second.close()
    const third = Manifest.open(out)
    expect([...third.entries.keys()]).toEqual(['x', 'z'])
    third.close()
    expect(
      readFileSync(join(out, '.souk-map', 'manifest.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(2)
  })

  it('is for one command at a time', () => {
    const out = fresh()
    const manifest = Manifest.open(out)
    expect(() => Manifest.open(out)).toThrowError(expect.objectContaining({ code: 'FOLDER_LOCKED' }))
    manifest.close()
    Manifest.open(out).close()
  })
})
