import { fromUtf8, type Hex, utf8 } from '@souk/protocol'
import type { Journal, Write } from '@souk/storage'
import type { RawLog } from './escrow-events.ts'

/** A block of which we know that it was on the chain. */
export interface SeenBlock {
  readonly number: number
  readonly hash: Hex
}

/** How far events were delivered, and what is needed to take some of them back. */
export interface Cursor {
  /** First block whose events are not delivered yet. */
  readonly next: number
  /** Blocks up to which events were delivered, oldest first; the last one is `next - 1`. */
  readonly seen: readonly SeenBlock[]
}

/** A watcher's rows in the journal. */
export interface CursorStore {
  /** Returns the cursor, undefined before the first save. */
  load(): Promise<Cursor | undefined>
  /** Returns the delivered logs that a reorganisation may still take back, in order. */
  recentLogs(): Promise<RawLog[]>
  /** Saves the cursor together with the logs delivered or taken back since. */
  save(cursor: Cursor, added: readonly RawLog[], removed: readonly RawLog[]): Promise<void>
}

const TABLE = 'watcher'

/** Opens the cursor of `scope` in the journal. */
export function openCursorStore(journal: Journal, scope: string): CursorStore {
  const cursorKey = `${scope}/cursor`
  const write = (key: string, value: unknown): Write => ({
    table: TABLE,
    key,
    value: value === null ? null : utf8(JSON.stringify(value)),
  })
  return {
    async load() {
      const row = await journal.get(TABLE, cursorKey)
      return row && (JSON.parse(fromUtf8(row)) as Cursor)
    },
    async recentLogs() {
      const rows = await journal.scan(TABLE, `${scope}/log/`)
      return rows.map(({ value }) => JSON.parse(fromUtf8(value)) as RawLog)
    },
    async save(cursor, added, removed) {
      const gone = removed.map((log) => write(logKey(scope, log), null))
      const kept = added.map((log) => write(logKey(scope, log), log))
      await journal.commit([...gone, ...kept, write(cursorKey, cursor)], 'committed')
    },
  }
}

/** Sorts by block and index; the hash keeps a log apart from the one that replaces it. */
function logKey(scope: string, log: RawLog): string {
  const padded = (value: Hex) => Number(value).toString().padStart(12, '0')
  return `${scope}/log/${padded(log.blockNumber)}/${padded(log.logIndex)}/${log.blockHash.slice(2, 18)}`
}
