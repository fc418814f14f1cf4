const ENTER = [10, 13]
const TILDE = 126
const DOT = 46

/**
 * Watches what is typed for Enter, `~`, `.`, which ends a session whose other side no longer answers. `~` is held back
 * until the next key tells what it was; Enter, `~`, `~` types one.
 */
export function escapeWatch(): (typed: Uint8Array) => { readonly bytes: Uint8Array; readonly ends: boolean } {
  let state: 'line' | 'start' | 'tilde' = 'start'
  return (typed) => {
    const bytes: number[] = []
    for (const byte of typed) {
      if (state === 'tilde' && byte === DOT) return { bytes: Uint8Array.from(bytes), ends: true }
      if (state === 'start' && byte === TILDE) {
        state = 'tilde'
        continue
      }
      if (state === 'tilde' && byte !== TILDE) bytes.push(TILDE)
      bytes.push(byte)
      state = ENTER.includes(byte) ? 'start' : 'line'
    }
    return { bytes: Uint8Array.from(bytes), ends: false }
  }
}
