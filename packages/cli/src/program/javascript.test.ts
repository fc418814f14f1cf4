import { readFile } from 'node:fs/promises'
import { validateProgram } from '@souk/protocol'
import { createWasmExecutor, type Executor } from '@souk/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ended, type Reading, runProgram } from './run-program.fixture.ts'
import { JAVASCRIPT } from './script.ts'

const MIB = 1024 * 1024

describe('scripts', () => {
  let executor: Executor
  beforeAll(async () => {
    executor = await createWasmExecutor({ memoryBytes: 128 * MIB })
  })
  afterAll(() => executor.stop())

  const run = async (script: string, { args = [], files = {}, ...reading }: Reading = {}) => {
    const all = { ...reading, args: ['main.js', ...args], files: { 'main.js': script, ...files } }
    return ended(await runProgram(executor, JAVASCRIPT, all))
  }
  const printed = async (script: string, reading: Reading = {}) => {
    const { status, stdout, log } = await run(script, reading)
    expect(status, log).toEqual({ kind: 'exit', code: 0 })
    return stdout
  }

  it('run in a program that wasm/1 takes', async () => {
    const program = await readFile(JAVASCRIPT)
    expect(() => validateProgram(program)).not.toThrow()
  })

  it('see their arguments and environment as Node gives them', async () => {
    const script = 'console.log(process.argv.slice(1), scriptArgs, process.env)'
    expect(await printed(script, { args: ['a b', 'ü', ''] })).toBe(
      '[ "main.js", "a b", "ü", "" ] [ "main.js", "a b", "ü", "" ] { LANG: "C" }\n',
    )
  })

  it('read standard input, whole and as bytes', async () => {
    const stdin = 'grüße\n'.repeat(50_000)
    const script = `const fs = require('fs')
      const bytes = fs.readFileSync(0)
      console.log(bytes.length, bytes.toString().length, new TextDecoder().decode(bytes.subarray(0, 7)))`
    expect(await printed(script, { stdin })).toBe(`${8 * 50_000} ${stdin.length} grüße\n`)
  })

  it('write, append, list and take away files', async () => {
    const script = `import * as fs from 'node:fs'
      fs.mkdirSync('out/deep', { recursive: true })
      fs.writeFileSync('/out/deep/a.bin', new Uint8Array([1, 2, 104, 105]).subarray(2))
      fs.appendFileSync('out/deep/a.bin', '!')
      fs.appendFileSync('out/b', 'new')
      fs.writeFileSync('gone', ''); fs.unlinkSync('gone')
      for (let i = 0; i < 3; i++) fs.writeFileSync('out/' + 'long'.repeat(40) + i, '')
      console.log(fs.readdirSync('.'), fs.readdirSync('out').length, fs.statSync('out').isDirectory())
      console.log(fs.existsSync('gone'), fs.statSync('out/b').size)`
    const { stdout, files } = await run(script)
    expect(stdout).toBe('[ "main.js", "out" ] 5 true\nfalse 3\n')
    expect(files).toMatchObject({ 'out/deep/a.bin': 'hi!', 'out/b': 'new' })
  })

  it('list folders of more entries than one call gives', async () => {
    const script = `import { readdirSync } from 'node:fs'
      const names = readdirSync('many')
      console.log(names.length, names[0], names.at(-1))`
    const name = (i: number) => `many/${`${i}`.padStart(4, '0')}${'x'.repeat(200)}`
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [name(i), '']))
    const x = 'x'.repeat(200)
    expect(await printed(script, { files })).toBe(`200 0000${x} 0199${x}\n`)
  })

  it('import modules, from files and from each other in a circle', async () => {
    const files = {
      'lib/a.js':
        "import { b } from './b.js'; export const a = () => 'a' + b; export default import.meta !== undefined",
      'lib/b.js': "import { a } from './a.js'; export const b = 'b'; export const again = () => a()",
    }
    const script = `import ok, { a } from './lib/a.js'
      const { again } = await import('./lib/b.js')
      console.log(ok, a(), again())`
    expect(await printed(script, { files })).toBe('true ab ab\n')
  })

  it.each([
    ["throw new TypeError('bad')", 1, /Uncaught TypeError: bad\n.*main\.js:1/s],
    ['throw { code: 7 }', 1, /Uncaught \{ code: 7 \}/],
    ['let x = ;', 1, /Uncaught SyntaxError/],
    ["import './none.js'", 1, /ENOENT.*none\.js/],
    ["import 'left-pad'", 1, /ENOENT.*left-pad/],
    ["Promise.reject(new Error('lost')); console.log(1)", 1, /Uncaught Error: lost/],
    ["await Promise.reject(new Error('awaited'))", 1, /Uncaught Error: awaited/],
    ['await new Promise(() => {})', 13, /nothing settles/],
    ['process.exit(41)', 41, /^$/],
    ['process.exitCode = 3', 3, /^$/],
    ["console.error('to people'); process.exit()", 0, /to people/],
  ])('end by %s with %d', async (script, code, log) => {
    const outcome = await run(script)
    expect(outcome.status).toEqual({ kind: 'exit', code })
    expect(outcome.log).toMatch(log)
  })

  it('may handle a rejection later, as long as they handle it', async () => {
    const script = `const lost = Promise.reject(new Error('late'))
      await null
      lost.catch(({ message }) => console.log(message))`
    expect(await printed(script)).toBe('late\n')
  })

  it.each([
    ['calls', '(function deep(n) { return 1 + deep(n + 1) })(0)'],
    [
      'calls through the host',
      '(function deep() { return [1].map(() => new TextEncoder().encode({ toString: deep })) })()',
    ],
    ['a pattern', "new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5))"],
    ['generators', '(function* deep() { yield* deep() })().next()'],
  ])('catch a stack that is exhausted by %s', async (_, code) => {
    const script = `try { ${code}; console.log('none') } catch (error) { console.log(/stack/.test(error.message)) }
      console.log([3, 1, 2].sort().join(), require('fs').readdirSync('/').length)`
    expect(await printed(script)).toBe('true\n1,2,3 1\n')
  })

  it('nest values and source code some hundred deep', async () => {
    const script = `const nested = eval('['.repeat(300) + ']'.repeat(300))
      console.log(JSON.stringify(JSON.parse(JSON.stringify(nested))).length)`
    expect(await printed(script)).toBe('600\n')
  })

  it('catch the want of memory, and find what they hold and the program itself unharmed', async () => {
    const script = `const kept = []
      try { for (let i = 0; ; i++) kept.push(new Uint8Array(1e6).fill(i % 251)) } catch (error) { kept.error = error.name }
      const whole = kept.every((bytes, i) => bytes.every((byte) => byte === i % 251))
      const count = kept.length
      kept.length = 0
      console.log(kept.error, count > 30, whole, require('fs').readFileSync('main.js', 'utf8').length > 100)`
    const { stdout } = await run(script, { pages: 1024 })
    expect(stdout).toBe('InternalError true true true\n')
  })

  it('have no way out but files and streams, and the same time and chance everywhere', async () => {
    const script = `const gone = ['fetch', 'setTimeout', 'std', 'os', 'Worker', 'WebAssembly'].filter((name) => name in globalThis)
      console.log(gone.length, Math.random(), new Date(0).getTimezoneOffset(), Date.now() < 1000)`
    const first = await printed(script)
    expect(first).toMatch(/^0 0\.\d+ 0 true\n$/)
    expect(await printed(script)).toBe(first)
  })

  it('show values as people read them', async () => {
    const script = `const loop = { name: 'loop' }; loop.self = loop
      class Point { x = 1 }
      console.log('a', 1n, -0, null, undefined, Symbol('s'), [1, , 3], new Point(), Point, loop)
      console.log(new Map([['k', { v: new Set([1]) }]]), new Uint8Array(2), [[[[1]]]], () => 1, new Date(0), /x/g)`
    expect(await printed(script)).toBe(
      'a 1n -0 null undefined Symbol(s) [ 1, undefined, 3 ] Point { x: 1 } [class Point] { name: "loop", self: [Circular] }\n' +
        'Map(1) { "k" => { v: Set(1) { 1 } } } Uint8Array(2) [ 0, 0 ] [ [ [ [Array] ] ] ] [Function: (anonymous)] 1970-01-01T00:00:00.000Z /x/g\n',
    )
  })
})
