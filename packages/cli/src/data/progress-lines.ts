import type { Progress } from '@souk/requester'
import { createLogUpdate } from 'log-update'
import { short, size } from '../commands/shared.ts'

/** Characters of a bar. */
const BAR_CHARS = 24
/** Characters of a source's name that are shown: its end tells more. */
const NAME_CHARS = 40
/** Transfers shown at the same time, the newest. */
const MOST_LINES = 8

/** Where progress is shown. */
export interface ProgressScreen {
  show(progress: Progress): void
  /** Takes the lines away, before something else is said. */
  clear(): void
}

/** Shows on a terminal how far transfers are; elsewhere nothing. */
export function progressScreen(stream: NodeJS.WriteStream): ProgressScreen {
  if (stream.isTTY !== true) return { show: () => {}, clear: () => {} }
  const live = createLogUpdate(stream)
  const lines = new Map<string, string>()
  return {
    show(progress) {
      const key = `${progress.what} ${progress.name}`
      lines.delete(key)
      if (progress.haveBytes !== progress.totalBytes) lines.set(key, progressLine(progress))
      const [oldest] = lines.keys()
      if (lines.size > MOST_LINES && oldest !== undefined) lines.delete(oldest)
      live([...lines.values()].join('\n'))
    },
    clear() {
      live.clear()
      lines.clear()
    },
  }
}

/** Says in one line how far a transfer is. */
export function progressLine({ what, name, haveBytes, totalBytes }: Progress): string {
  const verb = { input: 'reading', upload: 'sending to', download: 'receiving from' }[what]
  const shown = what === 'input' ? ending(name) : short(name)
  const have = size(haveBytes)
  if (totalBytes === null) return `  ${verb} ${shown}: ${have}`
  const filled = Math.round((haveBytes / Math.max(1, totalBytes)) * BAR_CHARS)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARS - filled)
  return `  ${bar} ${have} of ${size(totalBytes)}, ${verb} ${shown}`
}

function ending(name: string): string {
  return name.length <= NAME_CHARS ? name : `…${name.slice(1 - NAME_CHARS)}`
}
