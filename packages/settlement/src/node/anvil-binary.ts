import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DevChainError } from './dev-chain-error.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Returns the path of anvil's binary in the package of this platform.
 *
 * The package's own command is a wrapper whose death would orphan the chain. Throws {@link DevChainError}
 * `NO_ANVIL` where the platform's package is missing.
 */
export function anvilBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@foundry-rs/anvil-${platform}-${ARCHITECTURES[arch] ?? arch}`
  const binary = resolvePackage(name)
  const file = binary && join(binary, 'bin', platform === 'win32' ? 'anvil.exe' : 'anvil')
  if (file && existsSync(file)) return file
  throw new DevChainError(
    `expected the development chain in the optional package ${name}, it is not installed; ` +
      'run npm install again without --omit=optional, or use a network file of a running chain',
    { code: 'NO_ANVIL', package: name },
  )
}

function resolvePackage(name: string): string | undefined {
  try {
    const anvil = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
    return dirname(createRequire(anvil).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}
