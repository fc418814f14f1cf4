import { basename, dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFilePath } from '@souk/protocol'
import { CliError } from '../errors.ts'

/** QuickJS as a WASI program: runs the script that its first argument names. */
export const JAVASCRIPT = fileURLToPath(new URL('../../programs/javascript.wasm', import.meta.url))

/**
 * Returns the files that a script's interpreter finds, by path: the script at the root, its modules beside it as they
 * are here. Throws {@link CliError} `BAD_OPTION` for a module outside the script's folder.
 */
export function scriptInputs(script: string, modules: readonly string[]): [path: string, file: string][] {
  const folder = dirname(resolve(script))
  return [script, ...modules].map((given) => {
    const file = resolve(given)
    const path = relative(folder, file).split(sep).join('/')
    if (isFilePath(path)) return [path, file]
    throw new CliError(
      `--with: expected a module below ${folder}, where ${basename(script)} is, got ${file}`,
      {
        code: 'BAD_OPTION',
        option: '--with',
      },
    )
  })
}
