import { downtimeSubject, epochBlocks, observationValue, reportDeadline } from '@souk/protocol'
import { forgetVotes, type VoteRow, votes } from './court-records.ts'
import { persist, type Write } from './program.ts'
import { put } from './records.ts'
import type { Watch, WatchContext, WatchEffect, Watched } from './watch-state.ts'

/**
 * Writes what the probes of a slot showed into the maps of its epoch. A subject's slot stays unseen where its probes
 * did not end, or where fewer than half of the others that were probed answered: then it may be us who are cut off.
 */
export function concludeSlot(watch: Watch, epoch: number, slot: number): void {
  const all = [...(watch.epochs.get(epoch)?.watched.values() ?? [])]
  const probed = all.filter(({ plan }) => plan !== null && plan.tries > 0)
  const answered = probed.filter(({ plan }) => plan?.outcome === 'up').length
  for (const watched of probed) {
    const isUp = watched.plan?.outcome === 'up'
    const others = probed.length - 1
    if (2 * (answered - (isUp ? 1 : 0)) >= others) note(watched, 1 << slot)
  }
  for (const watched of all) watched.plan = null
}

function note(watched: Watched, bit: number): void {
  if (watched.plan?.outcome === 'open') return
  watched.seen |= bit
  if (watched.plan?.outcome === 'up') watched.up |= bit
}

/** Ends all epochs before `epoch`: one row for each subject of which anything was seen, and none is changed ever. */
export function finishEpochs(context: WatchContext, watch: Watch, epoch: number): WatchEffect[] {
  const ended = [...watch.epochs.keys()].filter((each) => each < epoch)
  const effects = ended.flatMap((each) => castVotes(context, watch, each))
  for (const each of ended) watch.epochs.delete(each)
  return [...effects, ...prune(watch)]
}

function castVotes({ rules, signer }: WatchContext, watch: Watch, epoch: number): WatchEffect[] {
  const rows: Write[] = []
  const voted: WatchEffect[] = []
  const untilBlock = reportDeadline(rules, epoch) + epochBlocks(rules)
  // The chain is behind what it once was: what was signed about that epoch may be forgotten.
  if (untilBlock <= watch.forgottenUntil) return []
  for (const [key, { seen, up }] of watch.epochs.get(epoch)?.watched ?? []) {
    const subject = downtimeSubject(key, epoch)
    if (seen === 0 || watch.kept.has(subject)) continue
    const value = observationValue({ seen, up })
    const row: VoteRow = { value, signature: signer.sign('Vote', { subject, value }), untilBlock }
    watch.kept.set(subject, untilBlock)
    rows.push(put(votes, subject, row))
    voted.push({ do: 'voted', subject, key, epoch, seen, up })
  }
  return rows.length === 0 ? [] : [persist('synced', ...rows), ...voted]
}

/** Forgets votes that nobody can use any more. */
function prune(watch: Watch): WatchEffect[] {
  const writes = watch.head === null ? [] : forgetVotes('watch', watch, watch.head)
  return writes.length === 0 ? [] : [persist('committed', ...writes)]
}
