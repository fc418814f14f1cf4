import { accepted, executions, mismatches, taskKey } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { openJournalReadOnly } from '@souk/storage/node'

/** Counts the falsified results that a stopped provider delivered, from its own journal. */
export async function wrongResultsOf(folder: string): Promise<number> {
  const journal = await openJournalReadOnly(folder)
  try {
    const rows = (await journal.scan(executions.table)).map((row) => executions.codec.decode(row.value))
    return rows.filter((row) => row.state === 'done' && row.falsified).length
  } finally {
    await journal.close()
  }
}

/** Counts, by subject, the results that quorums contradicted, from the stopped requester's own journal. */
export async function caughtBy(folder: string): Promise<Map<Hex, number>> {
  const journal = await openJournalReadOnly(folder)
  try {
    const caught = new Map<Hex, number>()
    for (const row of await journal.scan(mismatches.table)) {
      const { subject } = mismatches.codec.decode(row.value)
      caught.set(subject, (caught.get(subject) ?? 0) + 1)
    }
    return caught
  } finally {
    await journal.close()
  }
}

/** Returns the digest that a quorum accepted in place of a contradicted one, from the stopped requester's own journal. */
export async function acceptedInstead(folder: string, contradicted: Hex): Promise<Hex | null> {
  const journal = await openJournalReadOnly(folder)
  try {
    const rows = (await journal.scan(mismatches.table)).map((row) => mismatches.codec.decode(row.value))
    const row = rows.find(({ output }) => output === contradicted)
    const bytes = row && (await journal.get(accepted.table, taskKey(row.job, row.index)))
    return bytes === undefined ? null : accepted.codec.decode(bytes).digest
  } finally {
    await journal.close()
  }
}
