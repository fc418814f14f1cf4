/** A line that is being typed on a terminal in raw mode. */
export interface TypedLine {
  readonly text: string
  /** What ended it; null while it goes on. */
  readonly end: 'enter' | 'interrupt' | null
}

export const EMPTY_LINE: TypedLine = { text: '', end: null }

/** Characters kept of one line; the rest is dropped. */
export const MOST_TYPED = 1024
/** What arrow keys and their like send. */
const ARROWS = new RegExp(`${String.fromCharCode(27)}(\\[[0-9;]*[@-~]|O.)?`, 'g')

/** Adds what was typed; backspace and Ctrl-U take back, Enter and Ctrl-D end the line, Ctrl-C the process. */
export function typeInto(line: TypedLine, chunk: string): TypedLine {
  return [...chunk.replace(ARROWS, '')].reduce(typeOne, line)
}

function typeOne({ text, end }: TypedLine, char: string): TypedLine {
  if (end !== null) return { text, end }
  switch (char) {
    case '\r':
    case '\n':
    case '\u0004':
      return { text, end: 'enter' }
    case '\u0003':
      return { text: '', end: 'interrupt' }
    case '\u0015':
      return EMPTY_LINE
    case '\u007f':
    case '\b':
      return { text: [...text].slice(0, -1).join(''), end }
    default:
      return { text: char >= ' ' && text.length < MOST_TYPED ? text + char : text, end }
  }
}
