import { expect, test } from 'vitest'
import { instrument } from '../det/instrument.ts'
import { assemble, i32, name, T, vector } from '../det/module.fixture.ts'
import type { GuestResult, GuestWorld } from './messages.ts'
import { runGuest } from './run-guest.ts'

const FUNCREF = 0x70
const world: GuestWorld = {
  ...{ args: ['program'], env: [], stdin: new Uint8Array(), files: [], seed: 0n, clockNs: 0n, heard: false },
  limits: { fuel: 1_000_000n, pages: 4, depth: 10, outputBytes: 1000, files: 10 },
  metered: false,
}

/** Runs a program that imports one function, which is number 0. */
function run(imported: string, parameters: number[], results: number[], body: number[], metered: boolean) {
  const type = [0x60, ...vector(parameters.map((t) => [t])), ...vector(results.map((t) => [t]))]
  const program = assemble([{ body }], {
    sections: [
      [1, vector([[0x60, 0, 0], type])],
      [2, vector([[...name('wasi_snapshot_preview1'), ...name(imported), 0, 1]])],
      [3, [1, 0]],
      [7, vector([...[[...name('_start'), 0, 1]], [...name('memory'), 2, 0]])],
    ],
  })
  const module = new WebAssembly.Module(metered ? instrument(program) : program)
  return runGuest(module, { ...world, metered }, null)
}

function endOf(result: GuestResult): string {
  return result.kind === 'failed' ? result.code : result.status.kind
}

test.each([true, false])(
  'an import of other types than WASI declares is a bad program (metered: %s)',
  (metered) => {
    const call = [0x10, 0]
    expect(endOf(run('proc_exit', [T.i32], [], [...i32(5), ...call], metered))).toBe('exit')
    // Each would have become an exit code that nothing can encode.
    expect(endOf(run('proc_exit', [], [], call, metered))).toBe('bad-program')
    expect(endOf(run('proc_exit', [T.i64], [], [0x42, 5, ...call], metered))).toBe('bad-program')
    expect(endOf(run('proc_exit', [FUNCREF], [], [0xd0, FUNCREF, ...call], metered))).toBe('bad-program')
    expect(endOf(run('random_get', [T.i64, T.i64], [], [0x42, 0, 0x42, 8, ...call], metered))).toBe(
      'bad-program',
    )
    const seek = [...i32(0), ...i32(0), ...i32(0), ...i32(0), ...call, 0x1a]
    expect(endOf(run('fd_seek', [T.i32, T.i32, T.i32, T.i32], [T.i32], seek, metered))).toBe('bad-program')
  },
)

test.each([true, false])(
  'what reaches out of the memory traps, and nothing of it is taken (metered: %s)',
  (metered) => {
    const store = (at: number, value: number) => [...i32(at), ...i32(value), 0x36, 2, 0]
    const write = (address: number, bytes: number, count: number) => {
      const list = [...store(0, address), ...store(4, bytes)]
      const call = [...i32(1), ...i32(0), ...i32(count), ...i32(8), 0x10, 0, 0x1a]
      return run('fd_write', [T.i32, T.i32, T.i32, T.i32], [T.i32], [...list, ...call], metered)
    }
    expect(write(65_530, 6, 1)).toMatchObject({ status: { kind: 'exit' }, stdout: new Uint8Array(6) })
    expect(write(70_000, 0, 1)).toMatchObject({ status: { kind: 'exit' }, stdout: new Uint8Array() })
    expect(write(65_530, 7, 1)).toMatchObject({ status: { kind: 'trap' }, stdout: new Uint8Array() })
    expect(write(-1, 1, 1)).toMatchObject({ status: { kind: 'trap' } })
    expect(write(0, 1, -1)).toMatchObject({ status: { kind: 'trap' } })
    const folder = [...i32(3), ...i32(65_530), ...i32(7), 0x10, 0, 0x1a]
    const made = run('path_create_directory', [T.i32, T.i32, T.i32], [T.i32], folder, metered)
    expect(endOf(made)).toBe('trap')
  },
)
