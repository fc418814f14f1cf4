import { writeSync } from 'node:fs'
import { utf8 } from '@souk/protocol'
import type { Durability } from '../journal.ts'
import { openDataFolder } from './data-folder.ts'

/** Commits numbered batches of three rows, and says each number on stdout once it is acknowledged. */
const folder = await openDataFolder(process.argv[2] ?? '')
for (let n = 0; ; n++) {
  const durability: Durability = n % 8 === 0 ? 'synced' : 'committed'
  const value = utf8(String(n).padStart(500, '0'))
  const key = String(n).padStart(8, '0')
  await folder.journal.commit(
    ['first', 'second', 'third'].map((table) => ({ table, key, value })),
    durability,
  )
  writeSync(1, `${n}\n`)
}
