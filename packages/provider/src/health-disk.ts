import type { DiskReading, DiskTrial } from '@souk/runtime'
import { type Finding, type HealthLevel, WELL } from './health-gauge.ts'

/** Bytes below which a disk is nearly full, where a twentieth of it is more than that. */
const LOW_BYTES = 512 * 1024 ** 2
const LOW_SHARE = 0.05
/** Files below which it is, where a hundredth of what it can hold is more than that. */
const LOW_FILES = 10_000
const LOW_FILES_SHARE = 0.01
/** How many times as much must be free again, so that each file that goes brings no offer. */
const ENOUGH = 2
/** Milliseconds of a small synced write from which a disk holds up every lease, and below which it does no more. */
const SLOW_DISK_MS = 5_000
const QUICK_DISK_MS = 2_000

/** What systems answer where there is no room, or none for this user. */
const NO_ROOM: readonly string[] = ['ENOSPC', 'EDQUOT']

/** The disk under the data folder. */
export interface DiskState {
  /** What the disk said; `null` where it did not answer in time. */
  readonly reading: DiskReading | null
  /** Whether a write found no room and what was set aside was given back. */
  readonly isFull: boolean
}

/** Says how a disk is. What it says of its room is certain; what a trial says may pass. */
export function judgeDisk(before: HealthLevel, { reading, isFull }: DiskState): Finding {
  if (isFull) return { level: 'failing', why: 'the disk is full', isCertain: true }
  if (reading === null) return { level: 'failing', why: 'the disk did not answer' }
  const low = lowOn(before, reading)
  const trial = judgeTrial(before, reading.trial)
  if (trial.level === 'failing' || low === null) return trial
  return { level: 'degraded', why: low, isCertain: true }
}

/** Returns the bytes from which a disk has room again. */
export function enoughBytes({ totalBytes }: Pick<DiskReading, 'totalBytes'>): number {
  return ENOUGH * Math.min(LOW_BYTES, totalBytes * LOW_SHARE)
}

/** Tells whether a trial is to be repeated at the next look. */
export function isDoubtful(trial: DiskTrial | null): boolean {
  return trial === null || trial.kind === 'failed' || trial.ms >= QUICK_DISK_MS
}

function lowOn(before: HealthLevel, reading: DiskReading): string | null {
  const factor = before === 'ok' ? 1 : ENOUGH
  const { freeBytes, totalBytes, freeFiles, totalFiles } = reading
  const mib = Math.floor(freeBytes / 1024 ** 2)
  if (freeBytes < factor * Math.min(LOW_BYTES, totalBytes * LOW_SHARE))
    return `the disk is nearly full: ${mib} MiB are free`
  if (freeFiles === null || totalFiles === null) return null
  if (freeFiles < factor * Math.min(LOW_FILES, totalFiles * LOW_FILES_SHARE))
    return `the disk is nearly full: room for ${freeFiles} files`
  return null
}

function judgeTrial(before: HealthLevel, trial: DiskTrial | null): Finding {
  if (trial === null) return WELL
  if (trial.kind === 'failed' && NO_ROOM.includes(trial.code))
    return { level: 'degraded', why: 'the disk has no room for a few bytes', isCertain: true }
  if (trial.kind === 'failed')
    return { level: 'failing', why: `the disk refused to take a few bytes: ${trial.code}` }
  if (trial.ms < (before === 'ok' ? SLOW_DISK_MS : QUICK_DISK_MS)) return WELL
  return { level: 'degraded', why: `the disk took ${Math.round(trial.ms)} ms for a few bytes` }
}
