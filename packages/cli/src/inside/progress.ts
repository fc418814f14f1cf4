import { size } from '../commands/shared.ts'

/** What was copied so far. */
export interface Copied {
  readonly files: number
  readonly bytes: number
  /** What is neither file, folder nor link, and was left out. */
  readonly skipped: number
}

/** Milliseconds between two changes of the line: more often nobody can read it. */
const SHOWN_MS = 100

/** Shows on a terminal how far a copy is; elsewhere nothing but its end. */
export function copyProgress(isShown: boolean) {
  const { stderr } = process
  let shownAtMs = Number.NEGATIVE_INFINITY
  const isLive = isShown && stderr.isTTY === true
  return {
    show(copied: Copied): void {
      if (!isLive || performance.now() - shownAtMs < SHOWN_MS) return
      shownAtMs = performance.now()
      stderr.write(`\r\u001b[K${words(copied)}`)
    },
    clear(): void {
      if (isLive) stderr.write('\r\u001b[K')
    },
    words,
  }
}

function words({ files, bytes, skipped }: Copied): string {
  const left = skipped === 0 ? '' : `; ${skipped} sockets or devices left out`
  return `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}${left}`
}
