import { downtimeSeedBlock, epochOf, isCourtSigned, slotOf, slotStart } from '@souk/protocol'
import { enlist, launch, planSlot, takeResult } from './watch-probe.ts'
import type { EpochWatch, Watch, WatchContext, WatchEffect, WatchEvent } from './watch-state.ts'
import { concludeSlot, finishEpochs } from './watch-vote.ts'

/** Decides what one event means for a watcher (PROTOCOL §12.3). */
export function advanceWatch(
  context: WatchContext,
  watch: Watch,
  event: WatchEvent,
  nowMs: number,
): WatchEffect[] {
  const effects = react(context, watch, event, nowMs)
  return [...effects, ...probe(context, watch, nowMs)]
}

function react(context: WatchContext, watch: Watch, event: WatchEvent, nowMs: number): WatchEffect[] {
  switch (event.type) {
    case 'head':
      return onHead(context, watch, event.block, nowMs)
    case 'subjects':
      watch.subjects = event.subjects
      for (const [epoch, each] of watch.epochs) enlist(context, watch, epoch, each)
      return []
    case 'seats':
      return onSeats(context, watch, event)
    case 'probed':
      return onProbed(context, watch, event, nowMs)
    case 'tick':
      return []
  }
}

function onHead(context: WatchContext, watch: Watch, block: number, nowMs: number): WatchEffect[] {
  const { rules } = context
  const before = watch.head
  // Heads of a chain that turned back say nothing about the time of those before.
  if (before !== null && block <= before) return []
  const [epoch, slot] = [epochOf(rules, block), slotOf(rules, block)]
  if (before === null) watch.fromBlock = slotStart(rules, epoch, slot + 1)
  else watch.blockMs = (nowMs - watch.headMs) / (block - before)
  watch.head = block
  watch.headMs = nowMs
  if (before === null) return wantSeats(context, watch, block)
  const [lastEpoch, lastSlot] = [epochOf(rules, before), slotOf(rules, before)]
  if (epoch === lastEpoch && slot === lastSlot) return []
  concludeSlot(watch, lastEpoch, lastSlot)
  const votes = epoch === lastEpoch ? [] : finishEpochs(context, watch, epoch)
  return [...votes, ...wantSeats(context, watch, block)]
}

/** Asks for the lot of this epoch, and of the next once its seed has been mined. */
function wantSeats({ rules }: WatchContext, watch: Watch, block: number): WatchEffect[] {
  const epoch = epochOf(rules, block)
  return [epoch, epoch + 1]
    .filter((each) => block >= downtimeSeedBlock(rules, each) && epochWatch(watch, each).lot === null)
    .map((each) => ({ do: 'seats', epoch: each }))
}

function onSeats(
  context: WatchContext,
  watch: Watch,
  { epoch, table, seed }: Extract<WatchEvent, { type: 'seats' }>,
): WatchEffect[] {
  const each = watch.epochs.get(epoch)
  if (each === undefined) return []
  each.lot = { table, seed }
  each.considered.clear()
  enlist(context, watch, epoch, each)
  return []
}

function onProbed(
  context: WatchContext,
  watch: Watch,
  { nonce, signature }: Extract<WatchEvent, { type: 'probed' }>,
  nowMs: number,
): WatchEffect[] {
  const flight = watch.flights.get(nonce)
  if (flight === undefined) return []
  const { subject } = flight
  const isUp =
    signature !== null && isCourtSigned(context.signer.court, 'Probe', { nonce }, signature, subject)
  takeResult(context, watch, nonce, isUp, nowMs)
  return []
}

function probe(context: WatchContext, watch: Watch, nowMs: number): WatchEffect[] {
  if (watch.head === null || watch.head < watch.fromBlock) return []
  planSlot(context, watch, watch.head)
  return launch(context, watch, watch.head, nowMs)
}

function epochWatch(watch: Watch, epoch: number): EpochWatch {
  const known = watch.epochs.get(epoch)
  if (known !== undefined) return known
  const fresh: EpochWatch = { lot: null, considered: new Set(), watched: new Map() }
  watch.epochs.set(epoch, fresh)
  return fresh
}
