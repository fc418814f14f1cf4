import { explorerLink, type PlacedEvent } from '@souk/settlement'
import { describeEvent } from '../state/event-words.ts'
import { shownAge, shownNumber } from '../state/format.ts'
import { useSession } from './session.tsx'

/** Events shown, the newest. */
const SHOWN = 100

/** Tells what happens to the account on the chain, newest first, as it happens. */
export function Activity() {
  const { lookFurtherBack, tools, view } = useSession()
  const events = [...(view?.events ?? [])].reverse().slice(0, SHOWN)
  const reading = view === undefined || view.readBlock < view.head.number
  const older = view !== undefined && view.fromBlock > tools.network.deployedAt
  return (
    <section className="card" aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      {events.length === 0 && (
        <p className="empty">{reading ? 'Reading the chain…' : 'Nothing has happened yet.'}</p>
      )}
      <ol
        className="rows activity"
        aria-label="Activity"
        aria-live="polite"
        aria-relevant="additions"
        aria-busy={reading}
      >
        {events.map((event) => (
          <Line key={`${event.at.blockHash}/${event.at.index}`} placed={event} />
        ))}
      </ol>
      {view !== undefined && reading && (
        <p className="hint">
          Read up to block {view.readBlock} of {view.head.number}.
        </p>
      )}
      {older && !reading && (
        <p className="hint">
          Older blocks than {view.fromBlock} were not read.{' '}
          <button type="button" className="quiet" onClick={lookFurtherBack}>
            Look further back
          </button>
        </p>
      )}
    </section>
  )
}

function Line({ placed: { event, at } }: { placed: PlacedEvent }) {
  const { story, tools, view } = useSession()
  const { account, network } = tools
  const lease = 'lease' in event ? story.leases.get(event.lease) : undefined
  const { change, detail, title, tone } = describeEvent(event, account, lease, network)
  const seconds = view?.times.get(at.blockHash)
  const age = seconds === undefined ? '' : `${shownAge((view?.head.timestampSeconds ?? seconds) - seconds)}, `
  const href = explorerLink(network, 'tx', at.transaction)
  const block = `${age}block ${at.block}`
  return (
    <li>
      <span>
        <strong>{title}</strong>
        {change !== 0n && (
          <span className={`change ${change > 0n ? 'good' : tone}`}>
            {change > 0n ? '+' : '−'}
            {shownNumber(change > 0n ? change : -change, network.tokenDecimals)}
          </span>
        )}
      </span>
      <span className={tone === 'bad' ? 'bad' : ''}>{detail}</span>
      <span className="hint">
        {href === undefined ? (
          block
        ) : (
          <a href={href} target="_blank" rel="noreferrer">
            {block}
          </a>
        )}
      </span>
    </li>
  )
}
