import { LIMITS } from '@souk/protocol'
import type { Job, JobLease, Slot } from './job-state.ts'

/**
 * A lease whose answers come within so many milliseconds is given more at the same time: it runs dry otherwise. Long
 * enough for a busy machine, where fewer at a time only cost more each.
 */
const QUICK_ANSWER_MS = 300
/** A lease whose answers take longer is given less: what waits there could run elsewhere. */
const LATE_ANSWER_MS = 900
/** Share of a lease's places that must be free before it is given more: what is sent together costs less. */
const FREE_SHARE = 4

/**
 * Returns how many attempts a lease has at the same time before its pace is known: one waits beside those that run, but
 * none behind a service, which would never let it run.
 */
export function firstWindow({ row }: Job): number {
  const cores = Math.max(1, Math.floor(row.demand.resources.millicores / 1000))
  return row.service === true ? cores : cores + 1
}

/** Learns from an answer how many attempts its lease should have at the same time, between the first and all. */
export function adjustWindow(job: Job, slot: Slot, nowMs: number): void {
  const member = job.leases.get(slot.lease)
  if (member === undefined || job.row.service === true) return
  const tookMs = nowMs - slot.startedMs
  if (tookMs <= QUICK_ANSWER_MS) member.window = Math.min(LIMITS.credit, member.window + 1)
  else if (tookMs > LATE_ANSWER_MS) member.window = Math.max(firstWindow(job), member.window - 1)
}

/** Returns how many more attempts a lease may be given now. */
export function spare({ credit, window, running }: JobLease): number {
  return Math.min(credit, window) - running.size
}

/** Tells whether enough places of a lease are free to fill them; of few places, each one. */
export function isWorthFilling(member: JobLease): boolean {
  const places = Math.min(member.credit, member.window)
  return places > 0 && spare(member) >= Math.ceil(places / FREE_SHARE)
}
