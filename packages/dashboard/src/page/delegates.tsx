import { escrowData } from '@souk/settlement'
import type { DelegateView } from '../chain/account-feed.ts'
import { checkAndSend } from '../chain/deposit.ts'
import { shortHex, shownAmount, shownRest } from '../state/format.ts'
import { ProgressLine } from './progress-line.tsx'
import { useSession } from './session.tsx'
import { useAction } from './use-action.ts'

/** Lists the keys that may lock the account's money, each with a way to revoke it. */
export function Delegates() {
  const { tools, view } = useSession()
  const { network } = tools
  const { busy, progress, start } = useAction()
  const now = view?.head.timestampSeconds ?? 0
  const live = (view?.delegates ?? []).filter((one) => one.expiry > now || one.inUse > 0n)
  const revoke = ({ key }: DelegateView) => {
    const data = escrowData.setDelegate({ key, limit: 0n, expiry: 0 })
    const call = { purpose: `Revocation of delegate ${shortHex(key)}`, to: network.escrow, data }
    void start((own, say) => checkAndSend(own, call, say))
  }
  if (live.length === 0 && progress.stage === 'idle')
    return <p className="empty">No key may lock your money.</p>
  return (
    <>
      <ul className="rows" aria-label="Delegates in force">
        {live.map((one) => (
          <li key={one.key}>
            <code title={one.key}>{shortHex(one.key)}</code>
            <span>
              {shownAmount(one.inUse, network)} of {shownAmount(one.limit, network)} in use
            </span>
            <span className="hint" title={new Date(one.expiry * 1_000).toLocaleString()}>
              {one.expiry > now
                ? shownRest(one.expiry - now)
                : 'revoked or expired; what it locked comes back when its leases close'}
            </span>
            {one.expiry > now && (
              <button type="button" className="quiet" disabled={busy} onClick={() => revoke(one)}>
                Revoke<span className="unseen"> delegate {shortHex(one.key)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <ProgressLine progress={progress} />
    </>
  )
}
