/**
 * Tells whether `text` matches a glob of `*` (any run) and `?` (any one character), ignoring case.
 *
 * Globs arrive in strangers' demands, so this takes time of at most pattern times text, where a regular
 * expression could be made to backtrack for minutes.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [pattern, value] = [glob.toLowerCase(), text.toLowerCase()]
  let p = 0
  let star = -1
  let resume = 0
  for (let v = 0; v < value.length; ) {
    if (pattern[p] === '*') {
      star = p++
      resume = v
    } else if (pattern[p] === '?' || pattern[p] === value[v]) {
      p++
      v++
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars never need to.
      p = star + 1
      v = ++resume
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
