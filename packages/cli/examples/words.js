// words.js FILE [N]: prints the N most frequent words of a text, and keeps all counts in counts.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { countWords } from './count-words.js'

const [, , file, most = '10'] = process.argv
if (file === undefined) throw new Error('expected a file: words.js FILE [N]')
const counts = [...countWords(readFileSync(file, 'utf8'))]
const sorted = counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
for (const [word, count] of sorted.slice(0, Number(most))) console.log(count, word)
writeFileSync('counts.json', JSON.stringify(Object.fromEntries(sorted)))
