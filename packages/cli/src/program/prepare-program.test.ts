import { describe, expect, it } from 'vitest'
import { layout } from '../home.ts'
import { readMetering } from './metering.ts'
import { prepareProgram, requireEngine, usualEngine } from './prepare-program.ts'
import { JAVASCRIPT } from './script.ts'

const HOME = layout('/nowhere/local')
const PLAIN = { with: [], cflag: [], entrypoint: [], json: true }
const DIGEST = `sha256:${'ab'.repeat(32)}`

describe('prepareProgram', () => {
  it('leaves a WASI program as it is', async () => {
    const prepared = await prepareProgram('/a/b.wasm', ['x'], PLAIN, HOME)
    expect(prepared).toEqual({ program: '/a/b.wasm', args: ['x'], inputs: [] })
  })

  it('gives a script its interpreter, its own name as the first argument, and its modules', async () => {
    const options = { ...PLAIN, with: ['/a/lib/m.js'] }
    const prepared = await prepareProgram('/a/main.js', ['x'], options, HOME)
    expect(prepared).toEqual({
      program: JAVASCRIPT,
      args: ['main.js', 'x'],
      inputs: [
        ['main.js', '/a/main.js'],
        ['lib/m.js', '/a/lib/m.js'],
      ],
    })
  })

  it.each([`alpine@${DIGEST}`, `ghcr.io/a/b:1.2@${DIGEST}`, DIGEST])(
    'takes the image %s',
    async (reference) => {
      const options = { ...PLAIN, imageArchive: '/a/image.tar', entrypoint: ['sh', '-c'] }
      const { program } = await prepareProgram(`docker://${reference}`, ['ls'], options, HOME)
      expect(program).toEqual({ reference, archive: '/a/image.tar', entrypoint: ['sh', '-c'] })
    },
  )

  it.each(['alpine', 'alpine:3.20', '', `alpine@sha256:abc`])(
    'refuses the image %j and says how to pin it',
    async (name) => {
      await expect(prepareProgram(`docker://${name}`, [], PLAIN, HOME)).rejects.toMatchObject({
        data: { code: 'IMAGE_NOT_PINNED', image: name },
        message: expect.stringMatching(/imagetools inspect/),
      })
    },
  )

  it.each([
    ['--with', 'a.wasm', { with: ['b.c'] }],
    ['--with', '/a/main.js', { with: ['/b/m.js'] }],
    ['--cflag', 'a.js', { cflag: ['-g'] }],
    ['--image-archive', 'a.c', { imageArchive: 'b.tar' }],
    ['--entrypoint', 'a.wasm', { entrypoint: ['sh'] }],
  ])('refuses %s with %s', async (option, program, change) => {
    const prepared = prepareProgram(program, [], { ...PLAIN, ...change }, HOME)
    await expect(prepared).rejects.toMatchObject({ data: { code: 'BAD_OPTION', option } })
  })
})

describe('the engine', () => {
  it('is wasm/1 but for images', () => {
    expect(['a.wasm', 'a.c', 'a.js'].map(usualEngine)).toEqual(['wasm/1', 'wasm/1', 'wasm/1'])
    expect(usualEngine(`docker://${DIGEST}`)).toBe('container/1')
  })

  it('must be one that runs the program', () => {
    const image = { reference: DIGEST, archive: null, entrypoint: null }
    expect(() => requireEngine('/a.wasm', 'wasm-det/1')).not.toThrow()
    expect(() => requireEngine(image, 'container/1')).not.toThrow()
    const refused = expect.objectContaining({ data: { code: 'BAD_OPTION', option: '--engine' } })
    expect(() => requireEngine('/a.wasm', 'container/1')).toThrow(refused)
    expect(() => requireEngine(image, 'wasm/1')).toThrow(refused)
  })

  it('that counts gets numbers, others get 0', () => {
    expect(readMetering({}, 'wasm-det/1')).toEqual({ fuel: 10n ** 12n, depth: 10_000 })
    expect(readMetering({ fuel: '5', depth: '1000000' }, 'wasm-det/1')).toEqual({
      fuel: 5n,
      depth: 1_000_000,
    })
    expect(readMetering({}, 'wasm/1')).toEqual({ fuel: 0n, depth: 0 })
  })

  it.each([
    [{ fuel: '0' }, 'wasm-det/1', '--fuel'],
    [{ fuel: `${2n ** 64n}` }, 'wasm-det/1', '--fuel'],
    [{ fuel: 'much' }, 'wasm-det/1', '--fuel'],
    [{ depth: '1000001' }, 'wasm-det/1', '--depth'],
    [{ fuel: '5' }, 'wasm/1', '--fuel'],
    [{ depth: '5' }, 'container/1', '--depth'],
  ] as const)('refuses %j for %s', (options, engine, option) => {
    expect(() => readMetering(options, engine)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_OPTION', option } }),
    )
  })
})
