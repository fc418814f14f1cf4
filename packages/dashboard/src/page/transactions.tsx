import { explorerLink } from '@souk/settlement'
import { shownAge } from '../state/format.ts'
import { outcomeSentence } from '../state/transaction-words.ts'
import { useSession } from './session.tsx'
import { useNow } from './use-now.ts'

/** Transactions shown, the newest. */
const SHOWN = 6

/** Lists what this browser sent for the account and what became of it. */
export function Transactions() {
  const { tools, transactions } = useSession()
  const nowMs = useNow()
  return (
    <section className="card" aria-labelledby="transactions">
      <h2 id="transactions">Your transactions</h2>
      {transactions.length === 0 && <p className="empty">None sent from this browser yet.</p>}
      <ol className="rows" aria-label="Your transactions">
        {transactions.slice(0, SHOWN).map((one) => (
          <li key={one.hash} className={one.outcome.state}>
            <span>
              <strong>{one.purpose}</strong>
              <time className="hint">{shownAge((nowMs - one.sentAtMs) / 1_000)}</time>
            </span>
            <span className={one.outcome.state === 'failed' ? 'bad' : 'hint'}>
              {outcomeSentence(one.outcome)}
            </span>
            <Link href={explorerLink(tools.network, 'tx', one.hash)} hash={one.hash} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Link({ href, hash }: { href: string | undefined; hash: string }) {
  const short = `${hash.slice(0, 10)}…${hash.slice(-6)}`
  if (href === undefined) return <code title={hash}>{short}</code>
  return (
    <a href={href} target="_blank" rel="noreferrer">
      <code>{short}</code> in the explorer
    </a>
  )
}
