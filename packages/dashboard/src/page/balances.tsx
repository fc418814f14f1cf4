import { lockedInAll } from '../state/account-story.ts'
import { shownCoins, shownNumber } from '../state/format.ts'
import { useSession } from './session.tsx'
import { TestTokens } from './test-tokens.tsx'

/** What the account has, and where. */
export function Balances() {
  const { story, tools, view } = useSession()
  const { network } = tools
  const shown = (baseUnits: bigint | undefined) =>
    baseUnits === undefined ? '–' : shownNumber(baseUnits, network.tokenDecimals)
  const noGas = view !== undefined && view.native === 0n
  return (
    <section className="card balances" aria-labelledby="balance" aria-busy={view === undefined}>
      <h2 id="balance" className="unseen">
        Balance
      </h2>
      <dl>
        <Figure name="In your wallet" value={shown(view?.wallet)} unit={network.tokenSymbol} />
        <Figure name="Free in the escrow" value={shown(view?.free)} unit={network.tokenSymbol} strong />
        <Figure
          name="Locked in leases"
          value={shown(view && lockedInAll(story))}
          unit={network.tokenSymbol}
        />
      </dl>
      <p className="hint gas">
        <span className={noGas ? 'bad' : ''}>
          {view === undefined ? '–' : shownCoins(view.native)} native coins for gas
          {noGas && ': none, so this account cannot send anything yet'}
        </span>
        <span>block {view?.head.number ?? '–'}</span>
        {network.dev && <TestTokens />}
      </p>
    </section>
  )
}

function Figure(props: { name: string; value: string; unit: string; strong?: boolean }) {
  return (
    <div className={props.strong ? 'strong' : ''}>
      <dt>{props.name}</dt>
      <dd>
        <span className="number">{props.value}</span> <small>{props.unit}</small>
      </dd>
    </div>
  )
}
