import { type CourtId, type CourtRules, type Hex, isCourtSigned, NOBODY } from '@souk/protocol'
import { courtData } from './court-calls.ts'
import { type PlacedCourtEvent, readCourtEvents } from './court-events.ts'
import type { CourtLink } from './court-link.ts'
import type { BlockRange } from './escrow-history.ts'
import { readPermitFacts } from './permit.ts'
import { callObject, isRevert } from './prepare-transaction.ts'
import type { Receipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { signPermit, tokenData } from './token-calls.ts'
import { type PlainCall, sendNamed, type WalletTools } from './wallet-deposit.ts'
import { WalletError } from './wallet-error.ts'
import type { WalletEntry } from './wallet-history.ts'
import { WatchError } from './watch-error.ts'

/** Seconds for a permit to be mined; the account's counter at the token ends it earlier. */
const PERMIT_SECONDS = 86_400

/** The court that an account stakes at. */
export type StakeCourt = Pick<CourtLink, 'id' | 'rules' | 'reader'>

/** What a key that watches has at stake, and for whom. */
export interface KeyStake {
  readonly key: Hex
  /** Base units. */
  readonly stake: bigint
  /** Newest term in whose table it has a place, and the first block in which the stake can be taken back. */
  readonly lastTerm: number
  readonly leaveBlock: number
}

/**
 * Puts up an account's stake for a key that will watch, in one transaction where the token takes permits, and takes its
 * place in the table of the term after next. For a key that has its stake it only takes the place.
 *
 * Throws {@link WatchError} `TAKEN` and `BAD_CONSENT`, `WalletError` `NOT_ENOUGH_TOKENS`, and what
 * `TransactionSender.wait` throws.
 */
export async function stakeForKey(
  tools: WalletTools,
  privateKey: Uint8Array,
  court: StakeCourt,
  { key, consent }: { readonly key: Hex; readonly consent: Hex | null },
): Promise<Receipt> {
  const account = tools.sender.address
  const { id, rules } = court
  const enrol = { purpose: 'watch', to: id.court, data: courtData.enrol(key, consent ?? '0x') }
  if (await isStaked(court, account, key)) return sendNamed(tools, enrol)
  requireConsent(id, account, key, consent)
  const held = await tools.reader.tokenBalance(account)
  if (held < rules.stake) throw notEnough(account, rules, held)
  if ((await tools.reader.allowance(account, id.court)) >= rules.stake) return sendNamed(tools, enrol)
  const permitted = await permittedEnrolment(tools, privateKey, court, enrol.data)
  if (permitted !== null) return sendNamed(tools, { ...enrol, data: permitted })
  const approval = { purpose: 'approval', to: tools.token, data: tokenData.approve(id.court, rules.stake) }
  await sendNamed(tools, approval)
  return sendNamed(tools, enrol)
}

/**
 * Returns the calls that put a contract account's stake up for a key. Throws {@link WatchError} `TAKEN` and
 * `BAD_CONSENT`.
 */
export async function stakeCalls(
  court: StakeCourt,
  token: Hex,
  account: Hex,
  { key, consent }: { readonly key: Hex; readonly consent: Hex | null },
): Promise<PlainCall[]> {
  const { id, rules } = court
  const enrol = { to: id.court, data: courtData.enrol(key, consent ?? '0x') }
  if (await isStaked(court, account, key)) return [enrol]
  requireConsent(id, account, key, consent)
  return [{ to: token, data: tokenData.approve(id.court, rules.stake) }, enrol]
}

/**
 * Returns the call that takes a stake back. Throws {@link WatchError} `NOT_STAKED`, `TAKEN` and `TOO_EARLY`.
 */
export async function unstakeCall(
  court: StakeCourt,
  account: Hex,
  key: Hex,
  to: Hex,
  head: number,
): Promise<PlainCall> {
  if (!(await isStaked(court, account, key))) throw notStaked(key)
  const { leaveBlock } = await court.reader.watcher(key)
  if (head < leaveBlock) throw tooEarly(key, leaveBlock, head)
  return { to: court.id.court, data: courtData.leave(key, to) }
}

/** What concerns an account's stakes in a stretch of blocks. */
export interface StakesQuestion {
  readonly rpc: Rpc
  readonly court: StakeCourt
  readonly account: Hex
  readonly range: BlockRange
  readonly signal: AbortSignal
}

/** Returns what the court said of an account's stakes, as entries of its history, in order. */
export async function stakeHistory(question: StakesQuestion): Promise<WalletEntry[]> {
  const { stake } = question.court.rules
  return (await readStakeEvents(question)).flatMap(({ event, at }): WalletEntry[] => {
    switch (event.kind) {
      case 'enrolled':
        return [{ ...BLANK, kind: 'watching', at, with: event.key, amount: BigInt(event.term) }]
      case 'left':
        return [{ ...BLANK, kind: 'stake-returned', at, with: event.key, amount: stake }]
      case 'slashed':
        return [{ ...BLANK, kind: 'stake-lost', at, with: event.key, amount: stake }]
      default:
        return []
    }
  })
}

/** Returns the stakes that an account has up now, of keys that took a place in the blocks looked at. */
export async function readStakes(question: StakesQuestion): Promise<KeyStake[]> {
  const { court, account } = question
  const events = await readStakeEvents(question)
  const keys = new Set(events.flatMap(({ event }) => (event.kind === 'enrolled' ? [event.key] : [])))
  const known = await Promise.all(
    [...keys].map(async (key) => ({ key, ...(await court.reader.watcher(key)) })),
  )
  return known
    .filter((one) => one.account === account)
    .map(({ key, lastTerm, leaveBlock }) => ({ key, stake: court.rules.stake, lastTerm, leaveBlock }))
}

function readStakeEvents({
  rpc,
  court,
  account,
  range,
  signal,
}: StakesQuestion): Promise<PlacedCourtEvent[]> {
  const padded: Hex = `0x${account.slice(2).padStart(64, '0')}`
  return readCourtEvents(rpc, court.id.court, range, signal, [null, null, [padded]])
}

const BLANK = { lease: null, side: null, change: 0n, penalty: 0n } as const

/** Tells whether a key has its stake from `account`. Throws {@link WatchError} `TAKEN` where it is another's. */
async function isStaked({ reader }: StakeCourt, account: Hex, key: Hex): Promise<boolean> {
  const { account: owner } = await reader.watcher(key)
  if (owner !== NOBODY && owner !== account) throw taken(key, owner)
  return owner === account
}

function requireConsent(id: CourtId, account: Hex, key: Hex, consent: Hex | null): void {
  if (consent === null || !isCourtSigned(id, 'Enrol', { account }, consent, key))
    throw badConsent(account, key, consent)
}

/** Returns the calldata of permit and enrolment together; null where the token does not take it, found out by trying. */
async function permittedEnrolment(
  { rpc, token, sender, signal }: WalletTools,
  privateKey: Uint8Array,
  { id, rules }: StakeCourt,
  enrol: Hex,
): Promise<Hex | null> {
  const owner = sender.address
  const options = signal === undefined ? {} : { signal }
  const facts = await readPermitFacts({ rpc, token, owner, ...options })
  if (facts === null) return null
  const block = (await rpc.request('eth_getBlockByNumber', ['latest', false], options)) as { timestamp: Hex }
  const deadline = BigInt(block.timestamp) + BigInt(PERMIT_SECONDS)
  const terms = { ...facts, owner, spender: id.court, amount: rules.stake, deadline }
  const data = courtData.multicall([courtData.permit(signPermit(privateKey, terms)), enrol])
  const call = callObject(owner, { purpose: 'watch', to: id.court, data })
  try {
    await rpc.request('eth_call', [call, 'pending'], options)
    return data
  } catch (error) {
    if (isRevert(error)) return null
    throw error
  }
}

function notEnough(account: Hex, { stake }: CourtRules, held: bigint): WalletError {
  return new WalletError(
    `expected a stake of ${stake} base units at ${account}, found ${held}; send tokens there, or withdraw some from the escrow`,
    { code: 'NOT_ENOUGH_TOKENS', account, needed: stake, held },
  )
}

function taken(key: Hex, owner: Hex): WatchError {
  return new WatchError(
    `expected a key without stake, ${key} watches for ${owner}; that account must take it back first`,
    {
      code: 'TAKEN',
      ...{ key, owner },
    },
  )
}

function badConsent(account: Hex, key: Hex, consent: Hex | null): WatchError {
  const got = consent === null ? 'none' : 'another signature'
  return new WatchError(
    `expected the consent of ${key} to watch for ${account}, got ${got}; ` +
      `make it where the key is, with: souk-provider consent --for ${account}`,
    { code: 'BAD_CONSENT', key, account },
  )
}

function notStaked(key: Hex): WatchError {
  return new WatchError(
    `expected a key with a stake, ${key} has none; souk wallet balance lists those that have`,
    {
      code: 'NOT_STAKED',
      key,
    },
  )
}

function tooEarly(key: Hex, leaveBlock: number, head: number): WatchError {
  return new WatchError(
    `expected block ${leaveBlock} or later for taking back the stake of ${key}, the chain is at ${head}; ` +
      'have its process take no further place (souk-provider watch --leave), and wait',
    { code: 'TOO_EARLY', key, leaveBlock, head },
  )
}
