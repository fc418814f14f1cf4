import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { errorCode, errorMessage } from '@souk/protocol'
import { decideTopUp, type RunwayReport, type TopUpDecision } from '@souk/requester'
import {
  depositTokens,
  escrowData,
  type MadeDeposit,
  nameTransaction,
  networkScope,
  readTransactionRows,
} from '@souk/settlement'
import type { Owner } from '../owner.ts'
import { WalletCommandError } from '../wallet/errors.ts'
import { sendAs } from '../wallet/sending.ts'
import { openWallet, type WalletSession } from '../wallet/session.ts'
import { shortAmount } from '../wallet/short-amount.ts'
import { openTopUpBook } from './top-up-book.ts'

/** Milliseconds between looks at how far the money reaches. */
const LOOK_MS = 1_000
/** Blocks in which money must be missing before it is moved: a lease's money is in two books for one. */
const SETTLED_BLOCKS = 2

/** What may be moved in for a job, and by whom. */
export interface TopUpPlan {
  readonly wallet: WalletSession
  /** Base units, in all. */
  readonly cap: bigint
}

/** What happened, for people and for `--json`. */
export type TopUpEvent =
  | { kind: 'topped-up'; amount: bigint; raised: bigint; spent: bigint; cap: bigint; transaction: string }
  | { kind: 'not-topped-up'; why: string; missing: bigint; spent: bigint; cap: bigint }

/**
 * Unlocks the account that a job's money comes from, once, before the job starts.
 *
 * Throws {@link WalletCommandError} `OTHER_ACCOUNT` where the agent pays from another one, and what unlocking throws.
 */
export async function planTopUp(
  options: { network: string; keystore?: string; passwordFile?: string; json: boolean },
  payer: string,
  cap: bigint,
): Promise<TopUpPlan> {
  const wallet = await openWallet(options)
  if (wallet.account !== payer.toLowerCase()) {
    throw new WalletCommandError(
      `expected the wallet of ${payer}, from which the agent pays, got that of ${wallet.account}; name its file with --keystore`,
      { code: 'OTHER_ACCOUNT', account: wallet.account, agent: payer },
    )
  }
  await wallet.unlock()
  return { wallet, cap }
}

/** Moves money into the escrow while a job runs low, until `ended` aborts; never more than the cap in all. */
export async function keepToppedUp(
  { wallet, cap }: TopUpPlan,
  owner: Owner,
  job: string,
  tell: (event: TopUpEvent) => void,
  ended: AbortSignal,
): Promise<void> {
  const session = { ...wallet, signal: AbortSignal.any([wallet.signal, ended]) }
  const once = onlyNews(tell)
  let [spent, notBefore, missingSince] = [0n, 0, null as number | null]
  for (; !session.signal.aborted; await pause(LOOK_MS, undefined, session).catch(() => {})) {
    try {
      const report = await owner.call<RunwayReport | null>('runway', { job })
      if (report === null) return
      const facts = { ...report, cap, spent, notBefore, inWallet: await tokensOf(session) }
      const decision = decideTopUp(facts)
      missingSince = decision.do === 'wait' ? null : (missingSince ?? report.block)
      if (decision.do === 'wait' || missingSince === null) continue
      if (report.block < missingSince + SETTLED_BLOCKS) continue
      const done = await carryOut(session, job, (inBook) => decideTopUp({ ...facts, spent: inBook }))
      spent = done.spent
      if (done.decision.do === 'refuse') once({ kind: 'not-topped-up', ...done.decision, spent, cap })
      if (done.made === undefined || done.decision.do !== 'deposit') continue
      notBefore = done.made.receipt.block + 1
      const { credited: moved, receipt } = done.made
      once({
        kind: 'topped-up',
        amount: moved,
        raised: done.decision.raise,
        spent,
        cap,
        transaction: receipt.hash,
      })
    } catch (error) {
      if (session.signal.aborted) return
      once({
        kind: 'not-topped-up',
        why: `${errorMessage(error)} [${errorCode(error)}]`,
        missing: 0n,
        spent,
        cap,
      })
    }
  }
}

/** Says in words what happened. */
export function topUpWords(event: TopUpEvent, { config }: Pick<WalletSession, 'config'>): string {
  const units = (baseUnits: bigint) => `${shortAmount(baseUnits, config.tokenDecimals)} ${config.tokenSymbol}`
  if (event.kind === 'topped-up') {
    const raised =
      event.raised === 0n ? '' : `, and the limit of the agent's key raised by ${units(event.raised)}`
    return `topped up: ${units(event.amount)} moved into the escrow${raised}; ${units(event.spent)} of ${units(event.cap)} used`
  }
  const why: Record<string, string> = {
    cap: `${units(event.missing)} are missing, --top-up leaves ${units(event.cap - event.spent)}`,
    wallet: `${units(event.missing)} are missing, the wallet has less`,
    expiry:
      "the agent's key has expired, and a top-up does not authorise it again: souk wallet delegate does",
  }
  return `not topped up: ${why[event.why] ?? event.why}`
}

interface CarriedOut {
  readonly decision: TopUpDecision
  readonly spent: bigint
  readonly made?: MadeDeposit
}

/** Decides by what the account's own journal says is spent, notes the deposit, makes it, and marks it as made. */
async function carryOut(
  session: WalletSession,
  job: string,
  decide: (spent: bigint) => TopUpDecision,
): Promise<CarriedOut> {
  return sendAs(session, 'top-up', async (tools, key, journal) => {
    const sent = await readTransactionRows(journal, networkScope(session.config), session.account)
    const book = await openTopUpBook(journal, job, sent)
    const decision = decide(book.spent())
    if (decision.do !== 'deposit') return { decision, spent: book.spent() }
    const name = nameTransaction('top-up', Date.now(), randomBytes(4).toString('hex'))
    const made = await book.intend({ amount: decision.amount, name })
    let count = 0
    const named = { ...tools, nameTransaction: () => `${name}-${count++}` }
    const raise = decision.raise === 0n ? [] : await raiseCall(session, decision.raise)
    const deposit = await depositTokens(named, key, decision.amount, raise)
    await made()
    return { decision, spent: book.spent(), made: deposit }
  })
}

/** Returns the call that lets the agent's key lock so much more until its present expiry. */
async function raiseCall({ reader, account, delegate, signal }: WalletSession, raise: bigint) {
  if (delegate === null) return []
  const { limit, expiry } = await reader.delegate(account, delegate, { signal })
  return [escrowData.setDelegate({ key: delegate, limit: limit + raise, expiry })]
}

function tokensOf({ reader, account, signal }: WalletSession): Promise<bigint> {
  return reader.tokenBalance(account, { signal })
}

/** Passes on what was not said just before: a refusal is decided anew at every look. */
function onlyNews(tell: (event: TopUpEvent) => void): (event: TopUpEvent) => void {
  let last = ''
  return (event) => {
    const text = event.kind === 'topped-up' ? event.transaction : `${event.why} ${event.spent}`
    if (text !== last) tell(event)
    last = text
  }
}
