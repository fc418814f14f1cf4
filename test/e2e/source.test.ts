import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, runSouk } from './processes.fixture.ts'

const example = (name: string) => join(ROOT, 'packages/cli/examples', name)

describe('programs from source, on a local market', () => {
  let home: string
  const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: home })
  const write = (name: string, text: string) => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'souk-source-'))
    const { code, stderr } = await souk('up')
    expect(code, stderr).toBe(0)
  })
  afterAll(async () => {
    await souk('down')
    rmSync(home, { recursive: true, force: true })
  })

  it('runs C from two files, compiled once', async () => {
    const table = write('sales.csv', 'fig,1\npear,2\nfig,40\n')
    const args = ['run', example('totals.c'), '--with', example('table.c'), '--file', `sales.csv=${table}`]
    const first = await souk(...args, '--', 'sales.csv')
    expect(first).toMatchObject({ code: 0, stdout: 'fig,41\npear,2\n' })
    expect(first.stderr).toContain('compiling totals.c, table.c')
    const second = await souk(...args, '--', 'sales.csv')
    expect(second).toMatchObject({ code: 0, stdout: 'fig,41\npear,2\n' })
    expect(second.stderr).not.toContain('compiling')
    expect(readdirSync(join(home, 'compiled'))).toHaveLength(1)
  })

  it('runs a script with its module on a quorum and brings back what it wrote', async () => {
    const text = write('text', 'the cat the dog')
    const out = join(home, 'out')
    const options = ['--with', example('count-words.js'), '--file', `text=${text}`, '--out', out]
    const { code, stdout, stderr } = await souk('run', example('words.js'), ...options, '--', 'text', '1')
    expect(code, stderr).toBe(0)
    expect(stdout).toBe('2 the\n')
    expect(JSON.parse(readFileSync(join(out, 'counts.json'), 'utf8'))).toEqual({ the: 2, cat: 1, dog: 1 })
  })

  it('runs a script on the engine whose results anybody can check', async () => {
    const script = write(
      'sum.js',
      'let s = 0; for (let i = 1; i <= 1000; i++) s += Math.sqrt(i); console.log(s)',
    )
    const { code, stdout, stderr } = await souk('run', script, '--engine', 'wasm-det', '--json')
    expect(code, stderr).toBe(0)
    const { state, output } = JSON.parse(stdout)
    expect([state, Buffer.from(JSON.parse(stdout).stdout, 'base64').toString()]).toEqual([
      'done',
      `${Array.from({ length: 1000 }, (_, i) => Math.sqrt(i + 1)).reduce((sum, x) => sum + x, 0)}\n`,
    ])
    expect(BigInt(output.fuel)).toBeGreaterThan(0n)
  })

  it('ends as a script does that throws', async () => {
    const script = write('bad.js', "throw new Error('no luck')")
    const { code } = await souk('run', script, '--assurance', 'none')
    expect(code).toBe(1)
  })

  it('shows a compile error as the compiler writes it, before anything is leased', async () => {
    const { code, stdout, stderr } = await souk('run', write('wrong.c', 'int main(void) { return x; }'))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/wrong\.c:1:25: error: use of undeclared identifier 'x'/)
    expect(stderr).toContain('[COMPILE_FAILED]')
  })

  it.each([
    [['docker://alpine:3'], 'IMAGE_NOT_PINNED'],
    [[example('words.js'), '--engine', 'container'], 'BAD_OPTION'],
    [[example('words.js'), '--fuel', '5'], 'BAD_OPTION'],
  ])('refuses %j with %s', async (args, name) => {
    const { code, stderr } = await souk('run', ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(`[${name}]`)
  })
})
