import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of the code that runs in runners, and nowhere else. */
export const GUEST_DIR = fileURLToPath(new URL('./guest/', import.meta.url))

/** The folder of the code that makes programs of `wasm-det/1` from modules; it runs in runners, too. */
export const DET_DIR = fileURLToPath(new URL('./det/', import.meta.url))

let stripped: Buffer | undefined

/** Returns what a runner is sent first: its sources without types, as `guest/load-sources.js` reads them. */
export function runnerSources(): Buffer {
  stripped ??= framed(JSON.stringify(sourceFiles().map((path) => [pathToFileURL(path).href, strip(path)])))
  return stripped
}

function sourceFiles(): string[] {
  return [GUEST_DIR, DET_DIR].flatMap((folder) => {
    const names = readdirSync(folder).filter((name) => /^[\w-]+\.ts$/.test(name))
    return names.map((name) => join(folder, name))
  })
}

function strip(path: string): string {
  return stripTypeScriptTypes(readFileSync(path, 'utf8'))
}

/** Puts the length before the text: four bytes, low byte first. */
function framed(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}
