import { fromHex, type Hex, sha256, toHex, utf8 } from '@souk/protocol'

const COMMITMENT = utf8('souk/audit/commitment/1')
const LOT = utf8('souk/audit/lot/1')
/** Of a digest: as many as a number holds exactly. */
const LOT_SIZE = 6

/**
 * Returns what a requester can publish before a job, so that it can show afterwards that its audits were drawn and
 * not chosen. `secret` is 32 random bytes that nobody else knows before the last result is in.
 */
export function auditCommitment(secret: Hex): Hex {
  return toHex(sha256(concat(COMMITMENT, fromHex(secret))))
}

/** Returns the lot of a result, by its attempt's id, in [0, 1): it is audited where that is below the rate. */
export function auditLot(secret: Hex, attempt: string): number {
  const digest = sha256(concat(LOT, fromHex(secret), utf8(attempt)))
  return digest.subarray(0, LOT_SIZE).reduce((sum, byte) => sum * 256 + byte, 0) / 256 ** LOT_SIZE
}

/** Share of audits that the requester executes itself: the one check that no group of accounts can reach. */
export const AUDITS_HERE = 0.1

/**
 * Returns who audits a result: one of the accounts, each as likely, or `null` for ourselves. Nobody can foresee that
 * either. `accounts` are those that may, without the one whose result it is; without any it is us.
 */
export function drawAuditor(secret: Hex, attempt: string, accounts: readonly Hex[]): Hex | null {
  const lot = (auditLot(secret, `${attempt}/auditor`) - AUDITS_HERE) / (1 - AUDITS_HERE)
  return lot < 0 ? null : (accounts[Math.floor(lot * accounts.length)] ?? null)
}

/** Share of tasks that a quorum accepted and that the requester executes again itself: a quorum of one hand agrees. */
export const QUORUM_CHECKED_HERE = 0.03

/** Tells whether the requester executes a task, by name, itself that a quorum accepted; nobody can foresee which. */
export function isCheckedHere(secret: Hex, task: string): boolean {
  return auditLot(secret, `${task}/here`) < QUORUM_CHECKED_HERE
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.byteLength
  }
  return all
}
