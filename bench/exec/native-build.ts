import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { MissingPeer } from '../harness/benchmark.ts'

const runFile = promisify(execFile)
/** Compilers in the order in which they are tried. */
const COMPILERS = ['clang', 'gcc']
/** Milliseconds for one compilation. */
const COMPILE_MS = 60_000

/** Builds a C program for this machine with `-O3`; returns the compiler's name and version. Throws {@link MissingPeer}. */
export async function buildNative(source: string, program: string, signal: AbortSignal): Promise<string> {
  for (const compiler of COMPILERS) {
    const version = await versionOf(compiler)
    if (version === undefined) continue
    await runFile(compiler, ['-O3', '-o', program, source], { timeout: COMPILE_MS, signal })
    return version
  }
  throw new MissingPeer(
    `exec: expected a C compiler (${COMPILERS.join(' or ')}) to build the native peer, found none; install one, on Debian with: apt-get install clang`,
  )
}

/** Returns the first line of `--version`; `undefined` where there is no such compiler. */
async function versionOf(compiler: string): Promise<string | undefined> {
  try {
    const { stdout } = await runFile(compiler, ['--version'])
    return `${stdout.split('\n')[0]} -O3`
  } catch {
    return undefined
  }
}
