import { escrowData } from '@souk/settlement'
import type { DelegateView } from '../chain/account-feed.ts'
import { checkAndSend } from '../chain/deposit.ts'
import { keysOfOpenLeases } from '../state/account-story.ts'
import { shortHex, shownAmount, shownNumber, shownRest } from '../state/format.ts'
import { ProgressLine } from './progress-line.tsx'
import { useSession } from './session.tsx'
import { useAction } from './use-action.ts'

/** Lists the keys that may lock the account's money, each with a way to revoke it. */
export function Delegates() {
  const { story, tools, view } = useSession()
  const { network } = tools
  const { busy, progress, start } = useAction()
  const now = view?.head.timestampSeconds ?? 0
  const working = keysOfOpenLeases(story)
  const shown = (view?.delegates ?? []).filter(({ key, expiry }) => expiry > now || working.has(key))
  const revoke = ({ key }: DelegateView) => {
    const data = escrowData.setDelegate({ key, limit: 0n, expiry: 0 })
    const call = { purpose: `Revocation of delegate ${shortHex(key)}`, to: network.escrow, data }
    void start((own, say) => checkAndSend(own, call, say))
  }
  return (
    <>
      {shown.length === 0 && <p className="empty">No key may lock your money.</p>}
      <ul className="rows" aria-label="Delegates in force">
        {shown.map((one) => (
          <li key={one.key}>
            <code title={one.key}>{shortHex(one.key)}</code>
            {one.expiry > now ? (
              <>
                <span>
                  {shownNumber(one.inUse, network.tokenDecimals)} of {shownAmount(one.limit, network)} locked
                  or spent
                </span>
                <span className="hint" title={new Date(one.expiry * 1_000).toLocaleString()}>
                  {shownRest(one.expiry - now)}
                </span>
                <button type="button" className="quiet" disabled={busy} onClick={() => revoke(one)}>
                  Revoke<span className="unseen"> delegate {shortHex(one.key)}</span>
                </button>
              </>
            ) : (
              <span className="hint">revoked or expired; the leases it opened go on until they end</span>
            )}
          </li>
        ))}
      </ul>
      <ProgressLine progress={progress} />
    </>
  )
}
