import { type LeaseStory, lockedIn, penaltyOf, stageOf } from '../state/account-story.ts'
import { shortHex, shownAmount, shownRest } from '../state/format.ts'
import { useSession } from './session.tsx'

/** Leases shown, the newest. */
const SHOWN = 50

/** Lists the account's leases, on either side, newest first. */
export function Leases() {
  const { story, view } = useSession()
  const leases = [...story.leases.values()].reverse()
  return (
    <section className="card" aria-labelledby="leases" aria-busy={view === undefined}>
      <h2 id="leases">Leases</h2>
      {leases.length === 0 ? (
        <p className="empty">None yet. Leases appear here as they are opened, paid and closed.</p>
      ) : (
        <ul className="rows leases" aria-label="Leases">
          {leases.slice(0, SHOWN).map((lease) => (
            <Lease key={lease.lease} lease={lease} />
          ))}
        </ul>
      )}
      {leases.length > SHOWN && <p className="hint">{leases.length - SHOWN} older ones are not shown.</p>}
    </section>
  )
}

function Lease({ lease }: { lease: LeaseStory }) {
  const { tools, view } = useSession()
  const { network } = tools
  const head = view?.head.number ?? 0
  const stage = stageOf(lease, head)
  const penalty = penaltyOf(lease)
  const other = lease.role === 'buying' ? lease.quote.provider : lease.quote.requester
  const rest = shownRest((lease.endBlock - head) * network.blockSeconds)
  const facts = [
    `${shownAmount(lease.paid, network)} paid`,
    stage === 'closed' ? '' : `${shownAmount(lockedIn(lease), network)} locked`,
    penalty > 0n ? `penalty ${shownAmount(penalty, network)}` : '',
    lease.seized ? 'result bond seized' : '',
  ]
  return (
    <li>
      <code title={lease.lease}>{shortHex(lease.lease)}</code>
      <span className={`badge ${stage}`}>{stage === 'open' ? `open, ${rest}` : stage}</span>
      <span>
        {lease.role === 'buying' ? 'bought from' : 'sold to'} <code title={other}>{shortHex(other)}</code>
      </span>
      <span className="hint">{facts.filter((fact) => fact !== '').join(' · ')}</span>
    </li>
  )
}
